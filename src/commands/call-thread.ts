/** The thread that answers the questions of a server, over the same home folder as the main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { runCalls } from './run-calls.ts';

if (parentPort === null) throw new Error('call-thread runs as a thread');
await runCalls(parentPort, workerData);
