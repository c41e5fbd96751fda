import { z } from 'zod';
import type { ImportContext } from '../import-context.ts';
import { createTable, createView, readRow } from '../staging/relations.ts';
import type { StagedShop } from '../staging/stage-shop.ts';
import { hasField, isView } from '../staging/staged-file.ts';
import type { CheckedTable } from './checked-table.ts';
import { refuseConflicts } from './conflicts.ts';

/**
 * Gives each order line, as `staging.checked_order_items`, its values and the reason why it cannot be used by itself.
 *
 * @throws IMPORT_REFUSED if lines with the same id differ
 */
export async function checkLines(
  { connection }: ImportContext,
  { order_items }: StagedShop,
): Promise<CheckedTable> {
  if (order_items.files.length === 0) {
    await createTable(connection, 'checked_order_items', 'duckdb/import/no_order_items');
    return { table: 'order_items', keptRows: 'duckdb/import/final_numbered_order_items' };
  }
  // Reading and checking typed lines again takes less time than storing the result.
  const create = isView(order_items) ? createView : createTable;
  await create(connection, 'checked_order_items', 'duckdb/import/order_items');
  if (!hasField(order_items, 'order_item_id'))
    return { table: 'order_items', keptRows: 'duckdb/import/final_numbered_order_items' };
  if (await haveDistinctIds(connection)) {
    return { table: 'order_items', keptRows: 'duckdb/import/final_distinct_order_items' };
  }
  await refuseConflicts(
    connection,
    'duckdb/import/conflicting_order_items',
    'order lines that occur twice with different content',
  );
  // Orders are the sums of their lines, so a line that is repeated must not be in them twice.
  await createTable(connection, 'lines_once', 'duckdb/import/lines_once');
  await connection.run(`drop ${isView(order_items) ? 'view' : 'table'} staging.checked_order_items`);
  await connection.run('alter table staging.lines_once rename to checked_order_items');
  return { table: 'order_items', keptRows: 'duckdb/import/final_order_items' };
}

const distinctSchema = z.object({ all_distinct: z.boolean() });

/** If every line has a unique id, lines need not be compared. */
async function haveDistinctIds(connection: ImportContext['connection']): Promise<boolean> {
  const ofAllRows = await readRow(connection, 'duckdb/import/order_item_ids_of_all_rows');
  if (distinctSchema.parse(ofAllRows).all_distinct) return true;
  return distinctSchema.parse(await readRow(connection, 'duckdb/import/order_item_ids')).all_distinct;
}
