/**
 * One JSON-RPC message per line, over two streams. The SDK's own transport ignores lines that are not messages, so their
 * sender waits for ever, and it closes the connection at a line that is too long. This one answers both and reads on.
 */
import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { type LineRefusal, readLine } from './line-message.ts';
import { LineReader } from './line-reader.ts';

const MOST_BYTES = 4_194_304;

export class StdioTransport implements Transport {
  onclose?: Transport['onclose'];
  onerror?: Transport['onerror'];
  onmessage?: Transport['onmessage'];
  readonly #stdin: Readable;
  readonly #stdout: Writable;
  readonly #lines = new LineReader(MOST_BYTES);

  constructor(stdin: Readable, stdout: Writable) {
    this.#stdin = stdin;
    this.#stdout = stdout;
  }

  async start(): Promise<void> {
    this.#stdin.on('data', this.#receive);
    this.#stdin.on('error', this.#fail);
  }

  send(message: JSONRPCMessage): Promise<void> {
    return this.#write(message);
  }

  async close(): Promise<void> {
    this.#stdin.off('data', this.#receive);
    this.#stdin.off('error', this.#fail);
    this.#stdin.pause();
    this.onclose?.();
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
    this.#write({ jsonrpc: '2.0', ...refusal }).catch(this.#fail);
  }

  /** Resolves once the stream has accepted the message, so that a fast sender waits for its reader. */
  #write(message: object): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stdout.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }
}
