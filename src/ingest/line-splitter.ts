/** A line longer than this is no row. */
export const MOST_LINE_BYTES = 1024 * 1024;

export interface Line {
  readonly text: string;
  /** The number of bytes up to the end of the line, from the start of the input. */
  readonly end: number;
  /** Its text was too long to be kept. */
  readonly isTooLong: boolean;
}

/** Splits chunks of bytes into lines. It keeps no more than one line. */
export class LineSplitter {
  #rest: Buffer[] = [];
  #restBytes = 0;
  #end: number;

  /** @param from the number of bytes before the first chunk */
  constructor(from = 0) {
    this.#end = from;
  }

  *linesOf(chunk: Buffer): Generator<Line> {
    let start = 0;
    for (;;) {
      const at = chunk.indexOf(0x0a, start);
      if (at < 0) break;
      yield this.#line(chunk.subarray(start, at), 1);
      start = at + 1;
    }
    const left = chunk.subarray(start);
    if (left.length === 0) return;
    this.#restBytes += left.length;
    // Of a line that is too long, only its length is needed.
    if (this.#restBytes <= MOST_LINE_BYTES) this.#rest.push(left);
    else this.#rest = [];
  }

  /** The number of bytes up to the end of the last line. */
  get bytes(): number {
    return this.#end;
  }

  /** The last line, if it has no line break. */
  *end(): Generator<Line> {
    if (this.#restBytes > 0) yield this.#line(Buffer.alloc(0), 0);
  }

  #line(tail: Buffer, breakBytes: number): Line {
    const bytes = this.#restBytes + tail.length;
    this.#end += bytes + breakBytes;
    if (this.#restBytes === 0)
      return { text: textOf(tail), end: this.#end, isTooLong: bytes > MOST_LINE_BYTES };
    const isTooLong = bytes > MOST_LINE_BYTES;
    const text = isTooLong ? '' : textOf(Buffer.concat([...this.#rest, tail]));
    this.#rest = [];
    this.#restBytes = 0;
    return { text, end: this.#end, isTooLong };
  }
}

function textOf(bytes: Buffer): string {
  const end = bytes.length > 0 && bytes[bytes.length - 1] === 0x0d ? bytes.length - 1 : bytes.length;
  return bytes.toString('utf8', 0, end);
}
