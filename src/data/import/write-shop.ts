import { z } from 'zod';
import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import type { SnapshotWriter } from '../duckdb/snapshot-builder.ts';
import { loadSql } from '../load-sql.ts';
import type { IdTypes } from '../shop-tables.ts';
import type { SqlFile } from '../sql-file.ts';
import type { CheckedTable } from './checks/checked-table.ts';
import { readRow } from './staging/relations.ts';

/** Writes the rows that are kept into the shop tables of the snapshot; ids get one type over all tables. */
export async function writeShop(
  { connection, createTables }: SnapshotWriter,
  checked: readonly CheckedTable[],
): Promise<void> {
  await createTables(await idTypes(connection));
  // Rows are written sorted, so that the file does not depend on the order they were read in.
  await connection.run('set preserve_insertion_order = true');
  for (const { table, keptRows } of checked) {
    await connection.run(`insert into raw.${table} by name ${loadSql(keptRows)}`);
  }
  await writeCharges(connection);
  await connection.run('set preserve_insertion_order = false');
}

/** What lines sell that is no product stands in a table of its own: no statement recommends from it. */
async function writeCharges(connection: DuckDBConnection): Promise<void> {
  await connection.run(loadSql('duckdb/import/create_no_charges'));
  await connection.run(`insert into raw.charges by name ${loadSql('duckdb/import/final_charges')}`);
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
