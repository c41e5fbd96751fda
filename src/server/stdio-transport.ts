/**
 * One JSON-RPC message per line, over two streams. The SDK's own transport ignores lines that are not messages, so their
 * sender waits for ever, and it closes the connection at a line that is too long. This one answers both and reads on.
 */
import type { Readable, Writable } from 'node:stream';
import { type LineRefusal, type Message, readLine } from './line-message.ts';
import { LineReader } from './line-reader.ts';

const MOST_BYTES = 4_194_304;

export class StdioTransport {
  onmessage?: (message: Message) => void;
  onerror?: (error: Error) => void;
  readonly #stdin: Readable;
  readonly #stdout: Writable;
  readonly #lines = new LineReader(MOST_BYTES);

  constructor(stdin: Readable, stdout: Writable) {
    this.#stdin = stdin;
    this.#stdout = stdout;
  }

  start(): void {
    this.#stdin.on('data', this.#receive);
    this.#stdin.on('error', this.#fail);
  }

  close(): void {
    this.#stdin.off('data', this.#receive);
    this.#stdin.off('error', this.#fail);
    this.#stdin.pause();
  }

  readonly #receive = (chunk: Buffer): void => {
    for (const line of this.#lines.read(chunk)) {
      const read = readLine(line);
      if (read.kind === 'message') this.onmessage?.(read.message);
      else if (read.kind === 'refusal') this.#refuse(read.refusal);
    }
  };

  readonly #fail = (error: Error): void => this.onerror?.(error);

  #refuse(refusal: LineRefusal): void {
    this.send({ jsonrpc: '2.0', ...refusal }).catch(this.#fail);
  }

  /** Resolves once the stream has accepted the message, so that a fast sender waits for its reader. */
  send(message: object): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stdout.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }
}
