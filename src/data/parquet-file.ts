import { dirname } from 'node:path';
import type { ColumnTable } from './data-source.ts';
import { columnTableOf } from './duckdb/column-reader.ts';
import { openEngine, withConnection } from './duckdb/duckdb-engine.ts';

/** Reads a Parquet file of ours whole. */
export async function readParquet(file: string, signal?: AbortSignal | undefined): Promise<ColumnTable> {
  const instance = await openEngine(':memory:', { readOnly: false, spillIn: dirname(file) });
  try {
    return await withConnection(instance, signal, async (connection) => {
      const result = await connection.run('select * from read_parquet(?)', [file]);
      return columnTableOf(result.columnNames(), await result.fetchAllChunks());
    });
  } finally {
    instance.closeSync();
  }
}
