import { type Batch, IngestLog, type Stored } from '../../ingest/ingest-log.ts';
import { listSegments } from '../../ingest/log-layout.ts';
import { Refresher, type RefresherOptions } from '../../ingest/refresher.ts';
import { type RejectedRow, writeRejects } from '../../ingest/rejects-file.ts';
import { failureFields } from '../failure.ts';
import type { ServerLog } from '../server-log.ts';

/** A sender waits no longer for another process that writes; it may send again. */
const LONGEST_WAIT_MS = 5000;

export interface HomeLogOptions extends Pick<RefresherOptions, 'refresh' | 'targetLagMs'> {
  readonly home: string;
  readonly log: ServerLog;
  /** Called when new rows are in the data. */
  readonly onRefreshed?: (() => Promise<void>) | undefined;
}

/**
 * The log of the server's home, opened for its first sender. From then on it is folded into the data again and again; from the
 * server's start on if there is a log.
 */
export class HomeLog {
  readonly #options: HomeLogOptions;
  #opened: Promise<IngestLog> | undefined;
  #refresher: Refresher | undefined;

  constructor(options: HomeLogOptions) {
    this.#options = options;
  }

  /** Rows that a process before took may still wait for the data, and nobody may send more. */
  async resume(): Promise<void> {
    if ((await listSegments(this.#options.home)).length > 0) this.#beginRefreshing();
  }

  async tokenOf(channel: string): Promise<number | undefined> {
    return (await this.#open()).tokenOf(channel);
  }

  /** Returns once the rows, and those that were rejected, are on the disk. */
  async store(batch: Batch, rejects: readonly RejectedRow[]): Promise<Stored> {
    const log = await this.#open();
    await writeRejects(this.#options.home, rejects);
    return await log.append(batch);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#refresher?.[Symbol.asyncDispose]();
    const log = await this.#opened?.catch(() => undefined);
    await log?.[Symbol.asyncDispose]();
  }

  #beginRefreshing(): void {
    const { refresh, targetLagMs, log, onRefreshed } = this.#options;
    this.#refresher ??= new Refresher({
      refresh,
      targetLagMs,
      onRefreshed: ({ rows }) => {
        log.info('the log was folded into the data', { rows });
        void onRefreshed?.();
      },
      onFailure: (error) => log.error('the log cannot be folded into the data', failureFields(error)),
    });
  }

  #open(): Promise<IngestLog> {
    const { home } = this.#options;
    this.#beginRefreshing();
    this.#opened ??= IngestLog.open(home, { longestWaitMs: LONGEST_WAIT_MS }).catch((error: unknown) => {
      // The next sender tries again.
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }
}
