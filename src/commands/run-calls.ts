import { z } from 'zod';
import { TOOLS } from '../../tools/index.ts';
import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { type CallPort, serveCalls } from '../server/serve-calls.ts';
import { servicesOf } from './command-context.ts';
import { startTracing } from './start-tracing.ts';

const dataSchema = z.object({
  home: z.string().optional(),
  threads: z.string().optional(),
  callers: z.enum(['local', 'remote']),
});

/**
 * Runs the calls that come through the port.
 *
 * @param isBehind whether all that this process does yields already
 */
export async function runCalls(port: CallPort, data: unknown, isBehind = false): Promise<void> {
  const tracing = await startTracing();
  // Once the port is closed there is nothing to do but to send the last spans.
  if (tracing !== undefined) process.once('beforeExit', () => void tracing[Symbol.asyncDispose]());
  const { home, threads, callers } = dataSchema.parse(data);
  const config = readConfig({
    ...(home !== undefined && { home }),
    ...(threads !== undefined && { threads }),
  });
  const services = servicesOf(config, callers, callers === 'remote' && !isBehind);
  serveCalls(port, services, TOOLS, createLog(config.logLevel));
}
