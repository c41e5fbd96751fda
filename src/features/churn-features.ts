/**
 * THE ordered feature lists of the churn models. Training and serving read them by these names from one SQL text,
 * `sql/portable/tables/churn_features.sql`, so that they cannot drift apart. The order is the order of a model's input columns.
 */

/** The reference's six, in its order. Days since the last order is left out there: it would give its label away. */
export const CHURN_FEATURES = [
  'total_orders',
  'total_spent',
  'avg_order_value',
  'customer_tenure_days',
  'order_frequency',
  'revenue_per_order',
] as const;

/** What the forward model sees: the six, recency, recent windows, the rhythm of ordering, and breadth. */
export const FORWARD_FEATURES = [
  ...CHURN_FEATURES,
  'days_since_last_order',
  'days_since_first_order',
  'active_days',
  'orders_last_30_days',
  'orders_last_90_days',
  'orders_last_180_days',
  'orders_last_365_days',
  'spent_last_30_days',
  'spent_last_90_days',
  'spent_last_180_days',
  'spent_last_365_days',
  'mean_gap_days',
  'gap_spread_days',
  'longest_gap_days',
  'recency_over_mean_gap',
  'active_day_rate',
  'spent_share_last_90_days',
  'distinct_products',
  'distinct_categories',
  'orders_same_season_last_year',
  'mean_discount_percent',
  'returned_orders',
  'last_gap_days',
  'recent_gap_days',
  'recency_over_last_gap',
  'recency_over_recent_gap',
  'longer_gap_share',
  'gap_survival',
  'as_of_day_of_year',
] as const;

/**
 * What tells a forecast the season. It is the same for all customers of a day, so nothing is learnt from it: the season's
 * tree reads it, and drift leaves it out.
 */
export const SEASON_FEATURE: ChurnFeature = 'as_of_day_of_year';

export type ChurnFeature = (typeof FORWARD_FEATURES)[number];

/** One line a feature, for people. All count what happened on or before the as-of date. */
export const FEATURE_DESCRIPTIONS: Readonly<Record<ChurnFeature, string>> = {
  total_orders: 'number of orders',
  total_spent: 'sum of order totals',
  avg_order_value: 'mean order total',
  customer_tenure_days: 'days from the first to the last order',
  order_frequency: 'orders per day of tenure (tenure + 1)',
  revenue_per_order: 'total spent per order (repeats avg_order_value, as in the reference)',
  days_since_last_order: 'days from the last order to the as-of date',
  days_since_first_order: 'days from the first order to the as-of date',
  active_days: 'number of different days with orders',
  orders_last_30_days: 'orders in the last 30 days',
  orders_last_90_days: 'orders in the last 90 days',
  orders_last_180_days: 'orders in the last 180 days',
  orders_last_365_days: 'orders in the last 365 days',
  spent_last_30_days: 'spend in the last 30 days',
  spent_last_90_days: 'spend in the last 90 days',
  spent_last_180_days: 'spend in the last 180 days',
  spent_last_365_days: 'spend in the last 365 days',
  mean_gap_days: 'mean number of days between order days; missing with one order day',
  gap_spread_days: 'standard deviation of the days between order days; missing with fewer than three',
  longest_gap_days: 'longest number of days between order days; missing with one order day',
  recency_over_mean_gap: 'days since the last order divided by the mean gap; missing with one order day',
  active_day_rate: 'order days per day since the first order (+ 1)',
  spent_share_last_90_days: 'share of all spend that fell into the last 90 days',
  distinct_products: 'number of different products bought; 0 where no order items were imported',
  distinct_categories: 'number of different product categories bought; 0 where none are known',
  orders_same_season_last_year: 'orders in the 90 days that followed this day a year ago',
  mean_discount_percent: 'mean discount of the orders that have one recorded; missing with none',
  returned_orders: 'orders whose status says that they were returned or refunded',
  last_gap_days: 'number of days between the last two order days; missing with one order day',
  recent_gap_days:
    'mean number of days between order days, each counted four fifths of the one after it; missing with one order day',
  recency_over_last_gap: 'days since the last order divided by the last gap; missing with one order day',
  recency_over_recent_gap: 'days since the last order divided by recent_gap_days; missing with one order day',
  longer_gap_share:
    'share of the gaps between order days that were longer than the silence so far; missing with one order day',
  gap_survival: 'the same share with one longer and one shorter gap added, so that few gaps say little',
  as_of_day_of_year: 'day of the year of the as-of date, 1 to 366; the same for all customers',
};
