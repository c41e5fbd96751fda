import { type Line, LineSplitter } from './line-splitter.ts';
import type { Acknowledgement, RowDestination, RowWriter } from './row-destination.ts';
import { type BadRow, type GoodRow, type RowFormatRequest, RowReader } from './row-reader.ts';

export interface StreamOptions {
  readonly destination: RowDestination;
  readonly channel: string;
  readonly isRemembered: boolean;
  readonly format: RowFormatRequest;
  readonly signal: AbortSignal;
  readonly onStored: (stored: Acknowledgement) => void;
}

export interface StreamInput {
  readonly chunks: AsyncIterable<Buffer>;
  /** What the offset token of a row is, if the row has none: the number of its line, or the byte at which the line ends. */
  readonly position: 'line' | 'byte';
  /** For bytes: where the chunks begin. */
  readonly from?: number;
  /** The first line of the input, if the chunks begin after it. */
  readonly header?: string | undefined;
  /** Whether the end of the chunks ends the last line; otherwise more of it may come. */
  readonly endsLine: boolean;
  /** Ends the chunks if rows cannot be stored. */
  readonly stop?: (error: unknown) => void;
}

/**
 * Stores the rows of a stream. Rows up to the channel's offset token were stored before, and are skipped. On abort everything
 * that was read is stored first.
 *
 * @returns the number of rows that were skipped
 */
export async function ingestStream(input: StreamInput, options: StreamOptions): Promise<number> {
  const { destination, channel, isRemembered, onStored } = options;
  const writer = await destination.writerOf({ channel, isRemembered, onStored, onFailure: input.stop });
  const rows = new RowReader(options.format);
  if (input.header !== undefined) rows.read({ text: input.header, end: 0, isTooLong: false });
  const splitter = new LineSplitter(input.from);
  const offsets = new Offsets(writer);
  let lines = 0;
  const take = async (found: Iterable<Line>) => {
    for (const line of found) {
      lines++;
      const row = rows.read(line);
      if (row === undefined) continue;
      const placed = offsets.place(row, input.position === 'byte' ? line.end : lines);
      const wait = placed && writer.add(placed.row, placed.token);
      if (wait !== undefined) await wait;
    }
  };
  try {
    for await (const chunk of input.chunks) {
      await take(splitter.linesOf(chunk));
      writer.lingerForMore();
      if (options.signal.aborted) break;
    }
    if (input.endsLine && !options.signal.aborted) {
      await take(splitter.end());
      const open = rows.end();
      if (open !== undefined) await writer.add(open, input.position === 'byte' ? splitter.bytes : lines);
    }
  } finally {
    await writer.finish();
  }
  return offsets.skipped;
}

/** Gives each row its offset token: its own, or its position if the rows of this input have none. */
class Offsets {
  readonly #writer: RowWriter;
  /** The highest token of this input's rows so far, if they have their own. */
  #own: number | undefined;
  skipped = 0;

  constructor(writer: RowWriter) {
    this.#writer = writer;
  }

  /** @returns undefined if the row was stored before */
  place(row: GoodRow | BadRow, position: number): { row: GoodRow | BadRow; token: number } | undefined {
    if ('reason' in row) return this.#new(row, this.#own ?? position);
    if (row.token === undefined) {
      if (this.#own === undefined) return this.#new(row, position);
      return this.#new(
        { reason: 'missing offset_token, which rows before it have', content: row.line },
        this.#own,
      );
    }
    if (this.#own !== undefined && row.token <= this.#own) {
      const reason = `offset_token ${row.token} is not above ${this.#own}, that of a row before it`;
      return this.#new({ reason, content: row.line }, this.#own);
    }
    this.#own = row.token;
    return this.#new(row, row.token);
  }

  #new(row: GoodRow | BadRow, token: number) {
    if (!this.#writer.holds(row, token)) return { row, token };
    this.skipped++;
    return undefined;
  }
}
