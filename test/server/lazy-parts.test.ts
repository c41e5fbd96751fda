import { expect, it } from 'vitest';
import { fitLogisticRegression } from '../../src/baselines/logistic-regression.ts';
import { logisticTrees } from '../../src/baselines/logistic-trees.ts';
import { createLazyTrainer } from '../../src/server/lazy-parts.ts';
import { makeDataset } from '../helpers/learner.ts';
import { seededRandom } from '../helpers/random-trees.ts';

it('fits regressions on its threads, as the trainer that it stands for does', async () => {
  const shape = { rows: 500, features: 3, levels: 50, missingShare: 0.1, isWeighted: false };
  const rows = makeDataset(shape, seededRandom(5));
  await using trainer = createLazyTrainer({ home: '' });
  const ensemble = await trainer.regress(rows);
  expect(ensemble).toEqual(logisticTrees(fitLogisticRegression(rows), rows));
});
