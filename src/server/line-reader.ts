const NEWLINE = 0x0a;

/** Stands for a line over the limit, whose content is dropped. */
export const TOO_LONG = Symbol('a line that is too long');

/** Splits chunks of bytes into trimmed lines of text. A line that is too long takes no memory. */
export class LineReader {
  readonly #mostBytes: number;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Returns the lines that end in this chunk, and keeps the beginning of the next line. */
  *read(chunk: Buffer): Generator<string | typeof TOO_LONG> {
    let rest = chunk;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      this.#add(rest.subarray(0, end));
      yield this.#take();
      rest = rest.subarray(end + 1);
    }
    this.#add(rest);
  }

  #add(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#mostBytes) this.#parts = [];
    else this.#parts.push(part);
  }

  #take(): string | typeof TOO_LONG {
    const line =
      this.#bytes > this.#mostBytes ? TOO_LONG : Buffer.concat(this.#parts).toString('utf8').trim();
    this.#parts = [];
    this.#bytes = 0;
    return line;
  }
}
