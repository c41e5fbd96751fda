/** Trainings of a home folder take turns, whichever process they run in. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { tryLock } from '../data/duckdb/file-lock.ts';
import { ChurnMcpError, throwIfAborted } from '../errors.ts';
import { replaceFile } from '../files/durable-files.ts';
import type { ProgressListener } from '../progress.ts';
import { type RegisteredModel, registeredModelSchema } from '../registry/model-card.ts';

export interface TurnRequest {
  readonly home: string;
  /** What is to be trained, for those who find it running. */
  readonly model: RegisteredModel;
  /** Wait for the training that runs, rather than be told of it. */
  readonly wait: boolean;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
}

const POLL_MS = 100;
/** A training that was cancelled a moment ago may still be stopping. */
const STOPPING_MS = 1500;

/**
 * Runs `train` while no other training runs in the home folder. Two at once would share the cores, take as long as one
 * after the other, and need twice the memory.
 *
 * @throws TRAINING_BUSY where one runs and nobody wants to wait, CANCELLED while waiting
 */
export async function withTrainingTurn<Result>(
  request: TurnRequest,
  train: () => Promise<Result>,
): Promise<Result> {
  await using turn = await takeTurn(request);
  await turn.announce();
  return await train();
}

interface Turn extends AsyncDisposable {
  /** Lets the others know what runs. */
  announce(): Promise<void>;
}

async function takeTurn(request: TurnRequest): Promise<Turn> {
  const { home, model, wait, now, signal, onProgress } = request;
  const asked = performance.now();
  for (;;) {
    throwIfAborted(signal);
    const lock = await tryLock(join(home, 'training.lock'));
    if (lock) return turnOf(lock, home, model, now);
    const running = describeRunning(await readRunning(home), now);
    if (!wait && performance.now() - asked > STOPPING_MS) {
      throw new ChurnMcpError('TRAINING_BUSY', `${running} Only one runs at a time.`, {
        hint: 'Call again when it is done, or with wait set to true to be served after it.',
      });
    }
    if (wait) onProgress?.({ phase: 'wait', done: 0, total: 1, message: `Waiting for its turn. ${running}` });
    await delay(POLL_MS, undefined, signal ? { signal } : {}).catch(() => undefined);
  }
}

const runningSchema = z.object({ model: registeredModelSchema, started_at: z.iso.datetime() });
type Running = z.infer<typeof runningSchema>;

function turnOf(lock: AsyncDisposable, home: string, model: RegisteredModel, now: () => Date): Turn {
  const file = runningFile(home);
  return {
    announce: () =>
      replaceFile(file, JSON.stringify({ model, started_at: now().toISOString() } satisfies Running)),
    async [Symbol.asyncDispose]() {
      await rm(file, { force: true });
      await lock[Symbol.asyncDispose]();
    },
  };
}

function runningFile(home: string): string {
  return join(home, 'training.json');
}

/** Undefined where the training has only just begun, or just ended. */
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
