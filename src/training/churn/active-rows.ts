import { columnOf, rowsWhere } from '../../dataset/column-rows.ts';
import type { FeatureMatrix } from '../../dataset/feature-matrix.ts';

/** Rows of customers with an order within the horizon before their day, ascending. */
export function activeRows(customers: FeatureMatrix, horizonDays: number): Uint32Array {
  const recency = columnOf(customers, 'days_since_last_order');
  return rowsWhere(customers.rowCount, (row) => recency[row] < horizonDays);
}
