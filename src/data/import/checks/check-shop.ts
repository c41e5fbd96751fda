import { loadSql } from '../../load-sql.ts';
import type { ShopFiles } from '../columns/shop-files.ts';
import type { EarlierShop } from '../earlier-shop.ts';
import type { ImportContext } from '../import-context.ts';
import { type Charge, findCharges } from '../meaning/find-charges.ts';
import { takeOffRefunds } from '../meaning/refunds.ts';
import type { SmallShop } from '../small-shop.ts';
import { createTable, createView } from '../staging/relations.ts';
import type { StagedShop } from '../staging/stage-shop.ts';
import { isView } from '../staging/staged-file.ts';
import type { WrittenForms } from '../values/value-macros.ts';
import { checkCatalogue } from './check-catalogue.ts';
import { checkCustomers } from './check-customers.ts';
import { checkLines } from './check-lines.ts';
import { checkOrders, settleOrders } from './check-orders.ts';
import type { CheckedTable } from './checked-table.ts';
import { type AppendedOrders, countAppendedOrders, meetEarlierOrders } from './earlier-orders.ts';

/** The staged rows, and how their values are written. */
interface StagedValues {
  readonly staged: StagedShop;
  readonly forms: WrittenForms;
}

/** All rows of the files with their values, and the findings of the checks that need no other rows. */
export interface CheckedRows {
  readonly lines: CheckedTable;
  readonly customers: CheckedTable;
  readonly catalogue: CheckedTable;
  readonly charges: readonly Charge[];
  /** Whether no order is on two rows. */
  readonly areDistinct: boolean;
}

/** The rows of the files beside those of the previous snapshot that stay. */
export interface CheckedShop {
  /** The tables in the order in which they are written. */
  readonly tables: readonly CheckedTable[];
  /** Undefined if the import does not add to earlier data. */
  readonly appended: AppendedOrders | undefined;
}

/**
 * Checks every staged row by itself and beside the others of the files: `staging.checked_<table>` has its values and a
 * `reason`, NULL if it can be used. Lines come first, because orders may get their totals from them.
 *
 * @throws IMPORT_REFUSED if rows contradict each other
 */
export async function checkRows(
  context: ImportContext,
  shop: ShopFiles,
  { staged, forms }: StagedValues,
): Promise<CheckedRows> {
  const lines = await checkLines(context, staged, kindOfLines(context, shop, { staged, forms }));
  const catalogue = await checkCatalogue(context, staged);
  const charges = await findCharges(context);
  const areDistinct = await checkOrders(context, shop, staged);
  const customers = await checkCustomers(context, staged);
  return { lines, customers, catalogue, charges, areDistinct };
}

/**
 * Typed lines, and texts that a cast alone reads, take less time to read and check again than the result takes to store. If
 * orders are made of the lines, each line is read so often that it is stored. So are few lines.
 */
function kindOfLines(
  { mostStoredLines }: ImportContext,
  shop: ShopFiles,
  { staged, forms }: StagedValues,
): 'view' | 'table' {
  const count = staged.order_items.files.reduce((sum, { rows }) => sum + rows, 0);
  if (count <= mostStoredLines) return 'table';
  if (isView(staged.order_items)) return 'view';
  const arePlain = forms.idsAreAsWritten && forms.withPlainNumbers.has('order_items');
  return arePlain && !shop.derivesOrders ? 'view' : 'table';
}

/**
 * Puts the checked rows beside those of the previous snapshot. Which lines cannot be used follows from their orders too:
 * `staging.unused_lines` has these and why, and `staging.used_order_items` all others.
 *
 * @throws IMPORT_REFUSED if rows contradict those that stay
 */
export async function checkShop(
  context: ImportContext,
  { lines, customers, catalogue, areDistinct }: CheckedRows,
  earlier: EarlierShop | undefined,
  bringOrdersOfRefunds: SmallShop['bringOrdersOfRefunds'] | undefined,
): Promise<CheckedShop> {
  const { connection } = context;
  await connection.run(loadSql('duckdb/import/create_staying_orders'));
  const addsToEarlier = earlier !== undefined && context.request.mode === 'append';
  if (addsToEarlier) await meetEarlierOrders(context);
  const orders = await settleOrders(context, areDistinct);
  const isOfLog = context.request.isOfLog === true;
  await takeOffRefunds(connection, { withEarlier: addsToEarlier, isOfLog, bringOrdersOfRefunds });
  await createTable(connection, 'unused_lines', 'duckdb/import/unused_lines');
  await createView(connection, 'used_order_items', 'duckdb/import/used_order_items');
  const isCounted = addsToEarlier && !isOfLog;
  const appended = isCounted ? await countAppendedOrders(context) : undefined;
  return { tables: [orders, lines, customers, catalogue], appended };
}
