/** What a customer's value is worked out from, by row. */
export interface SpendHistory {
  readonly totalSpent: ArrayLike<number>;
  readonly daysSinceFirstOrder: ArrayLike<number>;
}

/**
 * What each customer would spend in the horizon at the pace so far: total spent per day since the first order, times the
 * horizon. A customer younger than the horizon is taken to be as old as it, so that one order made yesterday is not read
 * as one order every day.
 *
 * @returns one amount per row, in the shop's currency.
 */
export function paceSpend(
  { totalSpent, daysSinceFirstOrder }: SpendHistory,
  horizonDays: number,
): Float64Array {
  return Float64Array.from(
    totalSpent,
    (spent, row) => (spent / Math.max(daysSinceFirstOrder[row] + 1, horizonDays)) * horizonDays,
  );
}
