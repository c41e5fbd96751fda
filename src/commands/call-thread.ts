/** The thread that runs the calls of a server, over the same home folder as the main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { TOOLS } from '../../tools/index.ts';
import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { serveCalls } from '../server/serve-calls.ts';
import { servicesOf } from './command-context.ts';
import { startTracing } from './start-tracing.ts';

const dataSchema = z.object({
  home: z.string().optional(),
  threads: z.string().optional(),
  callers: z.enum(['local', 'remote']),
});

if (parentPort === null) throw new Error('call-thread runs as a thread');
const tracing = await startTracing();
// Once the port is closed there is nothing to do but to send the last spans.
if (tracing !== undefined) process.once('beforeExit', () => void tracing[Symbol.asyncDispose]());
const { home, threads, callers } = dataSchema.parse(workerData);
const config = readConfig({ ...(home !== undefined && { home }), ...(threads !== undefined && { threads }) });
serveCalls(parentPort, servicesOf(config, callers), TOOLS, createLog(config.logLevel));
