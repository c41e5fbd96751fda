import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import type { StagedTable } from './staged-file.ts';

/** The type of each staged field, as the engine names it; without a file there is none. */
export async function stagedTypes(
  connection: DuckDBConnection,
  { table, files }: StagedTable,
): Promise<ReadonlyMap<string, string>> {
  if (files.length === 0) return new Map();
  const result = await connection.runAndReadAll(`describe staging.${table}`);
  return new Map(result.getRowObjectsJson().map((row) => [String(row.column_name), String(row.column_type)]));
}
