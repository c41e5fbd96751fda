import { z } from 'zod';
import { loadSql } from '../../load-sql.ts';
import type { ImportContext } from '../import-context.ts';
import { createTable, readRow } from '../staging/relations.ts';
import { createLinesView, separateUses } from './reused-order-ids.ts';

const appendedSchema = z.object({
  new_orders: z.coerce.number(),
  equal_orders: z.coerce.number(),
  corrected_orders: z.coerce.number(),
  removed_orders: z.coerce.number(),
});

/** What an import that adds to the previous data did with the orders of its files. */
export type AppendedOrders = z.infer<typeof appendedSchema>;

/** Statements that give an order its new id wherever the import holds it. */
const RENAMES = [
  'duckdb/import/rename_checked_orders',
  'duckdb/import/rename_corrected_orders',
  'duckdb/import/rename_staying_orders',
  'duckdb/import/rename_file_orders',
] as const;

/**
 * Puts the orders of the files beside those of the previous snapshot, as if all had been in one file. An order with the
 * number, the customer and nearly the day of an earlier one is the same order, so it replaces that one
 * (`staging.corrected_orders`). All others stay (`staging.staying_orders`). If a number is used by orders of both, each
 * use gets an id of its own.
 *
 * @throws IMPORT_REFUSED if two customers have one order on one day
 */
export async function meetEarlierOrders(context: ImportContext): Promise<void> {
  const { connection } = context;
  await createTable(connection, 'file_orders', 'duckdb/import/file_orders');
  await createTable(
    connection,
    'corrected_orders',
    context.request.isOfLog === true ? 'duckdb/refresh/corrected_orders' : 'duckdb/import/corrected_orders',
  );
  await connection.run(loadSql('duckdb/import/insert_staying_orders'));
  await separateUses(context, 'duckdb/import/met_orders');
  await createTable(connection, 'renamed_orders', 'duckdb/import/renamed_orders');
  for (const rename of RENAMES) await connection.run(loadSql(rename));
  await createLinesView(context, 'lines_of_files', 'duckdb/import/lines_of_renamed_orders');
  await createTable(connection, 'order_numbers', 'duckdb/import/order_numbers_with_staying');
}

/** Counts what became of the orders of the files, once every row is checked. */
export async function countAppendedOrders({ connection }: ImportContext): Promise<AppendedOrders> {
  return appendedSchema.parse(await readRow(connection, 'duckdb/import/appended_orders'));
}
