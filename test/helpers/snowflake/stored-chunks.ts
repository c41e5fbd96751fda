import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Cell } from './wire-format.ts';

const KEY_HEADER = 'x-amz-server-side-encryption-customer-key';

/** Rows of big results, as they lie in a cloud's storage: to be had by a path and the header that goes with it. */
export class StoredChunks {
  readonly #rowsPerChunk: number;
  readonly #chunks = new Map<string, { text: string; key: string }>();

  constructor(rowsPerChunk: number) {
    this.#rowsPerChunk = rowsPerChunk;
  }

  /** What of an answer tells the rows: the first ones, and where the others are. */
  store(queryId: string, rows: readonly Cell[][], url: string) {
    const first = rows.slice(0, this.#rowsPerChunk);
    if (first.length === rows.length) return { rowset: rows };
    const key = randomUUID();
    const chunks = [];
    for (let start = first.length; start < rows.length; start += this.#rowsPerChunk) {
      const some = rows.slice(start, start + this.#rowsPerChunk);
      // A chunk is the inside of a JSON array.
      const text = JSON.stringify(some).slice(1, -1);
      const path: string = `/chunks/${queryId}/${chunks.length}`;
      this.#chunks.set(path, { text, key });
      chunks.push({
        url: `${url}${path}`,
        rowCount: some.length,
        uncompressedSize: text.length,
        compressedSize: text.length,
      });
    }
    return { rowset: first, chunks, chunkHeaders: { [KEY_HEADER]: key } };
  }

  find(path: string, headers: IncomingHttpHeaders): string | undefined {
    const chunk = this.#chunks.get(path);
    return chunk !== undefined && headers[KEY_HEADER] === chunk.key ? chunk.text : undefined;
  }
}
