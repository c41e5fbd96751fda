import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ConfigFlags } from '../config.ts';
import { packageRoot } from '../package-root.ts';
import { startBackground } from '../server/background-process.ts';
import { hostOf } from '../server/call-host.ts';
import { CallWorker } from '../server/call-worker.ts';
import { RoutedCalls } from '../server/routed-calls.ts';
import type { ServerLog } from '../server/server-log.ts';
import type { Callers } from './command-context.ts';

/** Megabytes of memory that running calls may take together. Beyond that the thread ends, and the server goes on. */
const MOST_HEAP_MB = 2048;
/** Longer than the pause between two trainings of a round. */
const IDLE_MS = 10_000;

/**
 * Runs the calls of a server: questions in a thread, trainings and imports in a process of their own. Code of a training would
 * stop the thread for a second at a time; a process of lower priority lets questions go first whatever it does, and
 * its memory is free once it has ended.
 */
export function startCalls({ home, threads }: ConfigFlags, callers: Callers, log: ServerLog): RoutedCalls {
  const data = { home, threads, callers };
  const questions = new CallWorker(
    () =>
      new Worker(join(packageRoot(), 'dist', 'call-thread.js'), {
        workerData: data,
        resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
      }),
    log,
  );
  const trainings = new CallWorker(() => hostOf(startBackground('call-process', data, MOST_HEAP_MB)), log, {
    endsAfterIdleMs: IDLE_MS,
  });
  return new RoutedCalls({ questions, trainings });
}
