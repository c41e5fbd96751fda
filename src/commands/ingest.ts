import type { Readable } from 'node:stream';
import { readConfig } from '../config.ts';
import { ChurnMcpError } from '../errors.ts';
import { makeHomePrivate } from '../files/private-home.ts';
import { ingestFiles } from '../ingest/ingest-files.ts';
import { ingestStream, type StreamInput } from '../ingest/ingest-stream.ts';
import { type RefreshOptions, refresh } from '../ingest/refresh.ts';
import { Refresher } from '../ingest/refresher.ts';
import type { Acknowledgement, RowDestination } from '../ingest/row-destination.ts';
import { ROW_KINDS, type RowKind } from '../ingest/row-kinds.ts';
import type { ProgressListener } from '../progress.ts';
import { createProgressDisplay } from '../terminal/progress-display.ts';
import { formatCount, plural } from '../text/format.ts';
import { openAlertChecks } from './alert-checks.ts';
import { assertOrdersAreLocal, type CommandEnvironment, type CommonFlags } from './command-context.ts';
import { parseName, parseWhole } from './flag-values.ts';
import { mappingOf } from './import-flags.ts';
import { openLog, openSnowflakeTables } from './ingest-destination.ts';
import { refreshText } from './refresh.ts';

export interface IngestFlags extends CommonFlags {
  readonly kind?: string;
  readonly format?: string;
  readonly channel?: string;
  readonly map: readonly string[];
  readonly follow?: boolean;
  readonly targetLag: string;
  readonly refresh: boolean;
  readonly toSnowflake?: boolean;
  readonly acks?: boolean;
  readonly json?: boolean;
}

/** Snowflake commits what it took some seconds later. */
const SNOWFLAKE_STOPPING_MS = 60_000;
const STANDARD_INPUT = '-';
/** What acknowledgements and rejects call an input without a name. */
const STANDARD_INPUT_CHANNEL = 'standard input';

/**
 * Takes rows into the log of the home, or into Snowflake: from standard input, or from files and folders. It ends at the end of the input; with
 * `--follow`, or at Ctrl-C, once everything that was read is stored.
 */
export async function runIngest(
  paths: readonly string[],
  flags: IngestFlags,
  environment: CommandEnvironment,
): Promise<number> {
  const config = readConfig(flags);
  const kind = flags.kind === undefined ? undefined : parseName('kind', flags.kind, ROW_KINDS);
  const toSnowflake = flags.toSnowflake === true;
  const refreshes = flags.refresh && !toSnowflake;
  if (!toSnowflake) assertOrdersAreLocal(config);
  makeHomePrivate(config.home);
  const { signal, stdout, waitToStop } = environment;
  if (toSnowflake) waitToStop(SNOWFLAKE_STOPPING_MS);
  const display = await createProgressDisplay(flags.quiet === true);
  const totals = new Totals(display.listener, (stored) => {
    if (flags.acks === true) stdout.write(`${JSON.stringify(stored)}\n`);
  });
  const refreshing = {
    home: config.home,
    segmentThresholds: config.segmentThresholds,
    signal,
    onProgress: display.listener,
  };
  const targetLagMs = 1000 * parseWhole('--target-lag', flags.targetLag, 1, 86_400);
  await using alerts = await openAlertChecks(config);
  let name: string;
  try {
    await using _refresher = refreshes
      ? refresherOf({ ...refreshing, targetLagMs }, alerts.check)
      : undefined;
    await using opened = await (toSnowflake ? openSnowflakeTables(config, kind, signal) : openLog(config));
    name = opened.name;
    await takeRows(paths, flags, environment, { destination: opened.destination, kind, totals });
  } finally {
    display.stop();
  }
  stdout.write(`${flags.json === true ? JSON.stringify(totals.report) : totals.textOf(name)}\n`);
  if (!refreshes || signal.aborted) return 0;
  const refreshed = await refresh({ ...refreshing, rebuilds: false });
  display.stop();
  if (flags.json !== true) stdout.write(`${refreshText(refreshed)}\n`);
  if (typeof refreshed !== 'string') await alerts.check();
  return 0;
}

interface Taking {
  readonly destination: RowDestination;
  readonly kind: RowKind | undefined;
  readonly totals: Totals;
}

async function takeRows(
  paths: readonly string[],
  flags: IngestFlags,
  { signal, stdin }: CommandEnvironment,
  { destination, kind, totals }: Taking,
): Promise<void> {
  const format = {
    format: flags.format === undefined ? undefined : parseName('format', flags.format, ['ndjson', 'csv']),
    kind,
    map: mappingOf(flags.map),
  };
  const options = { destination, signal, onStored: totals.onStored };
  if (readsStandardInput(paths, flags)) {
    totals.skipped = await ingestStream(inputOf(stdin, signal), {
      ...options,
      channel: flags.channel ?? STANDARD_INPUT_CHANNEL,
      isRemembered: flags.channel !== undefined,
      format: { ...format, format: format.format ?? 'ndjson' },
    });
  } else {
    const follows = flags.follow === true;
    await ingestFiles({ ...options, paths, format, channel: flags.channel, follows });
  }
}

/** Folds the log into the data meanwhile. A refresh that fails is reported, and the rows stay in the log. */
function refresherOf(
  options: RefreshOptions & { signal: AbortSignal; targetLagMs: number },
  checkAlerts: () => Promise<void>,
): Refresher {
  return new Refresher({
    targetLagMs: options.targetLagMs,
    refresh: (stopped) =>
      refresh({
        ...options,
        onProgress: undefined,
        signal: AbortSignal.any([options.signal, stopped]),
        rebuilds: false,
      }),
    onRefreshed: (report) => {
      process.stderr.write(`${refreshText(report)}\n`);
      void checkAlerts();
    },
    onFailure: (error) => {
      if (!(error instanceof ChurnMcpError)) throw error;
      process.stderr.write(`${error.sentences}\n`);
    },
  });
}

function readsStandardInput(
  paths: readonly string[],
  { follow, channel, toSnowflake }: IngestFlags,
): boolean {
  if (paths.length === 0 || (paths.length === 1 && paths[0] === STANDARD_INPUT)) {
    if (toSnowflake === true && channel === undefined) {
      throw new ChurnMcpError('USAGE', 'Rows from standard input go to Snowflake through a named channel.', {
        hint: 'Name it: --channel NAME. The same input sent again then goes on after the rows that are stored.',
      });
    }
    if (follow !== true) return true;
    throw new ChurnMcpError(
      'USAGE',
      '--follow is for files and folders; standard input is read to its end.',
      {
        hint: 'Leave --follow out, or name a file.',
      },
    );
  }
  if (channel !== undefined && paths.length > 1) {
    throw new ChurnMcpError('USAGE', '--channel names the channel of one file, not of several.', {
      hint: 'Leave it out: each file then has its own channel.',
    });
  }
  return false;
}

function inputOf(stdin: Readable, signal: AbortSignal): StreamInput {
  signal.addEventListener('abort', () => stdin.destroy(), { once: true });
  return {
    chunks: untilAborted(stdin, signal),
    position: 'line',
    endsLine: true,
    stop: (error) => stdin.destroy(error instanceof Error ? error : undefined),
  };
}

/** A stream that is destroyed ends with an error; at Ctrl-C that is its end. */
async function* untilAborted(stream: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield chunk;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** What was stored so far, and how fast. */
class Totals {
  readonly #listener: ProgressListener;
  readonly #onStored: (stored: Acknowledgement) => void;
  readonly #start = performance.now();
  #rows = 0;
  #rejected = 0;
  skipped = 0;

  constructor(listener: ProgressListener, onStored: (stored: Acknowledgement) => void) {
    this.#listener = listener;
    this.#onStored = onStored;
  }

  readonly onStored = (stored: Acknowledgement): void => {
    this.#rows += stored.rows;
    this.#rejected += stored.rejected;
    this.#onStored(stored);
    const message = `Storing rows: ${formatCount(this.#rows)} so far, ${formatCount(this.#perSecond)} per second`;
    this.#listener({ phase: 'storing', done: this.#rows, total: this.#rows + 1, message });
  };

  get #perSecond(): number {
    return Math.round(this.#rows / Math.max((performance.now() - this.#start) / 1000, 0.001));
  }

  get report() {
    return {
      rows: this.#rows,
      rejected: this.#rejected,
      skipped: this.skipped,
      rows_per_second: this.#perSecond,
    };
  }

  textOf(destination: string): string {
    const { rows, rejected, skipped } = this.report;
    return [
      `Stored ${plural(rows, 'row')} in ${destination}.`,
      ...(skipped > 0
        ? [`Skipped ${plural(skipped, 'row')} that ${skipped === 1 ? 'was' : 'were'} stored before.`]
        : []),
      ...(rejected > 0
        ? [`Rejected ${plural(rejected, 'row')}: log/rejects.ndjson in the home folder says why.`]
        : []),
    ].join('\n');
  }
}
