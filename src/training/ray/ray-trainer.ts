/** Trains boosters on a Ray cluster: each as a job, whose result is an ensemble like any other. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { zipSync } from 'fflate';
import { writeTable } from '../../data/duckdb/table-file.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { ChurnMcpError, throwIfAborted } from '../../errors.ts';
import type { BoosterRequest, BoosterResult, BoosterTrainer, TrainEachResult } from '../../gbdt/booster.ts';
import { assertTrainable } from '../../gbdt/booster-request.ts';
import { featureImportanceOf } from '../../gbdt/feature-importance.ts';
import { packageRoot } from '../../package-root.ts';
import { convertXgboost } from '../../xgboost/convert-xgboost.ts';
import { readUbjson } from '../../xgboost/read-ubjson.ts';
import { parseXgboostModel } from '../../xgboost/xgboost-model.ts';
import { JobOutput } from './job-output.ts';
import { type RayConnection, RayJobsClient } from './jobs-client.ts';

export interface RayOptions extends RayConnection {
  /** Workers of a training, asked for from the cluster: it grows for them where it can, and shrinks again after. */
  readonly workers: number;
  readonly cpusPerWorker: number;
  /** A folder that this machine and the cluster share, or undefined: then rows travel with the job. */
  readonly storage: string | undefined;
  /** A job that takes longer is stopped. */
  readonly deadlineMs: number;
}

const POLL_MS = 500;
/** What Ray takes as a package. */
const MOST_PACKED_BYTES = 90 * 2 ** 20;
const CHECKPOINT_EVERY = 25;

export function createRayTrainer(options: RayOptions): BoosterTrainer {
  const client = new RayJobsClient(options);
  const train = (request: BoosterRequest) => trainOnRay(request, options, client);
  return {
    train,
    async trainEach(requests, { isWanted, onDone } = {}): Promise<TrainEachResult> {
      const results: (BoosterResult | undefined)[] = [];
      for (const [index, request] of requests.entries()) {
        const wanted = isWanted?.(index) !== false;
        results.push(wanted ? await train(request) : undefined);
        if (wanted) onDone?.(index + 1);
      }
      return results;
    },
    async [Symbol.asyncDispose]() {},
  };
}

/**
 * @throws RAY_UNREACHABLE, RAY_REFUSED, RAY_JOB_FAILED, RAY_JOB_LOST, CANCELLED; whatever it throws, the job is stopped
 */
async function trainOnRay(
  request: BoosterRequest,
  options: RayOptions,
  client: RayJobsClient,
): Promise<BoosterResult> {
  const { signal, params, train } = request;
  throwIfAborted(signal);
  assertTrainable(request);
  assertRecent(await client.version(signal));
  const submissionId = `churn-mcp-${randomBytes(8).toString('hex')}`;
  const folder = await mkdtemp(join(options.storage ?? tmpdir(), 'churn-mcp-ray-'));
  try {
    const zip = await packJob(request, options, folder, submissionId);
    const packageName = `_ray_pkg_${createHash('sha256').update(zip).digest('hex').slice(0, 16)}.zip`;
    await client.upload(packageName, zip, signal);
    await client.submit(
      {
        submissionId,
        packageName,
        entrypoint: 'python train_booster.py',
        // Lines that look alike are ours as well: none may be folded away.
        environment: { RAY_DEDUP_LOGS: '0', RAY_TRAIN_V2_ENABLED: '1' },
      },
      signal,
    );
    const output = await follow(submissionId, request, options, client);
    const { model, validationLogLoss } = output.result();
    const ensemble = convertXgboost(parseXgboostModel(readUbjson(model)), train.featureNames);
    return {
      ensemble,
      bestIteration: ensemble.trees.length,
      validationLogLoss: params.early_stopping_rounds > 0 || request.validation ? validationLogLoss : [],
      featureImportance: featureImportanceOf(ensemble),
    };
  } catch (error) {
    await client.stop(submissionId).catch(() => undefined);
    throwIfAborted(signal);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first with the way of training that the job uses. */
const OLDEST = [2, 43] as const;

function assertRecent(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new ChurnMcpError(
    'RAY_REFUSED',
    `The cluster runs Ray ${version.slice(0, 20)}, and ${OLDEST.join('.')} or newer is needed.`,
    {
      hint: 'ray/requirements.txt names the version that was tried.',
    },
  );
}

/** The job's files as a zip: the script, the request, and the rows where no storage is shared. */
async function packJob(
  { train, validation, params }: BoosterRequest,
  { storage, workers, cpusPerWorker }: RayOptions,
  folder: string,
  name: string,
): Promise<Uint8Array> {
  const sets = { train, ...(validation && { validation }) };
  const tables: Record<string, { path: string } | { file: string }> = {};
  const files: Record<string, Uint8Array> = {};
  for (const [set, rows] of Object.entries(sets)) {
    const file = join(folder, `${set}.parquet`);
    await writeRows(rows, file);
    if (storage === undefined) {
      files[`${set}.parquet`] = await readFile(file);
      tables[set] = { file: `${set}.parquet` };
    } else tables[set] = { path: file };
  }
  const { n_estimators, early_stopping_rounds, ...booster } = params;
  const request = {
    name,
    tables,
    features: train.featureNames.map((_, index) => columnOf(index)),
    params: {
      ...booster,
      objective: 'binary:logistic',
      tree_method: 'hist',
      eval_metric: ['auc', 'logloss'],
    },
    rounds: n_estimators,
    early_stopping_rounds: early_stopping_rounds > 0 ? early_stopping_rounds : null,
    checkpoint_every: CHECKPOINT_EVERY,
    workers,
    cpus_per_worker: cpusPerWorker,
    max_failures: 1,
    ...(storage !== undefined && { storage_path: folder }),
  };
  files['request.json'] = Buffer.from(JSON.stringify(request));
  files['train_booster.py'] = await readFile(join(packageRoot(), 'ray', 'train_booster.py'));
  const zip = zipSync(files, { level: 1, mtime: '2000-01-01' });
  if (zip.length <= MOST_PACKED_BYTES) return zip;
  throw new ChurnMcpError('INVALID_ARGUMENT', 'There are too many rows to send them along with the job.', {
    hint: 'Set CHURN_MCP_RAY_STORAGE to a folder that this machine and the cluster share.',
  });
}

const columnOf = (index: number) => `f${index}`;

function writeRows({ columns, labels, weights }: LabelledDataset, file: string): Promise<void> {
  return writeTable(
    {
      columns: [
        ...columns.map((values, index) => ({ name: columnOf(index), values })),
        { name: 'label', values: labels },
        ...(weights ? [{ name: 'weight', values: weights }] : []),
      ],
    },
    file,
  );
}

/** Waits for the job's end, passing on each round. */
async function follow(
  submissionId: string,
  { params, onTree, signal }: BoosterRequest,
  { deadlineMs }: RayOptions,
  client: RayJobsClient,
): Promise<JobOutput> {
  const output = new JobOutput();
  let latest = 0;
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    throwIfAborted(signal);
    const { status, message } = await client.job(submissionId, signal);
    for (const said of output.take(await client.logs(submissionId, signal))) {
      // What a worker prints may come twice, and again from the checkpoint that a lost one goes on from.
      if (said.kind !== 'round' || said.round <= latest) continue;
      latest = said.round;
      onTree?.({
        tree: said.round,
        total: params.n_estimators,
        ...(said.logloss !== undefined && { validationLogLoss: said.logloss }),
        ...(said.auc !== undefined && { validationRocAuc: said.auc }),
      });
    }
    if (status === 'SUCCEEDED') return output;
    if (status === 'FAILED' || status === 'STOPPED') throw failed(status, message);
    if (performance.now() > deadline) throw tooLate();
    await delay(POLL_MS, undefined, signal ? { signal } : {}).catch(() => undefined);
  }
}

function failed(status: 'FAILED' | 'STOPPED', message: string): ChurnMcpError {
  const cause = new Error(message);
  if (status === 'STOPPED') {
    return new ChurnMcpError('RAY_JOB_FAILED', 'Somebody stopped the Ray job. Nothing was registered.', {
      cause,
    });
  }
  if (/out of memory|OutOfMemory|OOM/i.test(message)) {
    return new ChurnMcpError(
      'RAY_JOB_FAILED',
      'A node of the Ray cluster ran out of memory. Nothing was registered.',
      {
        hint: 'Ask for more workers, or for nodes with more memory.',
        cause,
      },
    );
  }
  if (/ModuleNotFoundError|ImportError/.test(message)) {
    return new ChurnMcpError(
      'RAY_JOB_FAILED',
      'The Ray cluster lacks what the training needs. Nothing was registered.',
      {
        hint: 'Install ray/requirements.txt on its nodes.',
        cause,
      },
    );
  }
  return new ChurnMcpError('RAY_JOB_FAILED', 'The training on Ray failed. Nothing was registered.', {
    hint: 'The log of the job in the Ray dashboard has the details.',
    cause,
  });
}

function tooLate(): ChurnMcpError {
  return new ChurnMcpError('RAY_JOB_FAILED', 'The Ray job took longer than it may, and was stopped.', {
    hint: 'Raise CHURN_MCP_RAY_DEADLINE_S, or ask for more workers.',
  });
}
