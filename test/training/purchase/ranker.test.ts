import { describe, expect, it } from 'vitest';
import { sharedColumnOf } from '../../../src/dataset/column-rows.ts';
import { seededRandom } from '../../../src/dataset/seeded-random.ts';
import type { BoosterRequest } from '../../../src/gbdt/booster.ts';
import { readBoosterParams } from '../../../src/gbdt/params.ts';
import { predictRawScores } from '../../../src/gbdt/predictor.ts';
import { rankScoresOf } from '../../../src/gbdt/raw-scores.ts';
import { beginRanking, withRanking } from '../../../src/training/purchase/ranker.ts';
import { createFakeRegistry } from '../../helpers/fake-registry.ts';
import { createInProcessTrainer } from '../../helpers/in-process-trainer.ts';
import { treeOf } from '../../helpers/random-trees.ts';

const CUSTOMERS = 60;
const PRODUCTS = 12;
const plan = { params: readBoosterParams({ n_estimators: 10 }), horizonDays: 30 };

/** Customers buy what they like; every third product is one they bought before. */
function rowsOf(isBought: (liking: number, draw: number) => boolean) {
  const random = seededRandom(3);
  const count = CUSTOMERS * PRODUCTS;
  const customers = Uint32Array.from({ length: count }, (_, row) => Math.floor(row / PRODUCTS));
  const timesBought = Float32Array.from({ length: count }, (_, row) => (row % 3 === 0 ? 2 : 0));
  const liking = Float32Array.from({ length: count }, () => random());
  return {
    customers,
    folds: new Uint8Array(count),
    dataset: {
      featureNames: ['times_bought', 'liking'],
      rowCount: count,
      columns: [sharedColumnOf(timesBought), sharedColumnOf(liking)],
      labels: sharedColumnOf(liking.map((each) => Number(isBought(each, random())))),
      weights: sharedColumnOf(timesBought.map((times) => (times > 0 ? 1 : 7))),
    },
  };
}

const tree = treeOf({
  feature: 0,
  threshold: 1,
  defaultLeft: true,
  left: { leaf: -1 },
  right: { leaf: 2 },
});
const ensemble = { featureNames: ['times_bought', 'liking'], baseScore: 0.5, trees: [tree] };

function environment() {
  const trainer = createInProcessTrainer();
  const requests: BoosterRequest[] = [];
  const train = (request: BoosterRequest) => {
    requests.push(request);
    return trainer.train(request);
  };
  const now = () => new Date(0);
  return { requests, env: { registry: createFakeRegistry(), trainer: { ...trainer, train }, now } };
}

describe('a ranker of products', () => {
  it('learns from a list of all products and one of the new products of each customer, in their order', async () => {
    const rows = rowsOf((liking, draw) => liking * draw > 0.3);
    const { requests, env } = environment();
    await beginRanking(rows, plan, env);
    const [{ train, listStarts }] = requests;
    const starts = [...(listStarts ?? []), train.rowCount];
    expect(starts.length).toBeGreaterThan(CUSTOMERS);
    const lengths = new Set(starts.slice(1).map((start, list) => start - starts[list]));
    expect(lengths).toEqual(new Set([PRODUCTS, (PRODUCTS * 2) / 3]));
    for (const [list, start] of starts.slice(0, -1).entries()) {
      const labels = train.labels.subarray(start, starts[list + 1]);
      expect(new Set(labels).size).toBe(2);
      const isOfNew = starts[list + 1] - start < PRODUCTS;
      expect(train.columns[0].subarray(start, starts[list + 1]).includes(2)).toBe(!isOfNew);
    }
    expect(train.weights).toBeUndefined();
  });

  it('puts what is bought first, counts as much as the log-odds and leaves them as they are', async () => {
    const rows = rowsOf((liking, draw) => liking * draw > 0.3);
    const { dataset } = rows;
    const ranked = await withRanking(ensemble, rows.dataset, beginRanking(rows, plan, environment().env));
    const rawScores = predictRawScores(ensemble, dataset);
    expect(predictRawScores(ranked, dataset)).toEqual(rawScores);
    const added = rankScoresOf(ranked, new Float32Array(dataset.rowCount), dataset);
    expect(spreadOf(added, dataset.weights)).toBeCloseTo(spreadOf(rawScores, dataset.weights), 4);
    const meanWhere = (label: number) => {
      const scores = [...added].filter((_, row) => dataset.labels[row] === label);
      return scores.reduce((sum, score) => sum + score, 0) / scores.length;
    };
    expect(meanWhere(1)).toBeGreaterThan(meanWhere(0) + 1);
  });

  it('leaves an ensemble as it is if nothing was bought', async () => {
    const rows = rowsOf(() => false);
    expect(await withRanking(ensemble, rows.dataset, beginRanking(rows, plan, environment().env))).toBe(
      ensemble,
    );
  });
});

function spreadOf(scores: ArrayLike<number>, weights: Float32Array): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = weights.reduce((sum, weight, row) => sum + weight * scores[row], 0) / total;
  return Math.sqrt(weights.reduce((sum, weight, row) => sum + weight * (scores[row] - mean) ** 2, 0) / total);
}
