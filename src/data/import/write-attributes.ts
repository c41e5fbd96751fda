import { z } from 'zod';
import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { loadSql } from '../load-sql.ts';
import type { ShopFiles } from './columns/shop-files.ts';
import type { KeptTables } from './earlier-shop.ts';
import { createTable } from './staging/relations.ts';

/** Writes what customers can be filtered by, once the orders and customers are written: `raw.customer_attributes`. */
export async function writeAttributes(
  connection: DuckDBConnection,
  { attributes }: ShopFiles,
  kept: KeptTables | undefined,
): Promise<void> {
  await connection.run(loadSql('duckdb/import/create_attributes'));
  for (const [index, { name }] of attributes.entries()) {
    await connection.run(loadSql('duckdb/import/insert_attribute'), [index + 1, name]);
  }
  if (attributes.length === 0 && kept === undefined) return;
  await createTable(connection, 'said_attributes', 'duckdb/import/said_attributes');
  if (kept?.tables.has('customers') === true) {
    await connection.run(
      `insert into staging.said_attributes by name ${loadSql('duckdb/import/kept_attributes')}`,
      [kept.tables.has('orders')],
    );
  }
  await connection.run('set preserve_insertion_order = true');
  await connection.run(
    `insert into raw.customer_attributes by name ${loadSql('duckdb/import/final_attributes')}`,
  );
  await connection.run('set preserve_insertion_order = false');
}

const attributeSchema = z.object({
  attribute: z.string(),
  customers: z.coerce.number(),
  distinct_values: z.coerce.number(),
  most_frequent: z.array(z.string()),
});

/** What customers can be filtered by. */
export type LedgerAttribute = z.infer<typeof attributeSchema>;

export async function ledgerAttributes(connection: DuckDBConnection): Promise<LedgerAttribute[]> {
  const result = await connection.runAndReadAll(loadSql('duckdb/import/ledger_attributes'));
  return result.getRowObjectsJson().map((row) => attributeSchema.parse(row));
}
