import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import type { ShopTable } from '../../shop-tables.ts';

/**
 * What is written in a field, NULL if nothing is: a text without the spaces around it, a typed value as it is. This is
 * the macro `<table>_<field>_written`.
 */
export async function createWrittenMacro(
  connection: DuckDBConnection,
  table: ShopTable,
  field: string,
  type: string,
): Promise<void> {
  const written = type === 'VARCHAR' ? "nullif(trim(t), '')" : 't';
  await connection.run(`create temp macro ${table}_${field}_written(t) as ${written}`);
}

/** Makes the texts of a column readable as `written_texts(t)`, for the statements that count how they are written. */
export async function viewTexts(
  connection: DuckDBConnection,
  relation: string,
  field: string,
): Promise<void> {
  await connection.run(
    `create or replace temp view written_texts as select ${field} as t from staging.${relation}`,
  );
}
