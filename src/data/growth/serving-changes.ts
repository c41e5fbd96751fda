import type { DataSummary } from '../data-source.ts';
import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { readCount } from '../duckdb/read-count.ts';
import { createServingTable } from '../duckdb/serving-table.ts';
import { readRow } from '../import/staging/relations.ts';
import { loadSql } from '../load-sql.ts';
import { type ServingTable, servingTable } from '../serving-tables.ts';
import { addPairs, LAST_DAY, PAIR } from './added-pairs.ts';
import { addSums, LINES, SALES } from './added-sums.ts';
import { changeRows, changeUnits, replaceRowsOfCustomers } from './changed-rows.ts';
import { changeCommonBuyers, rememberBaskets } from './common-buyers.ts';

/** How the rows of a serving table follow changed orders. */
type Following =
  /** A customer's rows depend on the customer's orders alone; those that differ are replaced. */
  | { readonly of: 'customer'; readonly unit: readonly string[] }
  /** The same with one row per customer, which nearly always differs; of `day`: and on the day. */
  | { readonly of: 'customer row' | 'customer row and day' }
  /** Rows are sums over a customer's lines of a product. */
  | { readonly of: 'pairs' }
  /** Rows are sums over what customers bought of a product up to the day. */
  | { readonly of: 'sums and day' }
  /** Numbers of common buyers, which follow the baskets. */
  | { readonly of: 'baskets' }
  /** The statement runs over the tables above, which are small or read quickly. */
  | { readonly of: 'all' };

const FOLLOWING: Readonly<Record<ServingTable['table'], Following>> = {
  customer_order_analytics: { of: 'customer row' },
  customer_segments: { of: 'customer row and day' },
  purchased_pairs: { of: 'pairs' },
  customer_months: { of: 'customer', unit: ['customer_id', 'order_month'] },
  product_sales: { of: 'sums and day' },
  product_statistics: { of: 'all' },
  recommendation_customers: { of: 'customer row and day' },
  recommendation_products: { of: 'all' },
  observed_baskets: { of: 'all' },
  common_buyers: { of: 'baskets' },
  product_neighbors: { of: 'all' },
  churn_features: { of: 'customer row and day' },
};

export const LINE_TOTALS = servingTable('product_line_totals');

/** Makes the totals of order lines of `whole` follow its changed orders: the first of the serving tables, as the summary counts products by them. */
export async function followLines(connection: DuckDBConnection): Promise<void> {
  await addSums(connection, LINE_TOTALS, { ...LINES, day: LAST_DAY });
}

export interface ServingChange {
  readonly connection: DuckDBConnection;
  /** What the snapshots hold, then and now. */
  readonly before: DataSummary;
  readonly now: DataSummary;
}

/**
 * Makes a serving table of the snapshot `whole` follow its changed orders: by the one statement of the table, over the
 * small shop `next` if a row depends on one customer's orders, else over all orders. The tables above it have followed before.
 *
 * @returns how many rows were put at the end of the table; undefined if it was built anew
 */
export async function followChanges(
  change: ServingChange,
  serving: ServingTable,
): Promise<number | undefined> {
  const { connection } = change;
  const table = `interactive.${serving.table}`;
  const placed = `earlier.nearby_${serving.table}`;
  const following = FOLLOWING[serving.table] ?? { of: 'all' };
  if (following.of === 'all' || (await needsAllRows(change, serving, following))) {
    await compute(change, serving, 'whole');
    return undefined;
  }
  if (following.of === 'baskets') {
    await changeCommonBuyers(connection);
    return undefined;
  }
  if (following.of === 'sums and day') {
    await addSums(connection, serving, { ...SALES, day: change.now.lastOrderDate });
    return undefined;
  }
  if (following.of === 'pairs') {
    await addPairs(connection, serving, change.now);
    await widenSums(connection, serving);
    return await changeUnits(connection, { table, unit: PAIR, sortedBy: 'all', placed });
  }
  await compute(change, serving, 'next');
  await widenSums(connection, serving);
  if (following.of !== 'customer') return await replaceRowsOfCustomers(connection, table);
  return await changeRows(connection, { table, unit: following.unit, sortedBy: 'all', placed });
}

/** On another day every row is another, and so it is by other thresholds or another category of a product. */
async function needsAllRows(
  { connection, before, now }: ServingChange,
  { table, bindsThresholds }: ServingTable,
  { of }: Following,
): Promise<boolean> {
  if (of.endsWith('and day') && before.lastOrderDate !== now.lastOrderDate) return true;
  if (bindsThresholds && JSON.stringify(before.segmentThresholds) !== JSON.stringify(now.segmentThresholds))
    return true;
  return table === 'churn_features' && (await haveCategoriesChanged(connection));
}

/** Also leaves what the small shop reads: the statement of its churn features reads the categories of products. */
async function compute(
  { connection, now }: ServingChange,
  serving: ServingTable,
  where: 'whole' | 'next',
): Promise<void> {
  const isOfProducts = serving.table === 'product_statistics';
  if (isOfProducts) await rememberCategories(connection);
  if (serving.table === 'observed_baskets') await rememberBaskets(connection);
  await connection.run(`use ${where}`);
  await connection.run(`drop table if exists ${where}.interactive.${serving.table}`);
  // The small shop itself has only the lines that the import read.
  const relations = where === 'next' ? { 'raw.order_items': 'nearby_lines' } : {};
  await createServingTable(connection, serving, now, relations);
  if (isOfProducts) {
    await connection.run(
      'create table next.interactive.product_statistics as select * from whole.interactive.product_statistics',
    );
  }
}

/** Sums that no longer fit into 18 digits make their column wider. */
async function widenSums(connection: DuckDBConnection, { table, sums = [] }: ServingTable): Promise<void> {
  for (const sum of sums) {
    const values = [table, sum];
    const [now, before] = await Promise.all([
      readRow(connection, 'duckdb/refresh/type_of_sum', ['next', ...values]),
      readRow(connection, 'duckdb/refresh/type_of_sum', ['whole', ...values]),
    ]);
    if (now.width === before.width || now.width !== 38) continue;
    await connection.run(`alter table whole.interactive.${table} alter ${sum} type decimal(38, 4)`);
  }
}

async function rememberCategories(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    'create temp table categories_before as select product_id, product_category from whole.interactive.product_statistics',
  );
}

async function haveCategoriesChanged(connection: DuckDBConnection): Promise<boolean> {
  return (await readCount(connection, loadSql('duckdb/refresh/changed_categories'))) > 0;
}
