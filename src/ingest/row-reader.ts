import { ChurnMcpError } from '../errors.ts';
import { quoted } from '../text/quoted.ts';
import { cellsOf, hasOpenQuote, separatorOf } from './csv-record.ts';
import { type Line, MOST_LINE_BYTES } from './line-splitter.ts';
import { type Row, reasonAgainst } from './row-check.ts';
import { isRowKind, KINDS, ROW_KINDS, type RowKind } from './row-kinds.ts';

export type RowFormat = 'ndjson' | 'csv';

export interface RowFormatRequest {
  readonly format: RowFormat;
  /** The kind of all rows; undefined: the field `kind` of each row says it. */
  readonly kind: RowKind | undefined;
  /** Field to the name that the sender gives it. */
  readonly map: Readonly<Record<string, string>>;
}

/** A row that can be stored, as one JSON object in a line. */
export interface GoodRow {
  readonly kind: RowKind;
  readonly line: string;
  /** The row's own offset token, if it has one. */
  readonly token: number | undefined;
}

export interface BadRow {
  readonly reason: string;
  readonly content: string;
}

/** Reads rows line by line. `read` gives nothing for a line that holds none: a blank one, a header, a part of a record. */
export class RowReader {
  readonly #request: RowFormatRequest;
  readonly #names: ReadonlyMap<string, string>;
  #columns: readonly string[] | undefined;
  #separator = ',';
  #open = '';

  constructor(request: RowFormatRequest) {
    this.#request = request;
    this.#names = new Map(Object.entries(request.map).map(([field, name]) => [name, field]));
  }

  read({ text, isTooLong }: Line): GoodRow | BadRow | undefined {
    if (isTooLong || this.#open.length + text.length > MOST_LINE_BYTES) {
      this.#open = '';
      return { reason: 'longer than 1 MB', content: text };
    }
    return this.#request.format === 'csv' ? this.#readCsv(text) : this.#readJson(text);
  }

  /** What is left at the end of the input: a record whose quote was never closed. */
  end(): BadRow | undefined {
    return this.#open === '' ? undefined : { reason: 'a quote is not closed', content: this.#open };
  }

  #readJson(text: string): GoodRow | BadRow | undefined {
    if (text.trim() === '') return undefined;
    let row: unknown;
    try {
      row = JSON.parse(text);
    } catch {
      return { reason: 'no JSON', content: text };
    }
    if (!isRow(row)) return { reason: 'no JSON object', content: text };
    return this.#names.size === 0 ? this.#judge(row, text) : this.#judge(this.#withFields(row), undefined);
  }

  #withFields(row: Row): Row {
    return Object.fromEntries(
      Object.entries(row).map(([name, value]) => [this.#names.get(name) ?? name, value]),
    );
  }

  #readCsv(text: string): GoodRow | BadRow | undefined {
    const record = this.#open === '' ? text : `${this.#open}\n${text}`;
    if (hasOpenQuote(record)) {
      this.#open = record;
      return undefined;
    }
    this.#open = '';
    if (this.#columns === undefined) {
      this.#readHeader(record.replace(/^\uFEFF/, ''));
      return undefined;
    }
    if (record.trim() === '') return undefined;
    const cells = cellsOf(record, this.#separator);
    if (cells.length !== this.#columns.length) {
      return { reason: `${cells.length} cells instead of ${this.#columns.length}`, content: record };
    }
    const row: Record<string, string> = {};
    for (const [at, column] of this.#columns.entries()) {
      const cell = cells[at]?.trim() ?? '';
      if (cell !== '') row[column] = cell;
    }
    return this.#judge(row, undefined, record);
  }

  #readHeader(header: string): void {
    if (header.trim() === '') return;
    this.#separator = separatorOf(header);
    const columns = cellsOf(header, this.#separator).map((cell) => {
      const name = cell.trim();
      return this.#names.get(name) ?? name;
    });
    requireKey(columns, this.#request.kind);
    this.#columns = columns;
  }

  /** @param line the row as the log keeps it, if that is how the sender wrote it */
  #judge(row: Row, line: string | undefined, content = line): GoodRow | BadRow {
    const kind = this.#request.kind ?? row.kind;
    const written = () => content ?? JSON.stringify(row);
    if (!isRowKind(kind)) {
      const reason = kind === undefined ? 'missing kind' : `unknown kind; kinds are ${ROW_KINDS.join(', ')}`;
      return { reason, content: written() };
    }
    const reason = reasonAgainst(kind, row) ?? reasonAgainstToken(row.offset_token);
    if (reason !== undefined) return { reason, content: written() };
    // The log keeps one row per line; JSON allows a carriage return between values, which would end one.
    const isPlain = line !== undefined && !line.includes('\r') && !HALF_CHARACTER.test(line);
    const kept = isPlain ? line : JSON.stringify(row);
    if (!isPlain && HALF_CHARACTER.test(kept)) return { reason: 'holds half of a character', content: kept };
    return { kind, line: kept, token: row.offset_token === undefined ? undefined : Number(row.offset_token) };
  }
}

/** JavaScript writes only the half of a pair as an escape, and the engine that folds the log reads none. */
const HALF_CHARACTER = /\\u[dD][89a-fA-F]/;

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reasonAgainstToken(token: unknown): string | undefined {
  if (token === undefined) return undefined;
  const number = typeof token === 'string' && /^\d{1,15}$/.test(token) ? Number(token) : token;
  return Number.isSafeInteger(number) && Number(number) >= 0 ? undefined : 'offset_token is no whole number';
}

/** A file without the key's column would only give rejects. @throws INVALID_ARGUMENT */
function requireKey(columns: readonly string[], kind: RowKind | undefined): void {
  const needed = kind === undefined ? 'kind' : KINDS[kind].key;
  if (columns.includes(needed)) return;
  throw new ChurnMcpError(
    'INVALID_ARGUMENT',
    `The first line has no column ${needed}, but ${quoted(columns.join(', '), 200)}.`,
    {
      hint:
        kind === undefined
          ? 'Say what the rows are with --kind, for example --kind orders.'
          : `Name the column with --map ${needed}=COLUMN.`,
    },
  );
}
