import type { DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api';
import { throwIfAborted } from '../../errors.ts';

/** A whole result. Column names are lower case. */
export interface QueryResult {
  readonly names: readonly string[];
  readonly chunks: readonly DuckDBDataChunk[];
}

/** Reads a streamed result to its end, unless `signal` aborts. */
export async function readToEnd(result: DuckDBResult, signal: AbortSignal | undefined): Promise<QueryResult> {
  const chunks: DuckDBDataChunk[] = [];
  for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
    throwIfAborted(signal);
    if (chunk.rowCount === 0) break;
    chunks.push(chunk);
  }
  return { names: result.columnNames().map((name) => name.toLowerCase()), chunks };
}
