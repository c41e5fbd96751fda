import { homedir } from 'node:os';
import type { Writable } from 'node:stream';
import { type Config, type ConfigFlags, readConfig } from '../config.ts';
import { ChurnMcpError } from '../errors.ts';
import { makeHomePrivate } from '../files/private-home.ts';
import { createLog, type Log } from '../log.ts';
import { createServices } from '../server/create-services.ts';
import { logFailure } from '../server/failure.ts';
import { JobBoard } from '../server/job-board.ts';
import { JobFiles } from '../server/job-files.ts';
import type { ServerLog } from '../server/server-log.ts';
import type { Services } from '../server/services.ts';
import { createProgressDisplay, type ProgressDisplay } from '../terminal/progress-display.ts';

/** What the process gives to a command. */
export interface CommandEnvironment {
  /** The real standard output: results and protocol, nothing else. */
  readonly stdout: Writable;
  readonly stdin: NodeJS.ReadStream;
  readonly signal: AbortSignal;
  /** How long the work may take to stop after Ctrl-C, if it needs more than some seconds. */
  readonly waitToStop: (ms: number) => void;
  readonly version: string;
}

export type CommonFlags = ConfigFlags;

/** Local ones may name files of this machine. */
export type Callers = 'local' | 'remote';

export interface CommandContext extends CommandEnvironment {
  readonly config: Config;
  readonly log: Log;
  readonly services: Services;
  readonly display: ProgressDisplay;
  /** Prints a result, ended with a line break. */
  print(text: string): void;
}

const WAS_OPEN =
  'Other users of this machine could read the data and models in the home folder. Now only you can.\n';

/**
 * The services of the configured home folder. Whoever starts a process may have any file of the user's read; callers over
 * HTTP only those of folders that the configuration names.
 */
export function servicesOf(
  config: Config,
  callers: Callers = 'local',
  trainingYields = callers === 'remote',
): Services {
  if (makeHomePrivate(config.home)) process.stderr.write(WAS_OPEN);
  return createServices({
    home: config.home,
    showContacts: config.showContacts,
    ray: config.ray,
    exportFolder: config.exportFolder,
    exportsAreFetched: callers === 'remote',
    trainingYields,
    segmentThresholds: config.segmentThresholds,
    importFolders: config.importFolders ?? (callers === 'local' ? [homedir()] : []),
    ...(config.threads !== undefined && { threads: config.threads }),
    ...(config.snowflake && { snowflake: config.snowflake }),
  });
}

/** Runs a command's work over the services of the chosen home, and closes them whatever happens. */
export async function withServices(
  environment: CommandEnvironment,
  flags: CommonFlags,
  work: (context: CommandContext) => Promise<number>,
): Promise<number> {
  const config = readConfig(flags);
  const services = servicesOf(config);
  const display = await createProgressDisplay(flags.quiet === true);
  // A person at a terminal reads progress, not log lines. An error is printed as a sentence.
  const log = createLog(config.logLevel === 'debug' ? 'debug' : 'error');
  const print = (text: string) => environment.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  try {
    return await work({ ...environment, config, log, services, display, print });
  } catch (error) {
    display.stop();
    logFailure(error, log);
    throw error;
  } finally {
    display.stop();
    await services[Symbol.asyncDispose]();
  }
}

/** The jobs of a server: kept in the home folder, so that any process of the home finds them. */
export function openJobs({ home, jobAfterMs }: Config, log: ServerLog): JobBoard {
  return new JobBoard({ afterMs: jobAfterMs, files: new JobFiles(home, log) });
}

/** Refuses an import while answers come from Snowflake: no answer would read the imported orders. */
export function assertOrdersAreLocal({ snowflake }: Config): void {
  if (snowflake === undefined) return;
  throw new ChurnMcpError('USAGE', 'Answers come from the orders in Snowflake, so nothing was imported.', {
    hint: 'To work with imported orders, unset CHURN_MCP_DATA_SOURCE and import again.',
  });
}
