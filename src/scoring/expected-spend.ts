import type { ColumnTable } from '../data/data-source.ts';

/**
 * What each customer would spend in the horizon at the pace so far: total spent per day since the first order, times the
 * horizon. A customer younger than the horizon is taken to be as old as it, so that one order made yesterday is not read
 * as one order every day.
 *
 * @param table churn features. @returns one amount per row, in the shop's currency.
 */
export function paceSpend(table: ColumnTable, horizonDays: number): Float64Array {
  const totalSpent = table.float64('total_spent');
  const age = table.float64('days_since_first_order');
  return totalSpent.map((spent, row) => (spent / Math.max(age[row] + 1, horizonDays)) * horizonDays);
}
