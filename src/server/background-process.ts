import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';

/** The processes that a server starts for its work in the background. */
export type BackgroundWork = 'call-process' | 'refresh-process';

/**
 * Starts one over the same home folder. It gets `data` as its argument, and its messages are copied as those of threads are.
 *
 * @param mostHeapMb megabytes of memory beyond which it ends; undefined for what Node.js takes at most
 */
export function startBackground(work: BackgroundWork, data: unknown, mostHeapMb?: number): ChildProcess {
  return fork(join(packageRoot(), 'dist', `${work}.js`), [JSON.stringify(data)], {
    execArgv: [
      ...process.execArgv,
      ...(mostHeapMb === undefined ? [] : [`--max-old-space-size=${mostHeapMb}`]),
    ],
    serialization: 'advanced',
    // Standard output belongs to results and the protocol.
    stdio: ['ignore', 2, 2, 'ipc'],
  });
}
