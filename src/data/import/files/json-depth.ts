import { throwIfAborted } from '../../../errors.ts';
import { refuseFile } from './refused-file.ts';
import { bytesOf, type TextBytes } from './text-scan.ts';

/** Exports nest a few levels. The engine reads a value level by level, and thousands of levels end the whole process. */
const DEEPEST = 100;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LINE_END = 0x0a;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/**
 * Checks how deep the values of a JSON text are nested, before anything parses it.
 *
 * @param isLines whether each line is a value of its own, so that a broken line does not count for the next
 * @throws IMPORT_REFUSED if it is nested more than 100 levels deep
 */
export async function requireShallow(
  text: TextBytes,
  isLines: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const meter = new DepthMeter(isLines);
  for await (const piece of bytesOf(text)) {
    throwIfAborted(signal);
    meter.read(piece);
    if (meter.deepest <= DEEPEST) continue;
    throw refuseFile(
      text.name,
      `is JSON nested more than ${DEEPEST} levels deep`,
      'Export one object per order, with plain values.',
    );
  }
}

class DepthMeter {
  readonly #isLines: boolean;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  deepest = 0;

  constructor(isLines: boolean) {
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
