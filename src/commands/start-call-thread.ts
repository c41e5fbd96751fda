import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ConfigFlags } from '../config.ts';
import { packageRoot } from '../package-root.ts';
import type { Callers } from './command-context.ts';

/** Megabytes of memory that running calls may take together. Beyond that the thread ends, and the server goes on. */
const MOST_HEAP_MB = 2048;

export function startCallThread({ home, threads }: ConfigFlags, callers: Callers): Worker {
  return new Worker(join(packageRoot(), 'dist', 'call-thread.js'), {
    workerData: { home, threads, callers },
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
  });
}
