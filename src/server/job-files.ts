/**
 * Jobs in the home folder, so that every process of a home finds them: one behind the same address, or the next one after
 * a restart. A job belongs to a principal, and its id is the handle.
 */
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { sha256Of } from '../files/checksum.ts';
import { replaceFile } from '../files/durable-files.ts';
import { makeFolder } from '../files/folders.ts';
import { isAbandoned, type Owner, thisOwner } from '../files/owner.ts';
import { openSealedJson, sealedJson } from '../files/sealed-json.ts';
import { JOB_STATUSES, type Job } from '../mcp/job.ts';
import type { ServerLog } from './server-log.ts';

/** Names of the files of jobs: what is known of one, and the wish that it is cancelled. */
export const JOB_FILE_NAME = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(?:json|cancel)$/;

/** Jobs are kept so long after they ended. */
const KEPT_MS = 24 * 3_600_000;
/** A process touches the file of its running job every second. After so long, it has ended or lost the disk. */
const LOST_AFTER_MS = 120_000;
/** If the clock was set, the file seems old, or of the future, until it is touched again. */
const TOUCHED_WITHIN_MS = 2500;
const POLL_MS = 250;

const keptSchema = z.object({
  tool: z.string(),
  principal_sha256: z.string(),
  owner: z.object({ host: z.string(), pid: z.int() }),
  status: z.enum(JOB_STATUSES),
  elapsed_s: z.number(),
  progress: z
    .object({ phase: z.string(), done: z.number(), total: z.number(), message: z.string() })
    .optional(),
  outcome: z
    .object({
      texts: z.array(z.string()),
      structured_content: z.record(z.string(), z.unknown()).optional(),
      code: z.string().optional(),
    })
    .optional(),
});

export interface Wait {
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
}

export class JobFiles {
  readonly #folder: string;
  readonly #log: ServerLog;

  constructor(home: string, log: ServerLog) {
    this.#folder = join(home, 'jobs');
    this.#log = log;
  }

  /** Writes what is known of a job of this process. A disk that fails costs the other processes the job, not this one. */
  async keep(job: Job, principal: string): Promise<void> {
    const { progress, outcome } = job;
    try {
      await makeFolder(this.#folder);
      await replaceFile(
        this.#fileOf(job.jobId, 'json'),
        sealedJson({
          tool: job.tool,
          principal_sha256: sha256Of(principal),
          owner: thisOwner(),
          status: job.status,
          elapsed_s: job.elapsedSeconds,
          ...(progress && { progress }),
          ...(outcome && {
            outcome: {
              texts: outcome.texts,
              ...(outcome.structuredContent && { structured_content: outcome.structuredContent }),
              ...(outcome.code !== undefined && { code: outcome.code }),
            },
          }),
        }),
      );
    } catch (error) {
      this.#log.error('a job cannot be kept in the home', { cause: String(error) });
    }
  }

  /** A job of the principal as it is, or as it is when it ends within the time; undefined if there is none. */
  async find(jobId: string, principal: string, { waitMs, signal }: Wait): Promise<Job | undefined> {
    const late = performance.now() + waitMs;
    for (;;) {
      const job = await this.#read(jobId, principal);
      if (job?.status !== 'running' || performance.now() >= late || signal?.aborted) return job;
      // The wait also ends if the caller no longer waits.
      await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Asks the process that runs a job to stop it. */
  async cancel(jobId: string): Promise<void> {
    await writeFile(this.#fileOf(jobId, 'cancel'), '', { mode: 0o600 });
  }

  async isToBeCancelled(jobId: string): Promise<boolean> {
    return stat(this.#fileOf(jobId, 'cancel')).then(
      () => true,
      () => false,
    );
  }

  /** Removes what ended long ago. Best effort, because other processes do the same. */
  async removeOld(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names.filter((each) => JOB_FILE_NAME.test(each))) {
      const file = join(this.#folder, name);
      const found = await stat(file).catch(() => undefined);
      if (found !== undefined && Date.now() - found.mtimeMs > KEPT_MS) {
        await rm(file, { force: true }).catch(() => undefined);
      }
    }
  }

  async #read(jobId: string, principal: string): Promise<Job | undefined> {
    if (!JOB_FILE_NAME.test(`${jobId}.json`)) return undefined;
    const file = this.#fileOf(jobId, 'json');
    try {
      const { mtimeMs } = await stat(file);
      const kept = openSealedJson(await readFile(file, 'utf8'), keptSchema);
      if (kept.principal_sha256 !== sha256Of(principal)) return undefined;
      const { tool, status, elapsed_s: elapsedSeconds, owner, progress, outcome } = kept;
      const job = { jobId, tool, elapsedSeconds };
      if (status === 'running' && (await isLost(file, owner, mtimeMs))) {
        return { ...job, status: 'failed', progress: undefined, outcome: LOST };
      }
      return {
        ...job,
        status,
        progress,
        outcome: outcome && {
          texts: outcome.texts,
          structuredContent: outcome.structured_content,
          code: outcome.code,
        },
      };
    } catch {
      // Missing, or damaged: there is nothing to say of it.
      return undefined;
    }
  }

  #fileOf(jobId: string, ending: 'json' | 'cancel'): string {
    return join(this.#folder, `${jobId}.${ending}`);
  }
}

const LOST = {
  texts: [
    'The server that ran the job ended before it was done. Nothing was registered. Call the tool again.',
  ],
  structuredContent: undefined,
  code: 'WORKER_LOST',
};

async function isLost(file: string, owner: Owner, modifiedMs: number): Promise<boolean> {
  const now = Date.now();
  if (isAbandoned(owner, modifiedMs, now)) return true;
  if (Math.abs(now - modifiedMs) <= LOST_AFTER_MS) return false;
  const late = performance.now() + TOUCHED_WITHIN_MS;
  while (performance.now() < late) {
    await delay(POLL_MS);
    if ((await stat(file)).mtimeMs !== modifiedMs) return false;
  }
  return true;
}
