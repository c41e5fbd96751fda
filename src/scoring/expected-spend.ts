/** A customer feature by its name, one value per row. */
export type FeatureColumn = (feature: 'total_spent' | 'days_since_first_order') => ArrayLike<number>;

/**
 * What each customer would spend in the horizon at the pace so far: total spent per day since the first order, times the
 * horizon. A customer younger than the horizon is taken to be as old as it, so that one order made yesterday is not read
 * as one order every day.
 *
 * @returns one amount per row, in the shop's currency.
 */
export function paceSpend(column: FeatureColumn, horizonDays: number): Float64Array {
  const age = column('days_since_first_order');
  return Float64Array.from(
    column('total_spent'),
    (spent, row) => (spent / Math.max(age[row] + 1, horizonDays)) * horizonDays,
  );
}
