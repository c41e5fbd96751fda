import type { DuckDBConnection } from './duckdb-engine.ts';

/** The one number that a statement gives. */
export async function readCount(connection: DuckDBConnection, statement: string): Promise<number> {
  const result = await connection.runAndReadAll(statement);
  return Number(result.getRowsJson()[0]?.[0] ?? 0);
}
