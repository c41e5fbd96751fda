import type { DataSummary } from '../data-source.ts';
import type { DuckDBConnection } from '../duckdb/duckdb-engine.ts';
import { readCount } from '../duckdb/read-count.ts';
import { createServingTable } from '../duckdb/serving-table.ts';
import { createTemporary } from '../import/log-rows.ts';
import { readRow } from '../import/staging/relations.ts';
import { loadSql } from '../load-sql.ts';
import type { ServingTable } from '../serving-tables.ts';
import { changeRows, replaceRowsOfCustomers } from './changed-rows.ts';

/** How the rows of a serving table follow changed orders. */
type Following =
  /** A customer's rows depend on the customer's orders alone; those that differ are replaced. */
  | { readonly of: 'customer'; readonly unit: readonly string[] }
  /** The same with one row per customer, which nearly always differs; of `day`: and on the day. */
  | { readonly of: 'customer row' | 'customer row and day' }
  /** Rows are sums over lines: what the lines nearby say more than before is added. */
  | { readonly of: 'sums of lines' }
  /** Rows depend on all orders, so the statement runs over all of them. */
  | { readonly of: 'all' };

const FOLLOWING: Readonly<Record<ServingTable['table'], Following>> = {
  customer_order_analytics: { of: 'customer row' },
  customer_segments: { of: 'customer row and day' },
  purchased_pairs: { of: 'customer', unit: ['customer_id', 'product_id'] },
  customer_months: { of: 'customer', unit: ['customer_id', 'order_month'] },
  product_line_totals: { of: 'sums of lines' },
  product_statistics: { of: 'all' },
  recommendation_customers: { of: 'customer row and day' },
  recommendation_products: { of: 'all' },
  product_neighbors: { of: 'all' },
  churn_features: { of: 'customer row and day' },
};

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
  const following = FOLLOWING[serving.table] ?? { of: 'all' };
  if (following.of === 'sums of lines') return await addLines(change, serving);
  if (following.of === 'all' || (await needsAllRows(change, serving, following))) {
    await compute(change, serving, 'whole');
    return undefined;
  }
  await compute(change, serving, 'next');
  await widenSums(connection, serving);
  if (following.of !== 'customer') return await replaceRowsOfCustomers(connection, table);
  return await changeRows(connection, { table, unit: following.unit, sortedBy: 'all' });
}

/** On another day every row is another, and so it is by other thresholds or another category of a product. */
async function needsAllRows(
  { connection, before, now }: ServingChange,
  { table, bindsThresholds }: ServingTable,
  { of }: Following,
): Promise<boolean> {
  if (of === 'customer row and day' && before.lastOrderDate !== now.lastOrderDate) return true;
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
  await connection.run(`use ${where}`);
  await connection.run(`drop table if exists ${where}.interactive.${serving.table}`);
  await createServingTable(connection, serving, now);
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

/** No order is later than this day. */
const LAST_DAY = '9999-12-31';

/** Products that lost a line with their lowest or highest price are counted anew, by the same statement over their lines. */
async function addLines({ connection }: ServingChange, { table, file }: ServingTable): Promise<undefined> {
  const totals = loadSql(file);
  for (const [database, name] of [
    ['earlier', 'lines_before'],
    ['next', 'lines_now'],
  ] as const) {
    await connection.run(`use ${database}`);
    await connection.run(`create temp table ${name} as ${totals}`, [LAST_DAY]);
  }
  await connection.run('use whole');
  await createTemporary(connection, 'added_lines', 'duckdb/refresh/added_lines');
  await createTemporary(connection, 'lines_to_recount', 'duckdb/refresh/lines_to_recount');
  await createTemporary(connection, 'orders_to_recount', 'duckdb/refresh/orders_to_recount');
  const recount = totals
    .replaceAll('raw.order_items', 'lines_to_recount')
    .replaceAll('raw.orders', 'orders_to_recount');
  await connection.run(`create temp table recounted_lines as ${recount}`, [LAST_DAY]);
  await createTemporary(connection, 'line_totals_now', 'duckdb/refresh/line_totals_now');
  await connection.run(
    `create or replace table whole.interactive.${table} as select * from line_totals_now order by all`,
  );
}
