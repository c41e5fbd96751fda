/** Trainings of a home folder take turns, whichever process they run in. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { writeError } from '../data/duckdb/duckdb-errors.ts';
import { tryLock } from '../data/duckdb/file-lock.ts';
import { ChurnMcpError, throwIfAborted } from '../errors.ts';
import { replaceFile } from '../files/durable-files.ts';
import type { ProgressListener } from '../progress.ts';
import { type RegisteredModel, registeredModelSchema } from '../registry/model-card.ts';
import { joinLine, type PlaceInLine } from './training-line.ts';

export interface TurnRequest {
  readonly home: string;
  /** The model to train; a call that is refused names it. */
  readonly model: RegisteredModel;
  /** Wait for the training that runs instead of failing. */
  readonly wait: boolean;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
}

/** How often the first in line looks whether another process still trains. */
const POLL_MS = 100;
/** How often those behind it report what runs. */
const REPORT_MS = 5000;
/** A training that was cancelled a moment ago may still be stopping. */
const STOPPING_MS = 1500;

/**
 * Runs `train` while no other training runs in the home folder. Two at once would share the cores, take as long as one
 * after the other, and need twice the memory.
 *
 * @throws TRAINING_BUSY if one runs and the request does not wait, or if too many wait already; CANCELLED while waiting;
 *   STORAGE if the home folder cannot be written
 */
export async function withTrainingTurn<Result>(
  request: TurnRequest,
  train: () => Promise<Result>,
): Promise<Result> {
  using place = joinLine(request.home);
  await using _lock = await waitForLock(request, place);
  await using _notice = await announce(request);
  return await train();
}

async function waitForLock(request: TurnRequest, place: PlaceInLine): Promise<AsyncDisposable> {
  const { home, wait, now, signal, onProgress } = request;
  const giveUp = wait ? Number.POSITIVE_INFINITY : performance.now() + STOPPING_MS;
  for (;;) {
    throwIfAborted(signal);
    const lock = place.isFirst() ? await tryLock(join(home, 'training.lock')) : undefined;
    if (lock) return lock;
    const running = describeRunning(await readRunning(home), now);
    const left = giveUp - performance.now();
    if (left <= 0) {
      throw new ChurnMcpError('TRAINING_BUSY', `${running} Only one runs at a time.`, {
        hint: 'Call again when it is done, or with wait set to true to be served after it.',
      });
    }
    if (wait) onProgress?.({ phase: 'wait', done: 0, total: 1, message: `Waiting for its turn. ${running}` });
    if (place.isFirst()) await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
    else await place.wait(Math.min(left, REPORT_MS), signal);
  }
}

const runningSchema = z.object({ model: registeredModelSchema, started_at: z.iso.datetime() });
type Running = z.infer<typeof runningSchema>;

/** Tells other calls what runs, until it is disposed of. */
async function announce({ home, model, now }: TurnRequest): Promise<AsyncDisposable> {
  const file = runningFile(home);
  try {
    const running: Running = { model, started_at: now().toISOString() };
    await replaceFile(file, JSON.stringify(running));
  } catch (error) {
    throw writeError(error);
  }
  return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
}

function runningFile(home: string): string {
  return join(home, 'training.json');
}

/** Undefined if the training has only just begun, or just ended. */
async function readRunning(home: string): Promise<Running | undefined> {
  try {
    return runningSchema.parse(JSON.parse(await readFile(runningFile(home), 'utf8')));
  } catch {
    return undefined;
  }
}

function describeRunning(running: Running | undefined, now: () => Date): string {
  if (running === undefined) return 'Another training runs in this home folder.';
  const seconds = Math.max(0, Math.round((now().getTime() - Date.parse(running.started_at)) / 1000));
  return `A training of ${running.model} has been running in this home folder for ${seconds} s.`;
}
