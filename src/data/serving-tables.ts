import { ChurnMcpError } from '../errors.ts';
import type { DataSummary, SqlValue } from './data-source.ts';
import { loadSql } from './load-sql.ts';
import type { SqlFile } from './sql-file.ts';

/**
 * A table of the `interactive` schema, built with every snapshot so that no tool call aggregates raw orders.
 * Its statement binds the as-of date, which is the date of the last order, and the thresholds of segments if it makes them.
 * Some tables are only there for others: a refresh adds to their sums instead of computing the others from all orders.
 */
export interface ServingTable {
  readonly table: string;
  readonly file: SqlFile;
  readonly bindsThresholds?: true;
  /** Its statement reads only tables that are of the day. */
  readonly bindsNothing?: true;
  /** Columns with sums of amounts or quantities. */
  readonly sums?: readonly string[];
}

/** In build order: a statement may read the tables above it. */
export const SERVING_TABLES: readonly ServingTable[] = [
  {
    table: 'customer_order_analytics',
    file: 'portable/tables/customer_order_analytics',
    sums: ['total_spent'],
  },
  {
    table: 'customer_segments',
    file: 'portable/tables/customer_segments',
    bindsThresholds: true,
    sums: ['total_spent'],
  },
  {
    table: 'purchased_pairs',
    file: 'portable/tables/purchased_pairs',
    sums: ['total_quantity', 'total_spent'],
  },
  { table: 'customer_months', file: 'portable/tables/customer_months', sums: ['total_spent'] },
  { table: 'product_line_totals', file: 'portable/tables/product_line_totals' },
  { table: 'product_sales', file: 'portable/tables/product_sales' },
  { table: 'product_statistics', file: 'portable/tables/product_statistics' },
  { table: 'recommendation_customers', file: 'portable/tables/recommendation_customers' },
  { table: 'recommendation_products', file: 'portable/tables/recommendation_products' },
  { table: 'observed_baskets', file: 'portable/tables/observed_baskets', bindsNothing: true },
  { table: 'common_buyers', file: 'portable/tables/common_buyers', bindsNothing: true },
  { table: 'product_neighbors', file: 'portable/tables/product_neighbors', bindsNothing: true },
  { table: 'churn_features', file: 'portable/tables/churn_features' },
];

/** @throws INTERNAL if there is no serving table of the name */
export function servingTable(name: string): ServingTable {
  const found = SERVING_TABLES.find(({ table }) => table === name);
  if (found === undefined) throw new ChurnMcpError('INTERNAL', `"${name}" is no serving table.`);
  return found;
}

/** What the statement of a serving table binds, in order, for a day. */
export function servingValues(
  { bindsThresholds, bindsNothing }: ServingTable,
  asOfDate: string,
  { segmentThresholds: thresholds }: Pick<DataSummary, 'segmentThresholds'>,
): SqlValue[] {
  if (bindsNothing) return [];
  if (bindsThresholds === undefined) return [asOfDate];
  return [
    asOfDate,
    thresholds.inactiveDays,
    thresholds.highValueInactive,
    thresholds.newOrders,
    thresholds.lowEngagementOrders,
    thresholds.highValueActive,
  ];
}

/**
 * Sorted, so that the file's rows stand in the same order however many threads aggregated them.
 *
 * @param width the digits of sums
 * @param relations by tables that the statement names: what it reads in their place
 */
export function createServingTableSql(
  { table, file, sums = [] }: ServingTable,
  width: SumWidth,
  relations: Relations = {},
): string {
  const statement = Object.entries(relations).reduce(
    (text, [name, relation]) => text.replaceAll(name, relation),
    loadSql(file),
  );
  const narrowed = sums.map((sum) => `cast(${sum} as decimal(${width}, 4)) as ${sum}`);
  const columns = narrowed.length === 0 ? '*' : `* replace (${narrowed.join(', ')})`;
  return `create table interactive.${table} as select ${columns} from (\n${statement}\n) order by all`;
}

export type Relations = Readonly<Record<string, string>>;

/** The engine reads sums of 18 digits 20 times as fast as wider ones. */
export type SumWidth = 18 | 38;
