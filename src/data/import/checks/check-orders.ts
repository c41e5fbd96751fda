import { z } from 'zod';
import { loadSql } from '../../load-sql.ts';
import type { ShopFiles } from '../columns/shop-files.ts';
import type { ImportContext } from '../import-context.ts';
import { createTable, createView, readRow } from '../staging/relations.ts';
import type { StagedShop } from '../staging/stage-shop.ts';
import type { CheckedTable } from './checked-table.ts';
import { refuseConflicts } from './conflicts.ts';
import { addUpOrderParts } from './order-parts.ts';
import { findReusedOrderIds, renameLines, renameOrders } from './reused-order-ids.ts';
import { takeBack } from './taken-back-orders.ts';

/** Orders that are later than today are left out; one that is more than a year ahead is a typing error. */
const DAYS_AHEAD = 366;

const distinctSchema = z.object({ all_distinct: z.boolean() });

/**
 * Gives each order, as `staging.checked_orders`, its values and the reason why it cannot be used. Without a file
 * of orders they are derived from the checked lines.
 *
 * @returns whether no order is on two rows
 * @throws IMPORT_REFUSED if an order has several customers on one day, or rows that differ
 */
export async function checkOrders(
  context: ImportContext,
  shop: ShopFiles,
  staged: StagedShop,
): Promise<boolean> {
  const { connection } = context;
  await connection.run(loadSql('duckdb/import/create_order_numbers'));
  await createCheckedOrders(context, shop);
  if (shop.derivesOrders) await splitOrdersOfLines(context, shop);
  const areDistinct = await haveDistinctIds(context);
  await connection.run('set variable order_ids_are_distinct = ?', [areDistinct]);
  if (!areDistinct && !shop.derivesOrders) {
    // Lines that name an order by its number alone do not tell which use of it they are of.
    const hasLines = staged.order_items.files.length > 0;
    if (!hasLines && (await findReusedOrderIds(context, 'duckdb/import/reused_order_rows'))) {
      await renameOrders(context);
    }
    if (!hasLines) await addUpOrderParts(context);
    if (staged.orders.files.length > 1) await takeBack(context, 'orders');
    await refuseConflicts(
      connection,
      'duckdb/import/conflicting_orders',
      'orders that occur twice with different content',
    );
  }
  await createView(connection, 'usable_orders', 'duckdb/import/usable_orders');
  return areDistinct;
}

/** Says as `staging.order_states` for each order id whether its lines can be used. */
export async function settleOrders(
  { connection }: ImportContext,
  areDistinct: boolean,
): Promise<CheckedTable> {
  if (areDistinct) {
    await createView(connection, 'order_states', 'duckdb/import/states_of_distinct_orders');
    return { table: 'orders', keptRows: 'duckdb/import/final_distinct_orders' };
  }
  await createTable(connection, 'order_states', 'duckdb/import/order_states');
  return { table: 'orders', keptRows: 'duckdb/import/final_orders' };
}

async function haveDistinctIds({ connection }: ImportContext): Promise<boolean> {
  return distinctSchema.parse(await readRow(connection, 'duckdb/import/distinct_order_ids')).all_distinct;
}

/** Orders of lines whose number is used again are put together anew, one for each use. */
async function splitOrdersOfLines(context: ImportContext, shop: ShopFiles): Promise<void> {
  if (!(await findReusedOrderIds(context, 'duckdb/import/reused_lines'))) return;
  await renameLines(context);
  await context.connection.run('drop table staging.checked_orders');
  await createCheckedOrders(context, shop);
}

async function createCheckedOrders({ connection, now }: ImportContext, shop: ShopFiles): Promise<void> {
  const today = now.toISOString().slice(0, 10);
  const lastPossibleDate = new Date(now.getTime() + DAYS_AHEAD * 86_400_000).toISOString().slice(0, 10);
  if (shop.derivesOrders) {
    await createTable(connection, 'checked_orders', 'duckdb/import/orders_from_items', [
      today,
      lastPossibleDate,
    ]);
    return;
  }
  await connection.run('set variable derives_order_ids = ?', [shop.derivesOrderIds]);
  await connection.run('set variable without_amounts = ?', [shop.withoutAmounts]);
  await createTable(connection, 'checked_orders', 'duckdb/import/orders', [today, lastPossibleDate]);
}
