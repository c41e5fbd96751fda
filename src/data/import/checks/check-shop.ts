import type { ShopFiles } from '../columns/shop-files.ts';
import type { ImportContext } from '../import-context.ts';
import { createView } from '../staging/relations.ts';
import type { StagedShop } from '../staging/stage-shop.ts';
import { checkCatalogue } from './check-catalogue.ts';
import { checkCustomers } from './check-customers.ts';
import { checkLines } from './check-lines.ts';
import { checkOrders } from './check-orders.ts';
import type { CheckedTable } from './checked-table.ts';

/**
 * Checks every staged row: `staging.checked_<table>` has its values and a `reason`, NULL if it can be used. Lines come
 * first, because orders may get their totals from them; a line's last reason, `staging.resolved_order_items`, comes from
 * its order.
 *
 * @returns the tables in the order in which they are to be written
 * @throws IMPORT_REFUSED if rows contradict each other
 */
export async function checkShop(
  context: ImportContext,
  shop: ShopFiles,
  staged: StagedShop,
): Promise<readonly CheckedTable[]> {
  const lines = await checkLines(context, staged);
  const orders = await checkOrders(context, shop);
  await createView(context.connection, 'resolved_order_items', 'duckdb/import/resolved_order_items');
  const customers = await checkCustomers(context);
  const catalogue = await checkCatalogue(context);
  return [orders, lines, customers, catalogue];
}
