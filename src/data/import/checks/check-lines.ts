import { z } from 'zod';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import type { SqlFile } from '../../sql-file.ts';
import type { ImportContext } from '../import-context.ts';
import { createTable, createView, readRow } from '../staging/relations.ts';
import type { StagedShop } from '../staging/stage-shop.ts';
import { hasField } from '../staging/staged-file.ts';
import type { CheckedTable } from './checked-table.ts';
import { refuseConflicts } from './conflicts.ts';
import { takeBack } from './taken-back-orders.ts';

/**
 * Gives each order line, as `staging.checked_order_items`, its values and the reason why it cannot be used by itself.
 *
 * @param wanted whether each use reads and checks the lines again, or they are stored
 * @throws IMPORT_REFUSED if lines with the same id differ
 */
export async function checkLines(
  { connection }: ImportContext,
  { order_items }: StagedShop,
  wanted: 'view' | 'table',
): Promise<CheckedTable> {
  if (order_items.files.length === 0) {
    await createTable(connection, 'checked_order_items', 'duckdb/import/no_order_items');
    return { table: 'order_items', keptRows: 'duckdb/import/final_numbered_order_items' };
  }
  let kind = wanted;
  const create = kind === 'view' ? createView : createTable;
  await create(connection, 'checked_order_items', 'duckdb/import/order_items');
  if (!hasField(order_items, 'order_item_id'))
    return { table: 'order_items', keptRows: 'duckdb/import/final_numbered_order_items' };
  const distinct = { table: 'order_items', keptRows: 'duckdb/import/final_distinct_order_items' } as const;
  // What holds for all rows holds for those that are used, and takes less to find out.
  if (await areDistinct(connection, 'duckdb/import/order_item_ids_of_all_rows')) return distinct;
  if (order_items.files.length > 1) {
    if (kind === 'view') await replaceLines(connection, 'duckdb/import/order_items', kind);
    kind = 'table';
    await takeBack({ connection }, 'lines');
  }
  if (await areDistinct(connection, 'duckdb/import/order_item_ids')) return distinct;
  await refuseConflicts(
    connection,
    'duckdb/import/conflicting_order_items',
    'order lines that occur twice with different content',
  );
  // Orders are the sums of their lines, so a line that is repeated must not be in them twice.
  await replaceLines(connection, 'duckdb/import/lines_once', kind);
  return { table: 'order_items', keptRows: 'duckdb/import/final_order_items' };
}

const distinctSchema = z.object({ all_distinct: z.boolean() });

/** Makes the checked lines a table of a statement's rows. @param kind what they are so far */
async function replaceLines(
  connection: DuckDBConnection,
  statement: SqlFile,
  kind: 'view' | 'table',
): Promise<void> {
  await createTable(connection, 'replaced_lines', statement);
  await connection.run(`drop ${kind} staging.checked_order_items`);
  await connection.run('alter table staging.replaced_lines rename to checked_order_items');
}

/** If every line has a unique id, lines need not be compared. */
async function areDistinct(connection: DuckDBConnection, statement: SqlFile): Promise<boolean> {
  return distinctSchema.parse(await readRow(connection, statement)).all_distinct;
}
