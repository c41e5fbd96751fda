import { z } from 'zod';
import type { SqlValue } from '../../data-source.ts';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { loadSql } from '../../load-sql.ts';
import type { SqlFile } from '../../sql-file.ts';

const flagSchema = z.object({ is_true: z.boolean() });

/**
 * Writes the rows of a statement into the table `staging.<name>`, in place of one of that name. A list of values, even an empty
 * one, makes the driver prepare the statement, and large ones take as long to plan as to run over a small shop.
 */
export async function createTable(
  connection: DuckDBConnection,
  name: string,
  statement: SqlFile,
  values?: SqlValue[],
): Promise<void> {
  await connection.run(`create or replace table staging.${name} as ${loadSql(statement)}`, values);
}

/** Makes the rows of a statement readable as the view `staging.<name>`; each use computes them again. */
export async function createView(
  connection: DuckDBConnection,
  name: string,
  statement: SqlFile,
): Promise<void> {
  await connection.run(`create or replace view staging.${name} as ${loadSql(statement)}`);
}

/** The boolean `is_true` of a statement's only row. */
export async function readFlag(connection: DuckDBConnection, statement: SqlFile): Promise<boolean> {
  return flagSchema.parse(await readRow(connection, statement)).is_true;
}

/** The only row of a statement as an object; an empty object if it has none. */
export async function readRow(
  connection: DuckDBConnection,
  statement: SqlFile,
  values?: SqlValue[],
): Promise<Record<string, unknown>> {
  const result = await connection.runAndReadAll(loadSql(statement), values);
  return result.getRowObjectsJson()[0] ?? {};
}
