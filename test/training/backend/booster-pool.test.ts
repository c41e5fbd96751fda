import { readdirSync, readFileSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { fitLogisticRegression } from '../../../src/baselines/logistic-regression.ts';
import { logisticTrees } from '../../../src/baselines/logistic-trees.ts';
import type { LabelledDataset } from '../../../src/dataset/feature-matrix.ts';
import { type BoosterOptions, boosterParamsSchema } from '../../../src/gbdt/params.ts';
import { predictRawScores } from '../../../src/gbdt/predictor.ts';
import { createBoosterTrainer } from '../../../src/training/backend/booster-pool.ts';
import { shared } from '../../helpers/learner.ts';

/** Rows with ties, missing values and weights, whose label depends on the first two features. */
function makeDataset(rowCount: number, featureCount: number, seed = 1): LabelledDataset {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const columns = Array.from({ length: featureCount }, (_, feature) =>
    shared(
      Float32Array.from({ length: rowCount }, () => {
        if (random() < 0.05) return Number.NaN;
        return feature % 2 === 0 ? Math.floor(random() * 7) : random() * 10 - 5;
      }),
    ),
  );
  const signal = (row: number) => (columns[0][row] || 3) - 3 + (columns[1 % featureCount][row] || 0) / 2;
  const labels = shared(
    Float32Array.from({ length: rowCount }, (_, row) =>
      random() < 1 / (1 + Math.exp(-signal(row))) ? 1 : 0,
    ),
  );
  const weights = shared(Float32Array.from({ length: rowCount }, () => 0.5 + random()));
  return { featureNames: columns.map((_, i) => `f${i}`), rowCount, columns, labels, weights };
}

async function train(
  threads: number,
  dataset: LabelledDataset,
  options: BoosterOptions,
  isValidated = false,
) {
  await using trainer = createBoosterTrainer({ threads });
  const validation = isValidated ? makeDataset(5000, dataset.featureNames.length, 99) : undefined;
  return trainer.train({
    train: dataset,
    params: boosterParamsSchema.parse(options),
    ...(validation && { validation }),
  });
}

/** How nice each thread of this process is to others. Only Linux tells. */
function nicenessOfThreads(): number[] {
  return readdirSync('/proc/self/task').map((thread) => {
    const fields = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ')[1].split(' ');
    return Number(fields[16]);
  });
}

describe('training on a pool of threads', () => {
  it.skipIf(process.platform !== 'linux').each([
    [true, 10],
    [false, 0],
  ])(
    'lets other threads go first if a server asks for it (%s), and grows the same trees',
    async (yields, most) => {
      await using trainer = createBoosterTrainer({ threads: 2, yields });
      const params = boosterParamsSchema.parse({ n_estimators: 3 });
      const dataset = makeDataset(500, 3);
      const result = await trainer.train({ train: dataset, params });
      expect(Math.max(...nicenessOfThreads())).toBe(most);
      expect(result.ensemble).toEqual((await train(2, dataset, { n_estimators: 3 })).ensemble);
    },
  );

  it('gives the same bytes on 1, 2, 3, 4 and 7 threads', async () => {
    const dataset = makeDataset(6000, 5);
    const options = {
      n_estimators: 12,
      max_depth: 5,
      subsample: 0.7,
      colsample_bytree: 0.7,
      early_stopping_rounds: 4,
    };
    const alone = await train(1, dataset, options, true);
    expect(alone.validationLogLoss.length).toBeGreaterThan(4);
    for (const threads of [2, 3, 4, 7]) {
      expect(await train(threads, dataset, options, true)).toEqual(alone);
    }
  });

  it('works with more threads than rows', async () => {
    const dataset = makeDataset(40, 2);
    expect(await train(5, dataset, { n_estimators: 3 })).toEqual(
      await train(1, dataset, { n_estimators: 3 }),
    );
  });

  it('stops early, and keeps the trees up to the best', async () => {
    const { validationLogLoss, ensemble, bestIteration } = await train(
      2,
      makeDataset(300, 3),
      { n_estimators: 400, learning_rate: 0.5, early_stopping_rounds: 5 },
      true,
    );
    expect(validationLogLoss.length).toBeLessThan(400);
    expect(bestIteration).toBe(validationLogLoss.indexOf(Math.min(...validationLogLoss)) + 1);
    expect(ensemble.trees).toHaveLength(bestIteration);
  });

  it('makes a tree of one leaf if nothing can be learnt, and a deep one if much can', async () => {
    const dataset = makeDataset(500, 3);
    const constant = {
      ...dataset,
      columns: dataset.columns.map(({ length }) => shared(new Float32Array(length))),
    };
    const { ensemble, featureImportance } = await train(2, constant, { n_estimators: 2 });
    expect(ensemble.trees.map(({ leafValues }) => leafValues.length)).toEqual([1, 1]);
    expect(featureImportance).toEqual([0, 0, 0]);
    const deep = await train(2, dataset, {
      n_estimators: 2,
      max_depth: 20,
      min_child_weight: 0,
      reg_lambda: 0,
    });
    expect(deep.ensemble.trees[0].leafValues.length).toBeGreaterThan(200);
  });

  it('separates the labels by their scores, on one feature and on three hundred', async () => {
    for (const features of [1, 300]) {
      const dataset = makeDataset(2000, features);
      const { ensemble, featureImportance } = await train(2, dataset, { n_estimators: 20 });
      const scores = predictRawScores(ensemble, dataset);
      const mean = (label: number) => {
        const own = [...scores].filter((_, row) => dataset.labels[row] === label);
        return own.reduce((sum, score) => sum + score, 0) / own.length;
      };
      expect(mean(1) - mean(0)).toBeGreaterThan(0.5);
      expect(featureImportance.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    }
  });

  it('runs two trainings side by side, and both are right', async () => {
    await using trainer = createBoosterTrainer({ threads: 2 });
    const params = boosterParamsSchema.parse({ n_estimators: 5 });
    const first = makeDataset(1000, 3);
    const second = makeDataset(1000, 3, 5);
    const [a, b] = await Promise.all([
      trainer.train({ train: first, params }),
      trainer.train({ train: second, params }),
    ]);
    expect(a).toEqual(await train(1, first, { n_estimators: 5 }));
    expect(b).toEqual(await train(1, second, { n_estimators: 5 }));
  });

  it('fits a regression beside a training, as this thread would', async () => {
    await using trainer = createBoosterTrainer({ threads: 2 });
    const [first, second] = [makeDataset(1000, 3), makeDataset(1000, 3, 5)];
    const [trained, regression] = await Promise.all([
      trainer.train({ train: first, params: boosterParamsSchema.parse({ n_estimators: 5 }) }),
      trainer.regress?.(second),
    ]);
    expect(trained).toEqual(await train(1, first, { n_estimators: 5 }));
    expect(regression).toEqual(logisticTrees(fitLogisticRegression(second), second));
  });

  it('gives the same as a fresh pool, even in memory that other trainings have used', async () => {
    await using trainer = createBoosterTrainer({ threads: 3 });
    const shapes = [
      { rows: 2048, features: 3, max_depth: 6 },
      { rows: 2033, features: 3, max_depth: 6 },
      { rows: 1500, features: 7, max_depth: 3 },
      { rows: 17, features: 12, max_depth: 4 },
      { rows: 1999, features: 3, max_depth: 9 },
      { rows: 900, features: 20, max_depth: 2 },
    ];
    for (const { rows, features, max_depth } of shapes) {
      const dataset = makeDataset(rows, features, rows);
      const options = { n_estimators: 15, max_depth };
      const params = boosterParamsSchema.parse(options);
      expect(await trainer.train({ train: dataset, params })).toEqual(await train(1, dataset, options));
    }
  });

  it('reports every tree in order', async () => {
    await using trainer = createBoosterTrainer({ threads: 2 });
    const seen: number[] = [];
    await trainer.train({
      train: makeDataset(500, 2),
      params: boosterParamsSchema.parse({ n_estimators: 6 }),
      onTree: ({ tree, total }) => seen.push(tree / total),
    });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6].map((tree) => tree / 6));
  });
});

describe('training several boosters side by side', () => {
  it('gives the same trees as each alone, in the order asked for, without those no longer wanted', async () => {
    const dataset = makeDataset(900, 4);
    const requests = [2, 3, 4, 5].map((max_depth) => ({
      train: dataset,
      validation: dataset,
      params: boosterParamsSchema.parse({ n_estimators: 8, max_depth }),
    }));
    await using trainer = createBoosterTrainer({ threads: 3 });
    const done: number[] = [];
    const results = await trainer.trainEach(requests, {
      isWanted: (index) => index !== 2,
      onDone: (count) => done.push(count),
    });
    expect(done).toEqual([1, 2, 3]);
    expect(results[2]).toBeUndefined();
    for (const index of [0, 1, 3]) {
      expect(results[index]).toEqual(await trainer.train(requests[index]));
    }
  });

  it('ends all of them when it is cancelled', async () => {
    const controller = new AbortController();
    const requests = [1, 2, 3].map(() => ({
      train: makeDataset(3000, 4),
      params: boosterParamsSchema.parse({ n_estimators: 5000, max_depth: 6 }),
      signal: controller.signal,
      onTree: () => controller.abort(),
    }));
    await using trainer = createBoosterTrainer({ threads: 2 });
    await expect(trainer.trainEach(requests)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('a training that ends early', () => {
  const dataset = makeDataset(20_000, 8);
  const params = boosterParamsSchema.parse({ n_estimators: 5000 });
  const trainer = createBoosterTrainer({ threads: 2 });
  afterAll(() => trainer[Symbol.asyncDispose]());

  it('ends within a few trees after a cancel, and the pool stays usable', async () => {
    const cancel = new AbortController();
    let trees = 0;
    const training = trainer.train({
      train: dataset,
      params,
      signal: cancel.signal,
      onTree: ({ tree }) => {
        trees = tree;
        if (tree === 2) cancel.abort();
      },
    });
    await expect(training).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(trees).toBeLessThan(500);
    const next = await trainer.train({ train: dataset, params: { ...params, n_estimators: 2 } });
    expect(next.ensemble.trees).toHaveLength(2);
  });

  it('can be cancelled before it begins, while it waits, and while memory is prepared for it', async () => {
    await using own = createBoosterTrainer({ threads: 2 });
    const short = { ...params, n_estimators: 20 };
    await expect(
      own.train({ train: dataset, params: short, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'CANCELLED' });

    const first = own.train({ train: makeDataset(500, 2), params: short });
    const queued = new AbortController();
    const second = own.train({ train: dataset, params: short, signal: queued.signal });
    queued.abort();
    await expect(second).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await first).ensemble.trees).toHaveLength(20);

    const changing = new AbortController();
    const third = own.train({ train: makeDataset(20_000, 40), params: short, signal: changing.signal });
    setImmediate(() => changing.abort());
    await expect(third).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it.each([0, 1, 2])(
    'says so if thread %i is lost, and the pool continues with a new thread',
    async (victim) => {
      const workers: Worker[] = [];
      const watch = (worker: Worker) => workers.push(worker);
      process.on('worker', watch);
      await using own = createBoosterTrainer({ threads: 3 });
      const training = own.train({
        train: dataset,
        params,
        onTree: ({ tree }) => {
          if (tree === 2) void workers[victim].terminate();
        },
      });
      await expect(training).rejects.toMatchObject({ code: 'WORKER_LOST' });
      process.off('worker', watch);
      expect(workers.length).toBeGreaterThanOrEqual(3);
      const small = makeDataset(500, 3);
      const next = await own.train({ train: small, params: { ...params, n_estimators: 3 } });
      expect(next).toEqual(await train(1, small, { n_estimators: 3 }));
    },
  );

  it('does not hang if its pool is closed', async () => {
    const doomed = createBoosterTrainer({ threads: 2 });
    const training = doomed.train({
      train: dataset,
      params,
      onTree: ({ tree }) => {
        if (tree === 2) void doomed[Symbol.asyncDispose]();
      },
    });
    await expect(training).rejects.toMatchObject({ code: 'WORKER_LOST' });
  });

  it.each([
    ['an infinite value', { columns: [shared([Number.POSITIVE_INFINITY]), shared([1])] }],
    ['a label that is neither 0 nor 1', { labels: shared([2]) }],
    ['columns of other lengths', { columns: [shared([1, 2]), shared([1])] }],
    ['a label that is missing', { labels: shared([Number.NaN]) }],
    ['more labels than rows', { labels: shared([1, 0]) }],
    ['negative weights', { weights: shared([-1]) }],
    ['weights that are missing', { weights: shared([Number.NaN]) }],
    ['fewer columns than names', { columns: [shared([1])] }],
  ])('refuses %s', async (_, change) => {
    const one = {
      featureNames: ['a', 'b'],
      rowCount: 1,
      columns: [shared([1]), shared([2])],
      labels: shared([1]),
    };
    await expect(trainer.train({ train: { ...one, ...change }, params })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('refuses no rows at all', async () => {
    const empty = { featureNames: ['a'], rowCount: 0, columns: [shared([])], labels: shared([]) };
    await expect(trainer.train({ train: empty, params })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
