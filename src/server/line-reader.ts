const NEWLINE = 0x0a;

/** A line that was longer than it may be; what it said is not kept. */
export const TOO_LONG = Symbol('a line that is too long');

/** Cuts chunks of bytes into lines of text, without spaces around them. A line that is too long costs no memory. */
export class LineReader {
  readonly #mostBytes: number;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** The lines that end in this chunk. The beginning of the next one is kept. */
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
