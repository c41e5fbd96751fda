import { loadSql } from '../../load-sql.ts';
import type { ShopFiles } from '../columns/shop-files.ts';
import type { EarlierShop } from '../earlier-shop.ts';
import type { ImportContext } from '../import-context.ts';
import { type Charge, findCharges } from '../meaning/find-charges.ts';
import { type RefundTotals, takeOffRefunds } from '../meaning/refunds.ts';
import { createTable, createView } from '../staging/relations.ts';
import type { StagedShop } from '../staging/stage-shop.ts';
import { checkCatalogue } from './check-catalogue.ts';
import { checkCustomers } from './check-customers.ts';
import { checkLines } from './check-lines.ts';
import { checkOrders } from './check-orders.ts';
import type { CheckedTable } from './checked-table.ts';
import { type AppendedOrders, countAppendedOrders } from './earlier-orders.ts';

/** All rows with their values, and the findings of the checks. */
export interface CheckedShop {
  /** The tables in the order in which they are written. */
  readonly tables: readonly CheckedTable[];
  readonly charges: readonly Charge[];
  readonly refunds: RefundTotals;
  /** Undefined if the import does not add to earlier data. */
  readonly appended: AppendedOrders | undefined;
}

/**
 * Checks every staged row: `staging.checked_<table>` has its values and a `reason`, NULL if it can be used. Lines come
 * first, because orders may get their totals from them. Which lines cannot be used follows from their orders too:
 * `staging.unused_lines` has these and why, and `staging.used_order_items` all others.
 *
 * @throws IMPORT_REFUSED if rows contradict each other
 */
export async function checkShop(
  context: ImportContext,
  shop: ShopFiles,
  staged: StagedShop,
  earlier: EarlierShop | undefined,
): Promise<CheckedShop> {
  const { connection } = context;
  const lines = await checkLines(context, staged);
  const catalogue = await checkCatalogue(context, staged);
  const charges = await findCharges(context);
  await connection.run(loadSql('duckdb/import/create_staying_orders'));
  const addsToEarlier = earlier !== undefined && context.request.mode === 'append';
  const orders = await checkOrders(context, shop, staged, addsToEarlier);
  const refunds = await takeOffRefunds(context, addsToEarlier);
  await createTable(connection, 'unused_lines', 'duckdb/import/unused_lines');
  await createView(connection, 'used_order_items', 'duckdb/import/used_order_items');
  const isCounted = addsToEarlier && context.request.isOfLog !== true;
  const appended = isCounted ? await countAppendedOrders(context) : undefined;
  const customers = await checkCustomers(context, staged);
  return { tables: [orders, lines, customers, catalogue], charges, refunds, appended };
}
