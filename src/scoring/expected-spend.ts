import { SPEND_HISTORY_FEATURES, spendHistoryOf, weeksOf } from '../baselines/purchase-history.ts';
import { spendIfStaying } from '../baselines/spend-model.ts';
import type { ColumnTable } from '../data/data-source.ts';
import { toFeatureMatrix } from '../dataset/column-rows.ts';
import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { dayOfYear, weekOfYear } from '../features/calendar-day.ts';
import type { DetailFields } from '../registry/card-details.ts';
import type { SpendFigures } from '../registry/card-figures.ts';
import type { ModelCard } from '../registry/model-card.ts';

/** Over what, and how fast customers order then. */
export interface SpendHorizon {
  readonly days: number;
  /** How many times as fast as on average customers come back in it. */
  readonly seasonFactor: number;
}

/**
 * What each customer would spend in the horizon if they stay, by the card's spend model, or at the pace so far if it has
 * none. A season makes the horizon as much longer as customers come back faster.
 *
 * @param customers with `SPEND_HISTORY_FEATURES`. @returns one amount per row, in the shop's currency.
 */
export function expectedSpend(
  customers: FeatureMatrix,
  { days, seasonFactor }: SpendHorizon,
  spend: SpendFigures | undefined,
): Float64Array {
  if (spend === undefined) return paceSpend(customers, days).map((amount) => amount * seasonFactor);
  const { r, alpha, a, b, p, q, gamma } = spend;
  const fitted = { logLikelihood: 0, hasConverged: true };
  const model = { orders: { r, alpha, a, b, ...fitted }, value: { p, q, gamma, ...fitted } };
  return spendIfStaying(model, spendHistoryOf(customers), weeksOf(days * seasonFactor));
}

/** The same of all customers of a table of churn features, by a model's card, for a horizon that begins on `asOf`. */
export function expectedSpendOf(
  table: ColumnTable,
  { details }: ModelCard,
  { asOf, days }: { readonly asOf: string; readonly days: number },
): Float64Array {
  const { season, spend }: DetailFields = details;
  const seasonFactor = season?.factors[weekOfYear(dayOfYear(asOf))] ?? 1;
  return expectedSpend(toFeatureMatrix(table, SPEND_HISTORY_FEATURES), { days, seasonFactor }, spend);
}

/**
 * Total spent per day since the first order, times the horizon. A customer younger than the horizon is taken to be as old
 * as it, so that one order made yesterday is not read as one order every day.
 */
export function paceSpend(customers: FeatureMatrix, horizonDays: number): Float64Array {
  const { featureNames, columns } = customers;
  const age = columns[featureNames.indexOf('days_since_first_order')];
  return Float64Array.from(
    columns[featureNames.indexOf('total_spent')],
    (spent, row) => (spent / Math.max(age[row] + 1, horizonDays)) * horizonDays,
  );
}
