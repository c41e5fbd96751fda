import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import type { ShopTable } from '../../shop-tables.ts';
import { IMPORT_FIELDS } from '../columns/import-fields.ts';

/**
 * Defines the macro `<table>_<field>_written`: the content of a field, trimmed if it is text, NULL if it is empty.
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

/** Makes the texts of columns readable as `written_texts(t)`, for the statements that count their forms. */
export async function viewTexts(
  connection: DuckDBConnection,
  relation: string,
  ...fields: readonly string[]
): Promise<void> {
  const columns = fields.map((field) => `select ${field} as t from staging.${relation}`);
  await connection.run(`create or replace temp view written_texts as ${columns.join(' union all ')}`);
}

/** Makes the texts of a column of amounts readable as `written_amounts(t, currency)`, with what the row says of its currency. */
export async function viewAmounts(
  connection: DuckDBConnection,
  table: ShopTable,
  field: string,
): Promise<void> {
  const fields: readonly string[] = IMPORT_FIELDS[table];
  const currency = fields.includes('currency') ? 'currency' : 'cast(null as varchar)';
  await connection.run(
    `create or replace temp view written_amounts as select ${field} as t, ${currency} as currency from staging.${table}`,
  );
}
