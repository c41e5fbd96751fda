import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { sharedColumnOf } from '../../../../src/dataset/column-rows.ts';
import type { LabelledDataset } from '../../../../src/dataset/feature-matrix.ts';
import { boosterParamsSchema } from '../../../../src/gbdt/params.ts';
import type { RayOptions } from '../../../../src/training/backend/ray/ray-job.ts';
import { createRayTrainer } from '../../../../src/training/backend/ray/ray-trainer.ts';
import { libraryVersions } from '../../../../src/training/library-versions.ts';
import { type RayStep, startTestRay } from '../../../helpers/ray-server.ts';

const TOKEN = 'a-token-for-this-test';
const model = readFileSync(
  new URL('../../../fixtures/xgboost-models/3.2.0/early-stopping.ubj', import.meta.url),
);

const FEATURES = ['total_orders', 'total_spent', 'tenure_days', 'rate'];
const rows: LabelledDataset = {
  featureNames: FEATURES,
  rowCount: 4,
  columns: FEATURES.map((_, i) => sharedColumnOf([i, 1, 2, 3])),
  labels: sharedColumnOf([0, 1, 0, 1]),
};
const params = boosterParamsSchema.parse({ n_estimators: 30 });

const line = (message: object, from = '') => `${from}churn-mcp ${JSON.stringify(message)}\n`;
const worker = '\u001b[36m(RayTrainWorker pid=12)\u001b[0m ';
const begin = `2026-01-31 INFO -- Runtime env is setting up.\n${line({ kind: 'begin', workers: 2 })}`;
const round = (n: number) => line({ kind: 'round', round: n, logloss: 0.5 / n, auc: 0.8 }, worker);
const packed = gzipSync(model).toString('base64');
const versionsLine = line({ kind: 'versions', ray: '2.60.0', xgboost: '3.2.0' });
const half = Math.ceil(packed.length / 2);
const result = [
  line({ kind: 'model', number: 0, of: 2, data: packed.slice(0, half) }),
  line({ kind: 'model', number: 1, of: 2, data: packed.slice(half) }),
  line({ kind: 'end', validation_log_loss: [0.5, 0.25] }),
].join('');

async function withRay<Result>(
  steps: readonly RayStep[],
  use: (ray: Awaited<ReturnType<typeof startTestRay>>, options: RayOptions) => Promise<Result>,
  version?: string,
): Promise<Result> {
  await using ray = await startTestRay(TOKEN, steps, version);
  return await use(ray, {
    address: ray.address,
    token: TOKEN,
    workers: 2,
    cpusPerWorker: 1,
    storage: undefined,
    deadlineMs: 60_000,
  });
}

describe('a training on Ray', () => {
  it('uploads a package, follows the log line by line, and downloads the trees', async () => {
    const twoRounds = begin + round(1) + round(2);
    const steps: RayStep[] = [
      { status: 'PENDING', logs: '' },
      // In the middle of a line.
      { status: 'RUNNING', logs: twoRounds.slice(0, -7) },
      { status: 'RUNNING', logs: twoRounds + round(2) },
      { status: 'SUCCEEDED', logs: twoRounds + round(2) + result },
    ];
    await withRay(steps, async (ray, options) => {
      const trees: number[] = [];
      const found = await createRayTrainer(options).train({
        train: rows,
        validation: rows,
        params,
        onTree: ({ tree }) => trees.push(tree),
      });
      expect(trees).toEqual([1, 2]);
      expect(found.ensemble.featureNames).toEqual(FEATURES);
      expect(found.bestIteration).toBe(found.ensemble.trees.length);
      expect(found.validationLogLoss).toEqual([0.5, 0.25]);
      expect(ray.asked.slice(0, 4)).toEqual([
        'GET /api/version',
        'PUT /api/packages/gcs/X.zip',
        'POST /api/jobs/',
        'GET /api/jobs/X',
      ]);
      expect(Object.keys(ray.files()).sort()).toEqual([
        'request.json',
        'train.parquet',
        'train_booster.py',
        'validation.parquet',
      ]);
      expect(JSON.parse(ray.files()['request.json'])).toMatchObject({
        features: ['f0', 'f1', 'f2', 'f3'],
        rounds: 30,
        workers: 2,
        params: { objective: 'binary:logistic', max_depth: 6, seed: 42 },
      });
      expect(ray.submitted()?.entrypoint).toBe('python train_booster.py');
    });
  });

  it('learns the versions of Ray and XGBoost for the card', async () => {
    await withRay([{ status: 'SUCCEEDED', logs: versionsLine + begin + result }], async (_, options) => {
      const trainer = createRayTrainer(options);
      await trainer.train({ train: rows, params });
      expect(libraryVersions(trainer)).toMatchObject({ ray: '2.60.0', xgboost: '3.2.0' });
    });
  });

  it('stops the job when it is cancelled', async () => {
    await withRay([{ status: 'RUNNING', logs: begin + round(1) }], async (ray, options) => {
      const cancelling = new AbortController();
      const training = createRayTrainer(options).train({
        train: rows,
        params,
        signal: cancelling.signal,
        onTree: () => cancelling.abort(),
      });
      await expect(training).rejects.toMatchObject({ code: 'CANCELLED' });
      expect(ray.asked).toContain('POST /api/jobs/X/stop');
    });
  });

  it('stops a job that takes too long', async () => {
    await withRay([{ status: 'RUNNING', logs: begin }], async (ray, options) => {
      const training = createRayTrainer({ ...options, deadlineMs: 1 }).train({ train: rows, params });
      await expect(training).rejects.toMatchObject({ code: 'RAY_JOB_FAILED' });
      expect(ray.asked).toContain('POST /api/jobs/X/stop');
    });
  });

  it.each([
    [
      { status: 'FAILED', message: 'ray.exceptions.OutOfMemoryError: Task was killed' },
      'A node of the Ray cluster ran out of memory. Nothing was registered.',
    ],
    [
      { status: 'FAILED', message: "ModuleNotFoundError: No module named 'xgboost'" },
      'The Ray cluster lacks a Python package that the training needs. Nothing was registered.',
    ],
    [
      { status: 'FAILED', message: 'FileNotFoundError: /mnt/rows/job-1/train.parquet' },
      'The Ray cluster cannot read or write the storage of the rows. Nothing was registered.',
    ],
    [
      { status: 'FAILED', message: 'RuntimeError: Unable to set up cluster storage with the following' },
      'The Ray cluster cannot read or write the storage of the rows. Nothing was registered.',
    ],
    [
      { status: 'FAILED', message: 'There is no room in the BOOMERANG queue' },
      'The training on Ray failed. Nothing was registered.',
    ],
    [{ status: 'FAILED', message: 'exit code 1' }, 'The training on Ray failed. Nothing was registered.'],
    [{ status: 'STOPPED' }, 'Somebody stopped the Ray job. Nothing was registered.'],
    [{ status: 'SUCCEEDED' }, 'The Ray job ended without giving its model. Nothing was registered.'],
  ] as const)('says so if the job ends as %j', async (end, message) => {
    await withRay([{ logs: begin, ...end }], async (_, options) => {
      const training = createRayTrainer(options).train({ train: rows, params });
      await expect(training).rejects.toMatchObject({ code: 'RAY_JOB_FAILED', message });
    });
  });

  it('continues if the cluster did not answer for a moment', async () => {
    const steps: RayStep[] = [
      { status: 'RUNNING', logs: begin },
      { status: 'SILENT', logs: '' },
      { status: 'SUCCEEDED', logs: begin + result },
    ];
    await withRay(steps, async (_, options) => {
      const { ensemble } = await createRayTrainer(options).train({ train: rows, params });
      expect(ensemble.featureNames).toEqual(FEATURES);
    });
  });

  it.each([
    ['GONE', 'The Ray cluster does not know the job any more. Nothing was registered.'],
    ['SILENT', 'The Ray cluster stopped answering while the job ran. Nothing was registered.'],
  ] as const)('says that the job is lost if it is %s with its head node', async (status, message) => {
    await withRay(
      [
        { status: 'RUNNING', logs: begin },
        { status, logs: '' },
      ],
      async (_, options) => {
        const training = createRayTrainer({ ...options, lostAfterMs: 100 }).train({ train: rows, params });
        await expect(training).rejects.toMatchObject({ code: 'RAY_JOB_LOST', message });
      },
    );
  });

  it.each([
    [404, 'Not Found'],
    [200, '<html>'],
    [200, '{"version": 3}'],
  ])('says that a server that answers %i %s is not Ray', async (status, text) => {
    const other = createServer((_, response) => response.writeHead(status).end(text));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = z.object({ port: z.number() }).parse(other.address());
    const address = new URL(`http://127.0.0.1:${port}`);
    await withRay([], async (_, options) => {
      const training = createRayTrainer({ ...options, address }).train({ train: rows, params });
      await expect(training).rejects.toMatchObject({
        code: 'RAY_UNREACHABLE',
        message: 'The server that answers is not a Ray dashboard.',
      });
    });
  });

  it('gives no model if an unsupported XGBoost trained it', async () => {
    const strange = gzipSync(model.map((byte, at) => (at < 40 ? 0 : byte))).toString('base64');
    const logs = line({ kind: 'model', number: 0, of: 1, data: strange }) + result.split('\n')[2];
    await withRay([{ status: 'SUCCEEDED', logs: `${logs}\n` }], async (_, options) => {
      const training = createRayTrainer(options).train({ train: rows, params });
      await expect(training).rejects.toMatchObject({ code: 'MODEL_REFUSED' });
    });
  });

  it.each([
    [undefined, 'The Ray cluster requires a token.'],
    ['another-token', 'The Ray cluster refuses the token.'],
  ])('says that the token is refused: %s', async (token, message) => {
    await withRay([], async (_, options) => {
      const training = createRayTrainer({ ...options, token }).train({ train: rows, params });
      await expect(training).rejects.toMatchObject({ code: 'RAY_REFUSED', message });
    });
  });

  it('says that the shared folder does not exist', async () => {
    await withRay([], async (_, options) => {
      const training = createRayTrainer({ ...options, storage: '/none/such' }).train({ train: rows, params });
      await expect(training).rejects.toMatchObject({ code: 'STORAGE' });
    });
  });

  it('says that the cluster is too old', async () => {
    await withRay(
      [],
      async (_, options) => {
        const training = createRayTrainer(options).train({ train: rows, params });
        await expect(training).rejects.toMatchObject({
          code: 'RAY_REFUSED',
          message: 'The cluster runs Ray 2.9.3. Ray 2.43 or newer is needed.',
        });
      },
      '2.9.3',
    );
  });

  it('says so if nothing answers', async () => {
    const address = new URL('http://127.0.0.1:9');
    await withRay([], async (_, options) => {
      const training = createRayTrainer({ ...options, address }).train({ train: rows, params });
      await expect(training).rejects.toMatchObject({
        code: 'RAY_UNREACHABLE',
        message: 'No Ray cluster answers at http://127.0.0.1:9.',
      });
    });
  });
});

describe('a search on Ray', () => {
  const stopping = { n_estimators: 30, early_stopping_rounds: 5 };
  const requests = [6, 3, 4].map((max_depth) => ({
    train: rows,
    validation: rows,
    params: boosterParamsSchema.parse({ ...stopping, max_depth }),
  }));
  const trial = (number: number, losses: readonly number[], auc: number) =>
    line({ kind: 'trial', number, validation_log_loss: losses, auc });
  const lost = (number: number) => line({ kind: 'trial_failed', number });

  it('is one job; its trials come back in the order asked for, without those that failed', async () => {
    const steps: RayStep[] = [
      { status: 'PENDING', logs: '' },
      { status: 'RUNNING', logs: begin + trial(2, [0.6, 0.4, 0.5], 0.8) },
      { status: 'SUCCEEDED', logs: begin + trial(2, [0.6, 0.4, 0.5], 0.8) + lost(1) + trial(0, [0.5], 0.7) },
    ];
    await withRay(steps, async (ray, options) => {
      const done: (number | undefined)[][] = [];
      const results = await createRayTrainer(options).trainEach(requests, {
        secondsLeft: 60,
        onDone: (...told) => done.push(told),
      });
      expect(results).toEqual([
        { bestIteration: 1, validationLogLoss: [0.5] },
        undefined,
        { bestIteration: 2, validationLogLoss: [0.6, 0.4, 0.5] },
      ]);
      expect(done).toEqual([
        [1, 0.8],
        [2, 0.8],
        [3, 0.8],
      ]);
      expect(ray.asked.filter((asked) => asked === 'POST /api/jobs/')).toHaveLength(1);
      expect(ray.submitted()?.entrypoint).toBe('python tune_booster.py');
      expect(Object.keys(ray.files()).sort()).toEqual([
        'request.json',
        'train.parquet',
        'tune_booster.py',
        'validation.parquet',
      ]);
      expect(JSON.parse(ray.files()['request.json'])).toMatchObject({
        rounds: 30,
        early_stopping_rounds: 5,
        time_budget_s: 60,
        sets: [{ max_depth: 6 }, { max_depth: 3 }, { max_depth: 4 }],
      });
    });
  });

  it('says so if every trial failed', async () => {
    const logs = begin + lost(0) + lost(1) + lost(2);
    await withRay([{ status: 'SUCCEEDED', logs }], async (_, options) => {
      await expect(createRayTrainer(options).trainEach(requests)).rejects.toMatchObject({
        code: 'RAY_JOB_FAILED',
        message: 'Every trial of the search on Ray failed. Nothing was registered.',
      });
    });
  });

  it('stops its job when it is cancelled or takes too long', async () => {
    await withRay([{ status: 'RUNNING', logs: begin + trial(0, [0.5], 0.7) }], async (ray, options) => {
      const cancelling = new AbortController();
      const { signal } = cancelling;
      const search = createRayTrainer(options).trainEach(
        requests.map((request) => ({ ...request, signal })),
        { onDone: () => cancelling.abort() },
      );
      await expect(search).rejects.toMatchObject({ code: 'CANCELLED' });
      expect(ray.asked).toContain('POST /api/jobs/X/stop');
    });
    await withRay([{ status: 'RUNNING', logs: begin }], async (ray, options) => {
      const search = createRayTrainer({ ...options, deadlineMs: 1 }).trainEach(requests);
      await expect(search).rejects.toMatchObject({ code: 'RAY_JOB_FAILED' });
      expect(ray.asked).toContain('POST /api/jobs/X/stop');
    });
  });
});
