import { MessageChannel } from 'node:worker_threads';
import { ALL_REPORTED, type WorkerMessage } from './worker-task.ts';

/** What thread 0 tells of its trees. */
export function openReports(onTree: (message: Exclude<WorkerMessage, typeof ALL_REPORTED>) => void) {
  const { port1, port2 } = new MessageChannel();
  const allReported = new Promise<void>((resolve) => {
    port1.on('message', (message: WorkerMessage) => {
      if (message === ALL_REPORTED) resolve();
      else onTree(message);
    });
  });
  return { workerPort: port2, allReported, close: () => port1.close() };
}
