/** A job on a Ray cluster from its package to its end: what trainings and searches have in common. */

import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { zipSync } from 'fflate';
import { writeTable } from '../../../data/table-file.ts';
import type { LabelledDataset } from '../../../dataset/feature-matrix.ts';
import { ChurnMcpError, throwIfAborted } from '../../../errors.ts';
import { sha256Of } from '../../../files/checksum.ts';
import { withTemporaryFolder } from '../../../files/temporary-folder.ts';
import type { BoosterParams } from '../../../gbdt/params.ts';
import { packageRoot } from '../../../package-root.ts';
import { failedJob, lateJob, tooOld, vanishedCluster } from './job-failures.ts';
import { type JobMessage, JobOutput } from './job-output.ts';
import { type JobStorage, openJobStorage } from './job-storage.ts';
import { type RayConnection, RayJobsClient } from './jobs-client.ts';

export interface RayOptions extends RayConnection {
  /** Workers that a training asks the cluster for. The cluster grows if it can, and shrinks again afterwards. */
  readonly workers: number;
  readonly cpusPerWorker: number;
  /** A folder or a bucket that this machine and the cluster share, or undefined: then rows travel with the job. */
  readonly storage: string | undefined;
  /** A job that takes longer is stopped. */
  readonly deadlineMs: number;
  /** How long a cluster may give no answer before its job counts as lost; 30 s by default. */
  readonly lostAfterMs?: number;
}

export interface RayJobWork {
  /** The file of `ray/` that runs. */
  readonly script: string;
  readonly train: LabelledDataset;
  readonly validation?: LabelledDataset | undefined;
  /** The settings of the script besides the rows and the workers. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal | undefined;
  readonly onMessage: (message: JobMessage) => void;
}

const POLL_MS = 500;
const LOST_AFTER_MS = 30_000;
/** What Ray takes as a package. */
const MOST_PACKED_BYTES = 90 * 2 ** 20;
/** A worker or a trial that is lost is replaced once. */
const MOST_FAILURES = 1;
/** The oldest Ray that supports the jobs. */
const OLDEST = [2, 43] as const;

/**
 * Runs a job to its end, and passes on its messages.
 *
 * @throws RAY_UNREACHABLE, RAY_REFUSED, RAY_JOB_FAILED, RAY_JOB_LOST, CANCELLED; after any error the job is stopped
 */
export async function runRayJob(work: RayJobWork, options: RayOptions): Promise<JobOutput> {
  const { signal } = work;
  const client = new RayJobsClient(options);
  throwIfAborted(signal);
  assertRecent(await client.version(signal));
  const submissionId = `churn-mcp-${randomBytes(8).toString('hex')}`;
  let storage: JobStorage | undefined;
  try {
    storage = options.storage === undefined ? undefined : await openJobStorage(options.storage, submissionId);
    const name = submissionId;
    const zip = await withTemporaryFolder((folder) => packJob(work, options, { folder, storage, name }));
    const packageName = `_ray_pkg_${sha256Of(zip).slice(0, 16)}.zip`;
    await client.upload(packageName, zip, signal);
    await client.submit(
      {
        submissionId,
        packageName,
        entrypoint: `python ${work.script}`,
        environment: ENVIRONMENT,
      },
      signal,
    );
    return await follow(submissionId, work, options, client);
  } catch (error) {
    await client.stop(submissionId).catch(() => undefined);
    throwIfAborted(signal);
    throw error;
  } finally {
    // If files cannot be removed, the result of the job does not change.
    await storage?.remove().catch(() => undefined);
  }
}

const ENVIRONMENT = {
  // Ray must not merge similar lines, because our messages look similar.
  RAY_DEDUP_LOGS: '0',
  RAY_TRAIN_V2_ENABLED: '1',
  // A table is one file, which one process looks at. Ray would start 32, of which a small cluster starts one in ten seconds.
  RAY_DATA_PARQUET_FOOTER_NUM_ACTORS: '1',
};

/** Parameters as XGBoost takes them; how many rounds there are is said apart. */
export function xgboostParams(params: BoosterParams): Record<string, unknown> {
  const { n_estimators: _rounds, early_stopping_rounds: _stopping, ...booster } = params;
  return { ...booster, objective: 'binary:logistic', tree_method: 'hist', eval_metric: ['auc', 'logloss'] };
}

/** @throws RAY_REFUSED */
export function assertRecent(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw tooOld(version, OLDEST.join('.'));
}

/** The job's files as a zip: the script, the request, and the rows if no storage is shared. */
async function packJob(
  { script, train, validation, request, signal }: RayJobWork,
  { workers, cpusPerWorker }: RayOptions,
  { folder, storage, name }: { folder: string; storage: JobStorage | undefined; name: string },
): Promise<Uint8Array> {
  const sets = { train, ...(validation && { validation }) };
  const tables: Record<string, { path: string } | { file: string }> = {};
  const files: Record<string, Uint8Array> = {};
  for (const [set, rows] of Object.entries(sets)) {
    const table = `${set}.parquet`;
    const file = join(folder, table);
    await writeRows(rows, file);
    if (storage === undefined) {
      files[table] = await readFile(file);
      tables[set] = { file: table };
    } else tables[set] = { path: await storage.put(table, file, signal) };
    await rm(file);
  }
  const told = {
    ...request,
    name,
    tables,
    features: train.featureNames.map((_, index) => columnOf(index)),
    workers,
    cpus_per_worker: cpusPerWorker,
    max_failures: MOST_FAILURES,
    ...(storage !== undefined && { storage_path: storage.location }),
  };
  files['request.json'] = Buffer.from(JSON.stringify(told));
  files[script] = await readFile(join(packageRoot(), 'ray', script));
  const zip = zipSync(files, { level: 1, mtime: '2000-01-01' });
  if (zip.length <= MOST_PACKED_BYTES) return zip;
  throw new ChurnMcpError('INVALID_ARGUMENT', 'There are too many rows to send them along with the job.', {
    hint: 'Set CHURN_MCP_RAY_STORAGE to a folder or bucket (s3://…) that this machine and the cluster share.',
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

/** Waits for the job's end. */
async function follow(
  submissionId: string,
  { onMessage, signal }: RayJobWork,
  { deadlineMs, lostAfterMs = LOST_AFTER_MS }: RayOptions,
  client: RayJobsClient,
): Promise<JobOutput> {
  const output = new JobOutput();
  const deadline = performance.now() + deadlineMs;
  let heard = performance.now();
  for (;;) {
    throwIfAborted(signal);
    const seen = await look(submissionId, client, signal).catch((error: unknown) => {
      if (!isUnreachable(error)) throw error;
      if (performance.now() - heard > lostAfterMs) throw vanishedCluster(error);
      return undefined;
    });
    if (seen !== undefined) {
      heard = performance.now();
      for (const said of output.take(seen.log)) onMessage(said);
      const { status, message } = seen.job;
      if (status === 'SUCCEEDED') return output;
      if (status === 'FAILED' || status === 'STOPPED') throw failedJob(status, message);
    }
    if (performance.now() > deadline) throw lateJob();
    await delay(POLL_MS, undefined, signal ? { signal } : {}).catch(() => undefined);
  }
}

/** The log after the status, so that the log of a job that has ended is whole. */
async function look(submissionId: string, client: RayJobsClient, signal: AbortSignal | undefined) {
  const job = await client.job(submissionId, signal);
  return { job, log: await client.logs(submissionId, signal) };
}

/** A short failure of the network does not end a training. */
function isUnreachable(error: unknown): boolean {
  return error instanceof ChurnMcpError && error.code === 'RAY_UNREACHABLE';
}
