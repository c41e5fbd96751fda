import type { ColumnTable } from '../data/data-source.ts';
import type { ChurnFeature } from './churn-features.ts';

/** NaN where a customer has no such value. */
export type FeatureValues = Readonly<Record<ChurnFeature, number>>;

/** The values of one row of a table of churn features. */
export function readFeatureValues(table: ColumnTable, row: number): FeatureValues {
  const value = (feature: ChurnFeature) => table.float64(feature)[row];
  return {
    total_orders: value('total_orders'),
    total_spent: value('total_spent'),
    avg_order_value: value('avg_order_value'),
    customer_tenure_days: value('customer_tenure_days'),
    order_frequency: value('order_frequency'),
    revenue_per_order: value('revenue_per_order'),
    days_since_last_order: value('days_since_last_order'),
    days_since_first_order: value('days_since_first_order'),
    active_days: value('active_days'),
    orders_last_30_days: value('orders_last_30_days'),
    orders_last_90_days: value('orders_last_90_days'),
    orders_last_180_days: value('orders_last_180_days'),
    orders_last_365_days: value('orders_last_365_days'),
    spent_last_30_days: value('spent_last_30_days'),
    spent_last_90_days: value('spent_last_90_days'),
    spent_last_180_days: value('spent_last_180_days'),
    spent_last_365_days: value('spent_last_365_days'),
    mean_gap_days: value('mean_gap_days'),
    gap_spread_days: value('gap_spread_days'),
    longest_gap_days: value('longest_gap_days'),
    recency_over_mean_gap: value('recency_over_mean_gap'),
    active_day_rate: value('active_day_rate'),
    spent_share_last_90_days: value('spent_share_last_90_days'),
    distinct_products: value('distinct_products'),
    distinct_categories: value('distinct_categories'),
    orders_same_season_last_year: value('orders_same_season_last_year'),
    mean_discount_percent: value('mean_discount_percent'),
    returned_orders: value('returned_orders'),
    last_gap_days: value('last_gap_days'),
    recent_gap_days: value('recent_gap_days'),
    recency_over_last_gap: value('recency_over_last_gap'),
    recency_over_recent_gap: value('recency_over_recent_gap'),
    longer_gap_share: value('longer_gap_share'),
    gap_survival: value('gap_survival'),
    as_of_day_of_year: value('as_of_day_of_year'),
  };
}

/**
 * A customer's features had they placed one more order, of their usual value, on the as-of day: what `sql/portable/tables/churn_features.sql`
 * would then give, worked out from the features alone. The products ordered are taken to be ones bought
 * before, at the customer's usual discount, and kept.
 */
export function withOneMoreOrder(before: FeatureValues): FeatureValues {
  const recency = before.days_since_last_order;
  const isNewDay = recency > 0;
  const value = before.avg_order_value;
  const totalOrders = before.total_orders + 1;
  const totalSpent = before.total_spent + value;
  const tenure = before.days_since_first_order;
  const activeDays = before.active_days + (isNewDay ? 1 : 0);
  const gaps = activeDays - 1;
  const squaredGaps = sumOfSquaredGaps(before) + (isNewDay ? recency * recency : 0);
  const longest = Number.isNaN(before.longest_gap_days) ? 0 : before.longest_gap_days;
  const spentLast90Days = before.spent_last_90_days + value;
  return {
    total_orders: totalOrders,
    total_spent: totalSpent,
    avg_order_value: totalSpent / totalOrders,
    customer_tenure_days: tenure,
    order_frequency: totalOrders / (tenure + 1),
    revenue_per_order: totalSpent / totalOrders,
    days_since_last_order: 0,
    days_since_first_order: before.days_since_first_order,
    active_days: activeDays,
    orders_last_30_days: before.orders_last_30_days + 1,
    orders_last_90_days: before.orders_last_90_days + 1,
    orders_last_180_days: before.orders_last_180_days + 1,
    orders_last_365_days: before.orders_last_365_days + 1,
    spent_last_30_days: before.spent_last_30_days + value,
    spent_last_90_days: spentLast90Days,
    spent_last_180_days: before.spent_last_180_days + value,
    spent_last_365_days: before.spent_last_365_days + value,
    mean_gap_days: gaps > 0 ? tenure / gaps : Number.NaN,
    gap_spread_days:
      gaps >= 2
        ? Math.sqrt(Math.max(0, squaredGaps * gaps - tenure * tenure) / (gaps * (gaps - 1)))
        : Number.NaN,
    longest_gap_days: gaps > 0 ? Math.max(longest, isNewDay ? recency : 0) : Number.NaN,
    recency_over_mean_gap: gaps > 0 ? 0 : Number.NaN,
    active_day_rate: activeDays / (before.days_since_first_order + 1),
    spent_share_last_90_days: totalSpent > 0 ? spentLast90Days / totalSpent : 0,
    distinct_products: before.distinct_products,
    distinct_categories: before.distinct_categories,
    orders_same_season_last_year: before.orders_same_season_last_year,
    mean_discount_percent: before.mean_discount_percent,
    returned_orders: before.returned_orders,
    last_gap_days: isNewDay ? recency : before.last_gap_days,
    recent_gap_days: isNewDay ? recentGap(before, recency) : before.recent_gap_days,
    recency_over_last_gap: gaps > 0 ? 0 : Number.NaN,
    recency_over_recent_gap: gaps > 0 ? 0 : Number.NaN,
    longer_gap_share: gaps > 0 ? 1 : Number.NaN,
    gap_survival: (gaps + 1) / (gaps + 2),
    as_of_day_of_year: before.as_of_day_of_year,
  };
}

/** Each gap weighs four fifths of the one after it. */
const OLDER_GAP_WEIGHT = 0.8;

/** `recent_gap_days` with one more gap: the silence that the order ends. */
function recentGap({ active_days: activeDays, recent_gap_days: before }: FeatureValues, gap: number): number {
  const gaps = activeDays - 1;
  if (gaps === 0) return gap;
  const older = (OLDER_GAP_WEIGHT * (1 - OLDER_GAP_WEIGHT ** gaps)) / (1 - OLDER_GAP_WEIGHT);
  return (gap + older * before) / (1 + older);
}

/** Gaps add up to the tenure; their squares follow from the spread, the sample's standard deviation. */
function sumOfSquaredGaps(values: FeatureValues): number {
  const gaps = values.active_days - 1;
  if (gaps <= 0) return 0;
  const sum = values.customer_tenure_days;
  const variance = Number.isNaN(values.gap_spread_days) ? 0 : values.gap_spread_days ** 2;
  return (variance * gaps * (gaps - 1) + sum * sum) / gaps;
}
