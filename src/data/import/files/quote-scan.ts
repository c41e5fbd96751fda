import { throwIfAborted } from '../../../errors.ts';
import type { CsvHead } from './csv-head.ts';
import { bytesOf, type TextBytes } from './text-scan.ts';

/** A quote that opens in one line and closes some lines later, or never, with lines between that look like rows. */
export interface OpenQuote {
  /** The line of the file in which the quote opens. */
  readonly line: number;
  /** Number of lines that it swallowed. */
  readonly swallowed: number;
  readonly closes: boolean;
}

export interface QuoteScan {
  /** Number of records by RFC 4180, without the header, lines before it and empty lines. */
  readonly records: number;
  /** Places where rows may have been swallowed; at most the first hundred. */
  readonly openQuotes: readonly OpenQuote[];
}

const QUOTE = 0x22;
const LINE_END = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const MOST_LISTED = 100;

/**
 * Reads a CSV text by RFC 4180, and checks the values that span lines. A real text has line ends too, but its lines do not
 * have exactly as many separators as a row of the file, all of them without a space after it.
 */
export async function scanQuotes(
  text: TextBytes,
  { delimiter, columns, linesBefore }: CsvHead,
  signal: AbortSignal | undefined,
): Promise<QuoteScan> {
  const scanner = new QuoteScanner(delimiter.charCodeAt(0), columns.length - 1, linesBefore);
  for await (const piece of bytesOf(text)) {
    throwIfAborted(signal);
    scanner.read(piece);
  }
  return scanner.end();
}

class QuoteScanner {
  readonly #delimiter: number;
  readonly #separators: number;
  readonly #linesBefore: number;
  #line = 1;
  #records = -1;
  #isEmptyRecord = true;
  #inQuotes = false;
  #atFieldStart = true;
  #quoteBefore = false;
  #field = 0;
  /** State of the quoted value that is being read: its line, and what its lines look like. */
  #opened = 0;
  #rows = 0;
  #separatorsOfLine = 0;
  /** Separators with a space after them, as in sentences. */
  #spacedSeparators = 0;
  #afterSeparator = false;
  readonly #openQuotes: OpenQuote[] = [];

  constructor(delimiter: number, separators: number, linesBefore: number) {
    this.#delimiter = delimiter;
    this.#separators = separators;
    this.#linesBefore = linesBefore;
  }

  read(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#line <= this.#linesBefore) {
        if (byte === LINE_END) this.#line++;
        continue;
      }
      if (this.#inQuotes && !this.#quoteBefore) this.#readQuoted(byte);
      else this.#readPlain(byte);
    }
  }

  #readQuoted(byte: number): void {
    if (this.#afterSeparator && byte === SPACE) this.#spacedSeparators++;
    this.#afterSeparator = byte === this.#delimiter;
    if (byte === QUOTE) this.#quoteBefore = true;
    else if (this.#afterSeparator) this.#separatorsOfLine++;
    else if (byte === LINE_END) this.#endInnerLine();
  }

  #readPlain(byte: number): void {
    if (this.#quoteBefore) {
      this.#quoteBefore = false;
      // Two quotes mean one quote character; a single one ends the value.
      if (byte === QUOTE) return;
      this.#close(true);
    }
    if (byte === QUOTE && this.#atFieldStart) {
      this.#inQuotes = true;
      this.#opened = this.#line;
      this.#rows = 0;
      this.#beginLine();
    }
    if (byte === LINE_END) this.#endRecord();
    else if (byte !== RETURN) this.#isEmptyRecord = false;
    if (byte === this.#delimiter) this.#field++;
    this.#atFieldStart = byte === this.#delimiter || byte === LINE_END;
  }

  /** A line between the first and the last of a value; the first has begun before the quote. */
  #endInnerLine(): void {
    const isRow = this.#separatorsOfLine === this.#separators && this.#spacedSeparators === 0;
    if (this.#line > this.#opened && isRow) this.#rows++;
    this.#beginLine();
    this.#line++;
  }

  #beginLine(): void {
    this.#separatorsOfLine = 0;
    this.#spacedSeparators = 0;
    this.#afterSeparator = false;
  }

  #close(closes: boolean): void {
    this.#inQuotes = false;
    // The last line, up to the quote, has the fields of a row up to the same column.
    const endsInRow = this.#separatorsOfLine === this.#field && this.#spacedSeparators === 0;
    if (this.#line > this.#opened && this.#field >= 2 && endsInRow) this.#rows++;
    const looksLikeRows = this.#separators >= 2 && this.#rows > 0;
    if (looksLikeRows && this.#openQuotes.length < MOST_LISTED) {
      this.#openQuotes.push({ line: this.#opened, swallowed: this.#line - this.#opened, closes });
    }
  }

  #endRecord(): void {
    if (!this.#isEmptyRecord) this.#records++;
    this.#isEmptyRecord = true;
    this.#field = 0;
    this.#line++;
  }

  end(): QuoteScan {
    if (this.#inQuotes) this.#close(this.#quoteBefore);
    if (!this.#isEmptyRecord) this.#records++;
    return { records: Math.max(0, this.#records), openQuotes: this.#openQuotes };
  }
}
