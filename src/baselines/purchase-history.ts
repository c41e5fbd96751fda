/** Histories as the models of repeat buying take them, from churn features. */
import { columnOf } from '../dataset/column-rows.ts';
import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import type { PurchaseHistory } from './bg-nbd.ts';
import type { SpendHistory } from './spend-model.ts';

/** The unit of time: near the gaps that customers have. */
const DAYS_A_WEEK = 7;

/** The features that a spend history is made of. */
export const SPEND_HISTORY_FEATURES = [
  'active_days',
  'customer_tenure_days',
  'days_since_first_order',
  'total_spent',
] as const;

/** Orders of one day count as one, as the model has it. Times are in weeks. */
export function purchaseHistoryOf(customers: FeatureMatrix): PurchaseHistory {
  const weeks = (name: string) => Float64Array.from(columnOf(customers, name), weeksOf);
  return {
    repeats: Float64Array.from(columnOf(customers, 'active_days'), (days) => days - 1),
    recency: weeks('customer_tenure_days'),
    age: weeks('days_since_first_order'),
  };
}

export function weeksOf(days: number): number {
  return days / DAYS_A_WEEK;
}

/** The same, and what was spent per day with orders. */
export function spendHistoryOf(customers: FeatureMatrix): SpendHistory {
  const totalSpent = columnOf(customers, 'total_spent');
  const orders = Float64Array.from(columnOf(customers, 'active_days'));
  return {
    purchases: purchaseHistoryOf(customers),
    values: { orders, meanValue: orders.map((days, row) => totalSpent[row] / days) },
  };
}
