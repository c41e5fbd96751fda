import { z } from 'zod';
import type { ShopFiles } from '../columns/shop-files.ts';
import type { ImportContext } from '../import-context.ts';
import { createTable, createView, readRow } from '../staging/relations.ts';
import type { CheckedTable } from './checked-table.ts';
import { refuseConflicts } from './conflicts.ts';

/** Orders that are later than today are left out; one that is more than a year ahead is a typing error. */
const DAYS_AHEAD = 366;

const distinctSchema = z.object({ all_distinct: z.boolean() });

/**
 * Gives each order, as `staging.checked_orders`, its values and the reason why it cannot be used. Without a file
 * of orders they are derived from the checked lines. `staging.order_states` then says for each order id whether its
 * lines can be used.
 *
 * @throws IMPORT_REFUSED if an order has several customers, or rows that differ
 */
export async function checkOrders(context: ImportContext, shop: ShopFiles): Promise<CheckedTable> {
  const { connection } = context;
  await createCheckedOrders(context, shop);
  const distinct = await readRow(connection, 'duckdb/import/distinct_order_ids');
  if (distinctSchema.parse(distinct).all_distinct) {
    await createView(connection, 'order_states', 'duckdb/import/states_of_distinct_orders');
    return { table: 'orders', keptRows: 'duckdb/import/final_distinct_orders' };
  }
  if (!shop.derivesOrders) {
    await refuseConflicts(
      connection,
      'duckdb/import/conflicting_orders',
      'orders that occur twice with different content',
    );
  }
  await createTable(connection, 'order_states', 'duckdb/import/order_states');
  return { table: 'orders', keptRows: 'duckdb/import/final_orders' };
}

async function createCheckedOrders({ connection, now }: ImportContext, shop: ShopFiles): Promise<void> {
  const today = now.toISOString().slice(0, 10);
  const lastPossibleDate = new Date(now.getTime() + DAYS_AHEAD * 86_400_000).toISOString().slice(0, 10);
  if (shop.derivesOrders) {
    await createTable(connection, 'checked_orders', 'duckdb/import/orders_from_items', [
      today,
      lastPossibleDate,
    ]);
    await refuseConflicts(
      connection,
      'duckdb/import/conflicting_customers_of_orders',
      'order ids that are used again, by another customer or more than 30 days later',
    );
    return;
  }
  await createTable(connection, 'checked_orders', 'duckdb/import/orders', [
    today,
    lastPossibleDate,
    shop.derivesOrderIds,
    shop.withoutAmounts,
  ]);
}
