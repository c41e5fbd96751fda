import { SPEND_HISTORY_FEATURES, spendHistoryOf, weeksOf } from '../baselines/purchase-history.ts';
import { type SpendModel, spendIfStaying } from '../baselines/spend-model.ts';
import type { ColumnTable } from '../data/data-source.ts';
import { columnOf, toFeatureMatrix } from '../dataset/column-rows.ts';
import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { dayOfYear, weekOfYear } from '../features/calendar-day.ts';
import type { DetailFields } from '../registry/card-details.ts';
import type { SpendFigures } from '../registry/card-figures.ts';
import type { ModelCard } from '../registry/model-card.ts';

export interface SpendHorizon {
  readonly asOf: string;
  readonly days: number;
}

/**
 * The expected spend of the customers in some rows, if they stay, in a horizon that begins on `asOf`: by the card's spend model, or at
 * the past pace if it has none. If the season makes customers come back faster by a factor, the horizon is longer by that
 * factor.
 *
 * @returns one amount per row of `rows`, in the shop's currency.
 */
export function expectedSpendOf(
  table: ColumnTable,
  { details }: ModelCard,
  rows: Uint32Array,
  { asOf, days }: SpendHorizon,
): Float64Array {
  const { season, spend }: DetailFields = details;
  const seasonFactor = season?.factors?.[weekOfYear(dayOfYear(asOf))] ?? 1;
  if (spend === undefined) {
    const picked = table.pick(rows);
    const [spent, age] = ['total_spent', 'days_since_first_order'].map((name) => picked.float64(name));
    const amounts = paceOf(spent, age, days);
    return amounts.map((amount) => amount * seasonFactor);
  }
  const history = spendHistoryOf(toFeatureMatrix(table, SPEND_HISTORY_FEATURES, rows));
  return spendIfStaying(spendModelOf(spend), history, weeksOf(days * seasonFactor));
}

/**
 * Total spent per day since the first order, times the horizon. A customer younger than the horizon counts as old as
 * the horizon. Otherwise one order made yesterday would mean one order every day.
 */
export function paceSpend(customers: FeatureMatrix, horizonDays: number): Float64Array {
  const [spent, age] = [columnOf(customers, 'total_spent'), columnOf(customers, 'days_since_first_order')];
  return paceOf(spent, age, horizonDays);
}

function paceOf(totalSpent: ArrayLike<number>, age: ArrayLike<number>, horizonDays: number): Float64Array {
  return Float64Array.from(
    totalSpent,
    (spent, row) => (spent / Math.max(age[row] + 1, horizonDays)) * horizonDays,
  );
}

/** The models that a card's figures are of. */
export function spendModelOf({ r, alpha, a, b, p, q, gamma }: SpendFigures): SpendModel {
  const fitted = { logLikelihood: 0, hasConverged: true };
  return { orders: { r, alpha, a, b, ...fitted }, value: { p, q, gamma, ...fitted } };
}
