import { z } from 'zod';
import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import type { SnapshotWriter } from '../duckdb/snapshot-builder.ts';
import { loadSql } from '../load-sql.ts';
import { type IdTypes, ROW_ORDER, type ShopTable } from '../shop-tables.ts';
import type { SqlFile } from '../sql-file.ts';
import type { CheckedTable } from './checks/checked-table.ts';
import type { KeptTables } from './earlier-shop.ts';
import { createTable, readRow } from './staging/relations.ts';

const KEPT_ROWS = {
  orders: 'duckdb/import/kept_orders',
  order_items: 'duckdb/import/kept_order_items',
  customers: 'duckdb/import/kept_customers',
  product_catalog: 'duckdb/import/kept_product_catalog',
} as const satisfies Record<ShopTable, SqlFile>;

const KEPT = 'kept_rows';

/** Writes the new rows and those that stay into the shop tables; ids get one type over all tables. */
export async function writeShop(
  { connection, createTables }: SnapshotWriter,
  checked: readonly CheckedTable[],
  kept: KeptTables | undefined,
): Promise<void> {
  await createTables(withKeptIds(await idTypes(connection), kept?.ids));
  const keepsLines = kept?.tables.has('order_items') === true;
  await connection.run('set preserve_insertion_order = true');
  await connection.run(
    `insert into raw.order_numbers by name ${loadSql('duckdb/import/final_order_numbers')}`,
  );
  await connection.run(`insert into raw.persons by name ${loadSql('duckdb/import/final_persons')}`);
  for (const { table, keptRows } of checked) {
    if (table === 'order_items') {
      const lasting = keepsLines ? 'duckdb/import/lasting_orders' : 'duckdb/import/no_lasting_orders';
      await createTable(connection, 'lasting_orders', lasting);
    }
    const rows = loadSql(keptRows);
    const keepsRows = kept?.tables.has(table) === true;
    // First joined, then sorted: a big shop's rows do not fit into memory for both at once.
    if (keepsRows) await createTable(connection, KEPT, KEPT_ROWS[table]);
    const all = keepsRows
      ? `select * from (${rows}) union all by name select * from staging.${KEPT} order by ${ROW_ORDER[table]}`
      : rows;
    await connection.run(`insert into raw.${table} by name ${all}`);
    if (keepsRows) await connection.run(`drop table staging.${KEPT}`);
  }
  // Charges are in a separate table, so that no statement recommends them.
  await connection.run(`insert into raw.charges by name ${loadSql('duckdb/import/final_charges')}`);
  // What is written is read faster than the files, but then holds earlier lines too.
  await createTable(
    connection,
    'sold_products',
    keepsLines ? 'duckdb/import/sold_products' : 'duckdb/import/written_products',
  );
  if (keepsLines) {
    await connection.run(`insert into raw.charges by name ${loadSql('duckdb/import/kept_charges')}`);
  }
  await connection.run(`insert into raw.refunds by name ${loadSql('duckdb/import/final_refunds')}`);
  await connection.run('set preserve_insertion_order = false');
}

/** If a kept id is text, all ids are. */
function withKeptIds(ids: IdTypes, kept: IdTypes | undefined): IdTypes {
  return {
    customerId: kept?.customerId === 'text' ? 'text' : ids.customerId,
    productId: kept?.productId === 'text' ? 'text' : ids.productId,
  };
}

const idTypesSchema = z.object({ text_customer_ids: z.coerce.number(), text_product_ids: z.coerce.number() });

async function idTypes(connection: DuckDBConnection): Promise<IdTypes> {
  const read = async (statement: SqlFile): Promise<IdTypes> => {
    const ids = idTypesSchema.parse(await readRow(connection, statement));
    return {
      customerId: ids.text_customer_ids === 0 ? 'integer' : 'text',
      productId: ids.text_product_ids === 0 ? 'integer' : 'text',
    };
  };
  // If all ids are integers, so are those of the usable rows, and it does not matter which these are.
  const ofAllRows = await read('duckdb/import/id_types_of_all_rows');
  if (ofAllRows.customerId === 'integer' && ofAllRows.productId === 'integer') return ofAllRows;
  return read('duckdb/import/id_types');
}
