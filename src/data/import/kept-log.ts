import { z } from 'zod';
import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { quoteIdentifier } from '../duckdb/sql-quoting.ts';
import { loadSql } from '../load-sql.ts';
import type { ImportContext } from './import-context.ts';

/** The table of schema `ingest` that says up to where the log is folded into the snapshot. */
export const LOG_POSITION = 'position';

const tableSchema = z.object({ table_name: z.string() });

/** The tables of the previous snapshot that hold rows of the log; none if it has none. */
export async function earlierLogTables(connection: DuckDBConnection): Promise<string[]> {
  const result = await connection.runAndReadAll(loadSql('duckdb/import/earlier_log_tables'));
  return result.getRowObjectsJson().map((row) => tableSchema.parse(row).table_name);
}

/**
 * Keeps in the new snapshot up to where the log was folded into the one before: those rows are not folded again. If the
 * import adds to the data, the rows themselves stay too, because later ones may correct them.
 */
export async function keepLog({ connection, request }: ImportContext): Promise<void> {
  const tables = await earlierLogTables(connection);
  if (tables.length === 0) return;
  await connection.run('create schema ingest');
  for (const table of tables) {
    const name = quoteIdentifier(table);
    const stays = table === LOG_POSITION || request.mode === 'append';
    await connection.run(
      `create table ingest.${name} as select * from earlier.ingest.${name} where ${stays}`,
    );
  }
}
