import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { offeredTools } from '../mcp/offered-tools.ts';
import { startRetrainer } from '../server/retraining/start-retrainer.ts';
import { startStdioServer } from '../server/stdio.ts';
import { watchAlertsIfAny } from './alert-checks.ts';
import { type CommandEnvironment, type CommonFlags, openJobs, servicesOf } from './command-context.ts';
import { type RetrainFlags, retrainWhenOf } from './retrain-flags.ts';
import { startCalls } from './start-calls.ts';

/** Running work gets this long to stop before the process ends. */
const CLOSING_MS = 500;

/** The stdio server; ends with its input. */
export async function runStdioServer(
  flags: CommonFlags & RetrainFlags,
  environment: CommandEnvironment,
): Promise<number> {
  const { stdin, stdout, signal, version } = environment;
  const config = readConfig(flags);
  const tools = async () => offeredTools((await import('../../tools/index.ts')).TOOLS, config);
  // A typing error in their names must be told at the start.
  if (config.disabledTools.length > 0) await tools();
  const retrainWhen = retrainWhenOf(flags, config);
  const services = servicesOf(config);
  const log = createLog(config.logLevel);
  const jobs = openJobs(config, log);
  const calls = startCalls(flags, 'local', log);
  const alerts = await watchAlertsIfAny(config, services, log);
  const retrainer = await startRetrainer({ retrainWhen, services, calls, log, onRound: alerts?.check });
  await startStdioServer({
    services,
    tools,
    readOnly: config.readOnly,
    log,
    version,
    jobs,
    calls,
    stdin,
    stdout,
    signal,
  });
  const late = new Promise((resolve) => setTimeout(resolve, CLOSING_MS).unref());
  const background = [retrainer, alerts].filter((part) => part !== undefined);
  await Promise.race([closeInOrder(...background, jobs, calls, services), late]);
  return 0;
}

/** Ends the jobs first, because they use the others. */
async function closeInOrder(...parts: readonly AsyncDisposable[]): Promise<void> {
  for (const part of parts) await part[Symbol.asyncDispose]();
}
