import { afterAll, describe, expect, it } from 'vitest';
import { predictRawScores } from '../../src/gbdt/predictor.ts';
import { exportOnnx } from '../../src/onnx/export-onnx.ts';
import { createScorer } from '../../src/scoring/onnx-scorer.ts';
import { ScoringPool } from '../../src/scoring/scoring-pool.ts';
import { growTrees, makeDataset } from '../helpers/learner.ts';
import { seededRandom } from '../helpers/random-trees.ts';

const dataset = (rows: number) =>
  makeDataset({ rows, features: 5, levels: 1000, missingShare: 0.1, isWeighted: false }, seededRandom(7));
const { weights: _, labels: __, ...features } = dataset(60_001);
const onnx = exportOnnx(growTrees(dataset(2000), { n_estimators: 20 }, { kernel: 'plain' }), {
  model: 'test',
});
const pools: ScoringPool[] = [];
afterAll(() => Promise.all(pools.map((pool) => pool[Symbol.asyncDispose]())));

async function scorerOn(threads: number) {
  const pool = new ScoringPool(threads);
  pools.push(pool);
  return pool.widen(await createScorer(onnx));
}

describe('scoring a large batch on several threads', () => {
  it('gives the same bytes as one thread, however the batch is split', async () => {
    const alone = await (await createScorer(onnx)).score(features);
    for (const threads of [1, 2, 3]) {
      const scorer = await scorerOn(threads);
      expect(Buffer.from((await scorer.score(features)).buffer).equals(Buffer.from(alone.buffer))).toBe(true);
    }
  });

  it('gives the same scores to rank by, and the same probabilities with them', async () => {
    const { trees: rankingTrees } = growTrees(dataset(1000), { n_estimators: 4 }, { kernel: 'plain' });
    const ensemble = growTrees(dataset(1000), { n_estimators: 3 }, { kernel: 'plain' });
    const ranking = exportOnnx({ ...ensemble, rankingTrees }, { model: 'ranking' });
    const alone = await createScorer(ranking);
    const pool = new ScoringPool(3);
    pools.push(pool);
    const pooled = await pool.widen(alone).rank(features);
    expect(pooled.probabilities).toEqual(await alone.score(features));
    expect(await alone.rank(features)).toEqual(pooled);
    const withoutRanking = await createScorer(exportOnnx(ensemble, { model: 'plain' }));
    const plain = await withoutRanking.rank(features);
    expect(plain.rankScores).not.toEqual(pooled.rankScores);
    expect(plain.rankScores).toEqual(Float64Array.from(predictRawScores(ensemble, features)));
  });

  it('keeps two models apart that are used in turn', async () => {
    const other = exportOnnx(growTrees(dataset(1000), { n_estimators: 3 }, { kernel: 'plain' }), {
      model: 'other',
    });
    const pool = new ScoringPool(2);
    pools.push(pool);
    const [one, two] = [pool.widen(await createScorer(onnx)), pool.widen(await createScorer(other))];
    const scores = await Promise.all([one, two, one, two].map((scorer) => scorer.score(features)));
    expect(scores[2]).toEqual(scores[0]);
    expect(scores[3]).toEqual(scores[1]);
    expect(scores[1]).not.toEqual(scores[0]);
  });

  it('stops when its call is cancelled, and scores the next one', async () => {
    const scorer = await scorerOn(2);
    const controller = new AbortController();
    const scoring = scorer.score(features, controller.signal);
    controller.abort();
    await expect(scoring).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(scorer.score(features)).resolves.toHaveLength(60_001);
  });

  it('says what is wrong with rows that the model cannot score', async () => {
    const scorer = await scorerOn(2);
    const renamed = { ...features, featureNames: ['a', 'b', 'c', 'd', 'e'] };
    await expect(scorer.score(renamed)).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'The model cannot score these rows: feature 1 should be f0 and is a.',
    });
  });
});
