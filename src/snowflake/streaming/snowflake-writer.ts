import { ChurnMcpError } from '../../errors.ts';
import { type RejectedRow, writeRejects } from '../../ingest/rejects-file.ts';
import type { RowWriter, WriterRequest } from '../../ingest/row-destination.ts';
import type { RowKind } from '../../ingest/row-kinds.ts';
import type { BadRow, GoodRow } from '../../ingest/row-reader.ts';
import { plural } from '../../text/format.ts';
import { plainText } from '../../text/plain-text.ts';
import type { LeftOut, PipeChannel } from './pipe-channel.ts';
import { streamedRow } from './streamed-row.ts';

/** A request may have 4 MB compressed and 16 MB uncompressed. */
const BATCH_BYTES = 3 * 1024 * 1024;
const BATCH_ROWS = 20_000;
const MOST_REJECTS = 1000;
/** Batches in memory: Snowflake commits some seconds after it takes rows. */
const MOST_BATCHES = 8;
const LINGER_MS = 1000;
const POLL_MS = 1000;
const MOST_POLLS = 180;
/** After Ctrl-C, so that what is not committed is still said. */
const MOST_POLLS_AT_END = 30;

export interface SnowflakeWriterOptions extends WriterRequest {
  readonly home: string;
  /** Of each kind of rows that has a table. */
  readonly channels: ReadonlyMap<RowKind, PipeChannel>;
  readonly signal: AbortSignal;
  readonly sleep: (ms: number) => Promise<void>;
  /** The most rows of a batch. */
  readonly batchRows?: number | undefined;
}

interface Rows {
  readonly lines: string[];
  readonly first: number;
  last: number;
}

interface Batch {
  readonly token: number;
  readonly rows: number;
  readonly parts: ReadonlyMap<RowKind, Rows>;
  readonly rejects: readonly RejectedRow[];
}

/**
 * Writes the rows of one channel to the tables of Snowflake, batch by batch. A batch is acknowledged once the status of each
 * table's channel says that its rows are committed.
 */
export class SnowflakeWriter implements RowWriter {
  readonly #options: SnowflakeWriterOptions;
  readonly #highest: number;
  #parts = new Map<RowKind, Rows>();
  #rows = 0;
  #bytes = 0;
  #rejects: RejectedRow[] = [];
  #token = 0;
  #waiting: Batch[] = [];
  #sent: Batch[] = [];
  #work: Promise<void> | undefined;
  #failure: unknown;
  #onChange: (() => void)[] = [];
  #linger: NodeJS.Timeout | undefined;

  constructor(options: SnowflakeWriterOptions) {
    this.#options = options;
    this.#highest = Math.max(0, ...[...options.channels.values()].map(({ committed }) => committed));
  }

  /** A bad row is written to the rejects before any row after it is sent. */
  holds(row: GoodRow | BadRow, token: number): boolean {
    const channel = 'reason' in row ? undefined : this.#options.channels.get(row.kind);
    return token <= (channel?.committed ?? this.#highest);
  }

  add(row: GoodRow | BadRow, token: number): Promise<void> | undefined {
    this.#token = token;
    if ('reason' in row) return this.#reject(row, token);
    if (!this.#options.channels.has(row.kind) && row.kind !== 'returns') {
      return this.#reject({ reason: `there is no table of ${row.kind}`, content: row.line }, token);
    }
    const streamed = streamedRow(row);
    if ('reason' in streamed) return this.#reject({ reason: streamed.reason, content: row.line }, token);
    const rows = this.#parts.get(row.kind) ?? { lines: [], first: token, last: token };
    this.#parts.set(row.kind, rows);
    rows.lines.push(streamed.line);
    rows.last = token;
    this.#rows++;
    this.#bytes += Buffer.byteLength(streamed.line) + 1;
    return this.#rows >= (this.#options.batchRows ?? BATCH_ROWS) || this.#bytes >= BATCH_BYTES
      ? this.#flush()
      : undefined;
  }

  lingerForMore(): void {
    this.#linger ??= setTimeout(() => {
      this.#linger = undefined;
      this.#flush().catch(() => undefined);
    }, LINGER_MS);
  }

  /** @throws SNOWFLAKE_STREAMING if Snowflake does not commit what it took, naming what is not known to be stored */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#work;
    if (this.#failure !== undefined) throw this.#failure;
  }

  #reject({ reason, content }: BadRow, offset: number): Promise<void> | undefined {
    this.#rejects.push({ channel: this.#options.channel, offset, reason, content });
    return this.#rejects.length >= MOST_REJECTS ? this.#flush() : undefined;
  }

  /** Gives the batch to be sent, and waits while too many are in memory. */
  async #flush(): Promise<void> {
    clearTimeout(this.#linger);
    this.#linger = undefined;
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#rows > 0 || this.#rejects.length > 0) {
      this.#waiting.push(this.#take());
      this.#work ??= this.#sendAll();
    }
    while (this.#waiting.length + this.#sent.length > MOST_BATCHES && this.#failure === undefined) {
      await new Promise<void>((resolve) => this.#onChange.push(resolve));
    }
  }

  #take(): Batch {
    const batch = { token: this.#token, rows: this.#rows, parts: this.#parts, rejects: this.#rejects };
    this.#parts = new Map();
    this.#rows = 0;
    this.#bytes = 0;
    this.#rejects = [];
    return batch;
  }

  /** Runs until everything is committed. */
  async #sendAll(): Promise<void> {
    try {
      for (let polls = 0; this.#waiting.length + this.#sent.length > 0; ) {
        const next = this.#sent.length < MOST_BATCHES ? this.#waiting[0] : undefined;
        if (next !== undefined) {
          await this.#send(next);
          this.#waiting.shift();
          this.#sent.push(next);
          continue;
        }
        await this.#options.sleep(POLL_MS);
        await this.#confirm();
        polls = (await this.#acknowledge()) ? 0 : polls + 1;
        if (polls > (this.#options.signal.aborted ? MOST_POLLS_AT_END : MOST_POLLS)) throw notCommitted();
      }
    } catch (error) {
      this.#failure ??= this.#withOffset(error);
      this.#options.onFailure?.(this.#failure);
    }
    this.#work = undefined;
    this.#tell();
  }

  async #send({ rejects, parts }: Batch): Promise<void> {
    await writeRejects(this.#options.home, rejects);
    for (const [kind, rows] of parts) await this.#options.channels.get(kind)?.append(rows);
  }

  async #confirm(): Promise<void> {
    for (const channel of this.#options.channels.values()) {
      if (!channel.isConfirmed) await channel.confirm();
    }
  }

  /** @returns whether a batch was committed meanwhile */
  async #acknowledge(): Promise<boolean> {
    const leftOut = [...this.#options.channels].flatMap(([kind, channel]) =>
      channel.takeLeftOut().map((rows) => this.#rejectOf(kind, rows)),
    );
    await writeRejects(
      this.#options.home,
      leftOut.map(({ reject }) => reject),
    );
    let wrong = leftOut.reduce((sum, { rows }) => sum + rows, 0);
    const before = this.#sent.length;
    while (this.#sent[0] !== undefined && this.#isCommitted(this.#sent[0])) {
      const { token, rows, rejects } = this.#sent[0];
      this.#sent.shift();
      const rejected = Math.min(rows, wrong);
      wrong -= rejected;
      const { channel, onStored } = this.#options;
      onStored({ channel, offset_token: token, rows: rows - rejected, rejected: rejects.length + rejected });
    }
    if (this.#sent.length < before) this.#tell();
    return this.#sent.length < before;
  }

  #isCommitted({ parts }: Batch): boolean {
    return [...parts].every(([kind, { last }]) => {
      const channel = this.#options.channels.get(kind);
      return channel !== undefined && channel.committed >= last;
    });
  }

  #rejectOf(kind: RowKind, { rows, message, after, upTo }: LeftOut) {
    const which = `${plural(rows, 'row')} of ${kind} after offset ${after} up to ${upTo}`;
    const reason = `Snowflake left out ${which}: ${plainText(message, 300)}`;
    return { rows, reject: { channel: this.#options.channel, offset: upTo, reason, content: '' } };
  }

  /** Says from where on the sender has to send again. */
  #withOffset(error: unknown): unknown {
    if (!(error instanceof ChurnMcpError)) return error;
    const unknown = [...this.#sent, ...this.#waiting].reduce((sum, { rows }) => sum + rows, 0);
    const message = `${error.message} ${plural(unknown, 'row')} of the channel ${unknown === 1 ? 'is' : 'are'} not known to be stored; the same input sent again goes on there.`;
    return new ChurnMcpError(error.code, message, {
      ...(error.hint !== undefined && { hint: error.hint }),
      cause: error.cause,
    });
  }

  #tell(): void {
    const told = this.#onChange;
    this.#onChange = [];
    for (const tell of told) tell();
  }
}

function notCommitted(): ChurnMcpError {
  return new ChurnMcpError('SNOWFLAKE_STREAMING', 'Snowflake took rows and does not commit them.', {
    hint: 'Send the same rows again later.',
  });
}
