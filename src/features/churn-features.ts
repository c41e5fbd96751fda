/**
 * THE features of the churn forecast: one record per feature. Training and serving read them by these names from one SQL
 * text, `sql/portable/tables/churn_features.sql`, so that they cannot drift apart. The order is the order of a model's
 * input columns.
 */
import type { FeatureRecord, OneMoreOrder } from './feature-record.ts';
import { SEASON_FEATURE } from './season-feature.ts';

const unchanged = (before: number) => before;
const oneMore = (before: number) => before + 1;
const itsValueMore = (before: number, { value }: OneMoreOrder) => before + value;
/** The silence over a gap: 0 on a day with an order, none for a customer with one order day. */
const noSilence = (_: number, { gaps }: OneMoreOrder) => (gaps > 0 ? 0 : Number.NaN);

/** The reference's six come first, in its order. */
export const FEATURES = [
  {
    name: 'total_orders',
    description: 'number of orders',
    theme: 'history',
    afterOneMoreOrder: (_, { totalOrders }) => totalOrders,
  },
  {
    name: 'total_spent',
    description: 'sum of order totals',
    theme: 'spend',
    afterOneMoreOrder: (_, { totalSpent }) => totalSpent,
  },
  {
    name: 'avg_order_value',
    description: 'mean order total',
    theme: 'spend',
    afterOneMoreOrder: (_, { totalSpent, totalOrders }) => totalSpent / totalOrders,
  },
  {
    name: 'customer_tenure_days',
    description: 'days from the first to the last order',
    theme: 'age',
    afterOneMoreOrder: (_, { tenure }) => tenure,
  },
  {
    name: 'order_frequency',
    description: 'orders per day of tenure (tenure + 1)',
    theme: 'pace',
    afterOneMoreOrder: (_, { totalOrders, tenure }) => totalOrders / (tenure + 1),
  },
  {
    name: 'revenue_per_order',
    description: 'total spent per order (repeats avg_order_value, as in the reference)',
    theme: 'spend',
    afterOneMoreOrder: (_, { totalSpent, totalOrders }) => totalSpent / totalOrders,
  },
  {
    name: 'days_since_last_order',
    description: 'days from the last order to the as-of date',
    theme: 'recency',
    afterOneMoreOrder: () => 0,
  },
  {
    name: 'days_since_first_order',
    description: 'days from the first order to the as-of date',
    theme: 'age',
    afterOneMoreOrder: unchanged,
  },
  {
    name: 'active_days',
    description: 'number of different days with orders',
    theme: 'history',
    afterOneMoreOrder: (_, { activeDays }) => activeDays,
  },
  {
    name: 'orders_last_30_days',
    description: 'orders in the last 30 days',
    theme: 'pace',
    afterOneMoreOrder: oneMore,
  },
  {
    name: 'orders_last_90_days',
    description: 'orders in the last 90 days',
    theme: 'pace',
    afterOneMoreOrder: oneMore,
  },
  {
    name: 'orders_last_180_days',
    description: 'orders in the last 180 days',
    theme: 'pace',
    afterOneMoreOrder: oneMore,
  },
  {
    name: 'orders_last_365_days',
    description: 'orders in the last 365 days',
    theme: 'pace',
    afterOneMoreOrder: oneMore,
  },
  {
    name: 'spent_last_30_days',
    description: 'spend in the last 30 days',
    theme: 'spend',
    afterOneMoreOrder: itsValueMore,
  },
  {
    name: 'spent_last_90_days',
    description: 'spend in the last 90 days',
    theme: 'spend',
    afterOneMoreOrder: itsValueMore,
  },
  {
    name: 'spent_last_180_days',
    description: 'spend in the last 180 days',
    theme: 'spend',
    afterOneMoreOrder: itsValueMore,
  },
  {
    name: 'spent_last_365_days',
    description: 'spend in the last 365 days',
    theme: 'spend',
    afterOneMoreOrder: itsValueMore,
  },
  {
    name: 'mean_gap_days',
    description: 'mean number of days between order days; missing with one order day',
    theme: 'rhythm',
    afterOneMoreOrder: (_, { tenure, gaps }) => (gaps > 0 ? tenure / gaps : Number.NaN),
  },
  {
    name: 'gap_spread_days',
    description: 'standard deviation of the days between order days; missing with fewer than three',
    theme: 'rhythm',
    afterOneMoreOrder: spreadWithOneMoreGap,
  },
  {
    name: 'longest_gap_days',
    description: 'longest number of days between order days; missing with one order day',
    theme: 'rhythm',
    afterOneMoreOrder: longestWithOneMoreGap,
  },
  {
    name: 'recency_over_mean_gap',
    description: 'days since the last order divided by the mean gap; missing with one order day',
    theme: 'recency',
    afterOneMoreOrder: noSilence,
  },
  {
    name: 'active_day_rate',
    description: 'order days per day since the first order (+ 1)',
    theme: 'pace',
    afterOneMoreOrder: (_, { activeDays, tenure }) => activeDays / (tenure + 1),
  },
  {
    name: 'spent_share_last_90_days',
    description: 'share of all spend that fell into the last 90 days',
    theme: 'spend',
    afterOneMoreOrder: (_, { spentLast90Days, totalSpent }) =>
      totalSpent > 0 ? spentLast90Days / totalSpent : 0,
  },
  {
    name: 'distinct_products',
    description: 'number of different products bought; 0 if no order items were imported',
    theme: 'variety',
    afterOneMoreOrder: unchanged,
  },
  {
    name: 'distinct_categories',
    description: 'number of different product categories bought; 0 if none are known',
    theme: 'variety',
    afterOneMoreOrder: unchanged,
  },
  {
    name: 'orders_same_season_last_year',
    description: 'orders in the 90 days that followed this day a year ago',
    theme: 'season',
    afterOneMoreOrder: unchanged,
  },
  {
    name: 'mean_discount_percent',
    description: 'mean discount of the orders that have one recorded; missing with none',
    theme: 'discount',
    afterOneMoreOrder: unchanged,
  },
  {
    name: 'returned_orders',
    description: 'orders whose status says that they were returned or refunded',
    theme: 'returns',
    afterOneMoreOrder: unchanged,
  },
  {
    name: 'last_gap_days',
    description: 'number of days between the last two order days; missing with one order day',
    theme: 'rhythm',
    afterOneMoreOrder: (before, { isNewDay, silence }) => (isNewDay ? silence : before),
  },
  {
    name: 'recent_gap_days',
    description:
      'mean number of days between order days, each counted four fifths of the one after it; missing with one order day',
    theme: 'rhythm',
    afterOneMoreOrder: recentWithOneMoreGap,
  },
  {
    name: 'recency_over_last_gap',
    description: 'days since the last order divided by the last gap; missing with one order day',
    theme: 'recency',
    afterOneMoreOrder: noSilence,
  },
  {
    name: 'recency_over_recent_gap',
    description: 'days since the last order divided by recent_gap_days; missing with one order day',
    theme: 'recency',
    afterOneMoreOrder: noSilence,
  },
  {
    name: 'longer_gap_share',
    description:
      'share of the gaps between order days that were longer than the silence so far; missing with one order day',
    theme: 'recency',
    afterOneMoreOrder: (_, { gaps }) => (gaps > 0 ? 1 : Number.NaN),
  },
  {
    name: 'gap_survival',
    description: 'the same share with one longer and one shorter gap added, so that few gaps say little',
    theme: 'recency',
    afterOneMoreOrder: (_, { gaps }) => (gaps + 1) / (gaps + 2),
  },
  {
    name: SEASON_FEATURE,
    description: 'day of the year of the as-of date, 1 to 366; the same for all customers',
    theme: 'season',
    afterOneMoreOrder: unchanged,
  },
] as const satisfies readonly FeatureRecord[];

export type ChurnFeature = (typeof FEATURES)[number]['name'];

/** What the forward model sees: all of them. */
export const FORWARD_FEATURES: readonly ChurnFeature[] = FEATURES.map(({ name }) => name);

/** The reference's six. Days since the last order is left out there: it would give its label away. */
export const CHURN_FEATURES = [
  'total_orders',
  'total_spent',
  'avg_order_value',
  'customer_tenure_days',
  'order_frequency',
  'revenue_per_order',
] as const satisfies readonly ChurnFeature[];

function longestWithOneMoreGap(before: number, { gaps, silence }: OneMoreOrder): number {
  if (gaps === 0) return Number.NaN;
  return Number.isNaN(before) ? silence : Math.max(before, silence);
}

/** Gaps add up to the tenure; their squares follow from the spread, which is the sample's standard deviation. */
function spreadWithOneMoreGap(before: number, order: OneMoreOrder): number {
  const { gapsBefore, tenureBefore, silence, gaps, tenure } = order;
  if (gaps < 2) return Number.NaN;
  const variance = Number.isNaN(before) ? 0 : before * before;
  const squaresBefore =
    gapsBefore > 0
      ? (variance * gapsBefore * (gapsBefore - 1) + tenureBefore * tenureBefore) / gapsBefore
      : 0;
  const squares = squaresBefore + silence * silence;
  return Math.sqrt(Math.max(0, squares * gaps - tenure * tenure) / (gaps * (gaps - 1)));
}

/** Each gap weighs four fifths of the one after it. */
const OLDER_GAP_WEIGHT = 0.8;

function recentWithOneMoreGap(before: number, { isNewDay, silence, gapsBefore }: OneMoreOrder): number {
  if (!isNewDay) return before;
  if (gapsBefore === 0) return silence;
  const older = (OLDER_GAP_WEIGHT * (1 - OLDER_GAP_WEIGHT ** gapsBefore)) / (1 - OLDER_GAP_WEIGHT);
  return (silence + older * before) / (1 + older);
}
