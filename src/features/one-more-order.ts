import type { ColumnTable } from '../data/data-source.ts';
import { type ChurnFeature, FEATURES } from './churn-features.ts';
import type { OneMoreOrder } from './feature-record.ts';

/** A customer's value of each feature; NaN if the customer has none. */
export type FeatureValues = ReadonlyMap<string, number>;

/** The values of one row of a table of churn features. */
export function readFeatureValues(table: ColumnTable, row: number): FeatureValues {
  return new Map(FEATURES.map(({ name }) => [name, table.float64(name)[row]]));
}

/**
 * A customer's features had they placed one more order on the as-of day: what `sql/portable/tables/churn_features.sql`
 * would then give, worked out from the features alone, each by its own record.
 */
export function withOneMoreOrder(before: FeatureValues): FeatureValues {
  const order = oneMoreOrder((feature) => before.get(feature) ?? Number.NaN);
  return new Map(
    FEATURES.map(({ name, afterOneMoreOrder }) => [
      name,
      afterOneMoreOrder(before.get(name) ?? Number.NaN, order),
    ]),
  );
}

function oneMoreOrder(before: (feature: ChurnFeature) => number): OneMoreOrder {
  const value = before('avg_order_value');
  const silence = before('days_since_last_order');
  const isNewDay = silence > 0;
  const activeDays = before('active_days') + (isNewDay ? 1 : 0);
  return {
    value,
    isNewDay,
    silence,
    gapsBefore: before('active_days') - 1,
    totalOrders: before('total_orders') + 1,
    totalSpent: before('total_spent') + value,
    spentLast90Days: before('spent_last_90_days') + value,
    activeDays,
    gaps: activeDays - 1,
    tenureBefore: before('customer_tenure_days'),
    tenure: before('days_since_first_order'),
  };
}
