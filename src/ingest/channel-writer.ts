import { BatchRows } from './batch-rows.ts';
import type { BatchPart, IngestLog } from './ingest-log.ts';
import { type RejectedRow, writeRejects } from './rejects-file.ts';
import type { RowWriter, WriterRequest } from './row-destination.ts';
import type { BadRow, GoodRow } from './row-reader.ts';

/** A batch is stored once it has so many rows or bytes, or no row has come for a while. */
const BATCH_ROWS = 20_000;
const BATCH_CHARACTERS = 4 * 1024 * 1024;
const LINGER_MS = 50;
const MOST_REJECTS = 1000;

export interface ChannelWriterOptions extends WriterRequest {
  readonly log: IngestLog;
  readonly home: string;
}

interface TakenBatch {
  readonly token: number;
  readonly after: number;
  readonly parts: readonly BatchPart[];
  readonly rows: number;
  readonly rejects: readonly RejectedRow[];
}

/**
 * Writes the rows of one channel to the log, batch by batch. While one batch is being stored the next one is made, and no more:
 * `add` then waits, so a slow disk slows the sender down.
 */
export class ChannelWriter implements RowWriter {
  readonly #options: ChannelWriterOptions;
  #rows = new BatchRows();
  #characters = 0;
  #rejects: RejectedRow[] = [];
  readonly #known: number;
  #token: number;
  /** The token of the last batch that was given to the log. */
  #given: number;
  #storing: Promise<void> = Promise.resolve();
  #failure: unknown;
  #linger: NodeJS.Timeout | undefined;

  constructor(options: ChannelWriterOptions) {
    this.#options = options;
    this.#known = (options.isRemembered ? options.log.tokenOf(options.channel) : undefined) ?? 0;
    this.#given = this.#known;
    this.#token = this.#known;
  }

  holds(_row: GoodRow | BadRow, token: number): boolean {
    return token <= this.#known;
  }

  add(row: GoodRow | BadRow, token: number): Promise<void> | undefined {
    this.#token = token;
    if ('reason' in row) {
      const { reason, content } = row;
      this.#rejects.push({ channel: this.#options.channel, offset: token, reason, content });
      return this.#rejects.length >= MOST_REJECTS ? this.flush() : undefined;
    }
    this.#rows.add(row.kind, row.line);
    this.#characters += row.line.length;
    return this.#rows.count >= BATCH_ROWS || this.#characters >= BATCH_CHARACTERS ? this.flush() : undefined;
  }

  lingerForMore(): void {
    this.#linger ??= setTimeout(() => {
      this.#linger = undefined;
      this.flush().catch(() => undefined);
    }, LINGER_MS);
  }

  /** Begins to store the batch, once the one before is stored. */
  async flush(): Promise<void> {
    clearTimeout(this.#linger);
    this.#linger = undefined;
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#rows.count === 0 && this.#rejects.length === 0) return await this.#storing;
    const batch = this.#take();
    const before = this.#storing;
    this.#storing = before.then(() => this.#store(batch));
    this.#storing.catch((error: unknown) => {
      this.#failure ??= error;
      this.#options.onFailure?.(error);
    });
    await before;
  }

  async finish(): Promise<void> {
    await this.flush();
    await this.#storing;
  }

  #take(): TakenBatch {
    const batch = {
      token: this.#token,
      after: this.#given,
      parts: this.#rows.toParts(),
      rows: this.#rows.count,
      rejects: this.#rejects,
    };
    this.#rows = new BatchRows();
    this.#characters = 0;
    this.#rejects = [];
    this.#given = this.#token;
    return batch;
  }

  async #store({ token, after, parts, rows, rejects }: TakenBatch): Promise<void> {
    const { log, home, channel, isRemembered, onStored } = this.#options;
    await writeRejects(home, rejects);
    await log.append({ channel, ...(isRemembered && { token, after }), parts });
    onStored({ channel, offset_token: token, rows, rejected: rejects.length });
  }
}
