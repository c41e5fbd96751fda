/** Values nest a few levels. Code that follows a value level by level fails at thousands of them, and may end the process. */
export const DEEPEST_JSON = 100;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LINE_END = 0x0a;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Measures how deep the values of a JSON text are nested, before anything parses it. The text may come in pieces. */
export class JsonDepth {
  readonly #isLines: boolean;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  /** Levels, so far. */
  deepest = 0;

  /** @param isLines whether each line is a value of its own, so that a broken line does not count for the next */
  constructor({ isLines }: { readonly isLines: boolean } = { isLines: false }) {
    this.#isLines = isLines;
  }

  read(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === LINE_END && this.#isLines) this.#beginLine();
      else if (this.#inString) this.#readString(byte);
      else if (byte === QUOTE) this.#inString = true;
      else if (OPENING.has(byte)) this.deepest = Math.max(this.deepest, ++this.#depth);
      else if (CLOSING.has(byte)) this.#depth--;
    }
  }

  #readString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#inString = false;
  }

  #beginLine(): void {
    this.#depth = 0;
    this.#inString = false;
    this.#isEscaped = false;
  }
}

/** Whether the values of a whole JSON text are nested more than 100 levels deep. */
export function isDeepJson(bytes: Uint8Array): boolean {
  const depth = new JsonDepth();
  depth.read(bytes);
  return depth.deepest > DEEPEST_JSON;
}
