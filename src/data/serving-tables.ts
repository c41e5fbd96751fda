import type { DataSummary, SqlValue } from './data-source.ts';
import { loadSql } from './load-sql.ts';
import type { SqlFile } from './sql-file.ts';

/**
 * A table of the `interactive` schema, built with every snapshot so that no tool call aggregates raw orders.
 * Its statement binds the as-of date, which is the date of the last order, and the thresholds of segments if it makes them.
 */
export interface ServingTable {
  readonly table: string;
  readonly file: SqlFile;
  readonly bindsThresholds?: true;
}

/** In build order: a statement may read the tables above it. */
export const SERVING_TABLES: readonly ServingTable[] = [
  { table: 'customer_order_analytics', file: 'portable/tables/customer_order_analytics' },
  { table: 'customer_segments', file: 'portable/tables/customer_segments', bindsThresholds: true },
  { table: 'purchased_pairs', file: 'portable/tables/purchased_pairs' },
  { table: 'customer_months', file: 'portable/tables/customer_months' },
  { table: 'product_statistics', file: 'portable/tables/product_statistics' },
  { table: 'recommendation_customers', file: 'portable/tables/recommendation_customers' },
  { table: 'recommendation_products', file: 'portable/tables/recommendation_products' },
  { table: 'product_neighbors', file: 'portable/tables/product_neighbors' },
  { table: 'churn_features', file: 'portable/tables/churn_features' },
];

/** What the statement of a serving table binds, in order, for a day. */
export function servingValues(
  { bindsThresholds }: ServingTable,
  asOfDate: string,
  { segmentThresholds: thresholds }: Pick<DataSummary, 'segmentThresholds'>,
): SqlValue[] {
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

/** Sorted, so that the file's rows stand in the same order however many threads aggregated them. */
export function createServingTableSql({ table, file }: ServingTable): string {
  return `create table interactive.${table} as select * from (\n${loadSql(file)}\n) order by all`;
}
