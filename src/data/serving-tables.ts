import { loadSql } from './load-sql.ts';
import type { SqlFile } from './sql-file.ts';

/**
 * A table of the `interactive` schema, built with every snapshot so that no tool call aggregates raw orders.
 * Its statement binds exactly one value: the as-of date, which is the date of the last order.
 */
export interface ServingTable {
  readonly table: string;
  readonly file: SqlFile;
}

/** In build order: a statement may read the tables above it. */
export const SERVING_TABLES: readonly ServingTable[] = [
  { table: 'customer_order_analytics', file: 'portable/tables/customer_order_analytics' },
  { table: 'customer_segments', file: 'portable/tables/customer_segments' },
  { table: 'purchased_pairs', file: 'portable/tables/purchased_pairs' },
  { table: 'customer_months', file: 'portable/tables/customer_months' },
  { table: 'product_statistics', file: 'portable/tables/product_statistics' },
  { table: 'recommendation_customers', file: 'portable/tables/recommendation_customers' },
  { table: 'recommendation_products', file: 'portable/tables/recommendation_products' },
  { table: 'product_neighbors', file: 'portable/tables/product_neighbors' },
  { table: 'churn_features', file: 'portable/tables/churn_features' },
];

/** Sorted, so that the file's rows stand in the same order however many threads aggregated them. */
export function createServingTableSql({ table, file }: ServingTable): string {
  return `create table interactive.${table} as select * from (\n${loadSql(file)}\n) order by all`;
}
