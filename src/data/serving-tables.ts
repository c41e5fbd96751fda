/**
 * A table of the `interactive` schema, built with every snapshot so that no tool call aggregates raw orders.
 * Its statement binds exactly one value: the as-of date, which is the date of the last order.
 */
export interface ServingTable {
  readonly table: string;
  /** Name of the statement, as `loadSql` takes it. */
  readonly sql: string;
}

/** In build order: a statement may read the tables above it. */
export const SERVING_TABLES: readonly ServingTable[] = [
  { table: 'customer_order_analytics', sql: 'portable/tables/customer_order_analytics' },
  { table: 'customer_segments', sql: 'portable/tables/customer_segments' },
  { table: 'purchased_pairs', sql: 'portable/tables/purchased_pairs' },
  { table: 'product_statistics', sql: 'portable/tables/product_statistics' },
  { table: 'recommendation_customers', sql: 'portable/tables/recommendation_customers' },
  { table: 'recommendation_products', sql: 'portable/tables/recommendation_products' },
  { table: 'product_neighbors', sql: 'portable/tables/product_neighbors' },
  { table: 'churn_features', sql: 'portable/tables/churn_features' },
];
