import { describe, expect, it } from 'vitest';
import { fitLogisticRegression, predictLogistic } from '../../src/baselines/logistic-regression.ts';
import { logisticTrees } from '../../src/baselines/logistic-trees.ts';
import type { LabelledDataset } from '../../src/dataset/feature-matrix.ts';
import { predictRawScores } from '../../src/gbdt/predictor.ts';
import { makeDataset, shared } from '../helpers/learner.ts';
import { seededRandom } from '../helpers/random-trees.ts';

function differences(dataset: LabelledDataset): number[] {
  const model = fitLogisticRegression(dataset);
  const scores = predictRawScores(logisticTrees(model, dataset), dataset);
  const probabilities = predictLogistic(model, dataset);
  return Array.from(scores, (score, row) => Math.abs(1 / (1 + Math.exp(-score)) - probabilities[row]));
}

describe('a logistic regression as trees', () => {
  it('gives the same probabilities for columns with few distinct values, missing ones included', () => {
    const options = { rows: 3000, features: 4, levels: 200, missingShare: 0.1, isWeighted: false };
    const dataset = makeDataset(options, seededRandom(3));
    expect(Math.max(...differences(dataset))).toBeLessThan(1e-6);
  });

  it('differs from the probabilities by at most one step if all values differ', () => {
    const random = seededRandom(5);
    const amounts = shared(Array.from({ length: 5000 }, () => Math.exp(4 * random())));
    const labels = shared(Array.from(amounts, (amount) => (random() * 60 < amount ? 1 : 0)));
    const found = differences({ featureNames: ['amount'], rowCount: 5000, columns: [amounts], labels });
    expect(Math.max(...found)).toBeLessThan(0.02);
    expect(found.reduce((sum, one) => sum + one, 0) / found.length).toBeLessThan(0.003);
  });

  it('has no tree for a constant column, and its covers add up', () => {
    const column = shared(Array.from({ length: 100 }, (_, row) => row % 7));
    const dataset = {
      featureNames: ['x', 'same'],
      rowCount: 100,
      columns: [column, shared(new Float32Array(100).fill(4))],
      labels: shared(Array.from({ length: 100 }, (_, row) => (row % 7 > 3 ? 1 : 0))),
    };
    const { trees } = logisticTrees(fitLogisticRegression(dataset), dataset);
    expect(trees).toHaveLength(1);
    const [{ splitFeatures, leftChildren, rightChildren, covers }] = trees;
    expect(splitFeatures.filter((feature) => feature < 0)).toHaveLength(7);
    for (const [node, feature] of splitFeatures.entries()) {
      if (feature < 0) continue;
      expect(covers[node]).toBeCloseTo(covers[leftChildren[node]] + covers[rightChildren[node]], 5);
    }
  });
});
