/**
 * From contributions to reasons. Many features say much the same (orders in the last 90 and 180 days), and the model
 * shares a customer's risk among them as it happened to split. So contributions are summed by theme for people to read.
 */
import { type ChurnFeature, FORWARD_FEATURES } from '../features/churn-features.ts';

export const RISK_THEMES = [
  'recency',
  'pace',
  'rhythm',
  'history',
  'age',
  'spend',
  'variety',
  'season',
  'discount',
  'returns',
] as const;
export type RiskTheme = (typeof RISK_THEMES)[number];

const THEME_OF: Readonly<Record<ChurnFeature, RiskTheme>> = {
  total_orders: 'history',
  total_spent: 'spend',
  avg_order_value: 'spend',
  customer_tenure_days: 'age',
  order_frequency: 'pace',
  revenue_per_order: 'spend',
  days_since_last_order: 'recency',
  days_since_first_order: 'age',
  active_days: 'history',
  orders_last_30_days: 'pace',
  orders_last_90_days: 'pace',
  orders_last_180_days: 'pace',
  orders_last_365_days: 'pace',
  spent_last_30_days: 'spend',
  spent_last_90_days: 'spend',
  spent_last_180_days: 'spend',
  spent_last_365_days: 'spend',
  mean_gap_days: 'rhythm',
  gap_spread_days: 'rhythm',
  longest_gap_days: 'rhythm',
  recency_over_mean_gap: 'recency',
  active_day_rate: 'pace',
  spent_share_last_90_days: 'spend',
  distinct_products: 'variety',
  distinct_categories: 'variety',
  orders_same_season_last_year: 'season',
  mean_discount_percent: 'discount',
  returned_orders: 'returns',
  last_gap_days: 'rhythm',
  recent_gap_days: 'rhythm',
  recency_over_last_gap: 'recency',
  recency_over_recent_gap: 'recency',
  longer_gap_share: 'recency',
  gap_survival: 'recency',
  as_of_day_of_year: 'season',
};

/** How far a theme moved a customer's score from the average customer's, in log-odds: positive raises the risk. */
export interface RiskReason {
  readonly theme: RiskTheme;
  readonly contribution: number;
}

/** Log-odds that nobody would notice, less than a twentieth more or less: too little for a reason. */
const SLIGHT = 0.05;

/** The reasons that raise a risk enough to be told, strongest first. */
export function raisingReasons(reasons: readonly RiskReason[]): RiskReason[] {
  return reasons.filter(({ contribution }) => contribution > SLIGHT);
}

/** The reasons that lower a risk enough to be told, strongest first. */
export function loweringReasons(reasons: readonly RiskReason[]): RiskReason[] {
  return reasons.filter(({ contribution }) => contribution < -SLIGHT);
}

/**
 * Sums a row's contributions (log-odds, in the order of `featureNames`) by theme: the strongest first, whichever way it
 * points, then in the order of `RISK_THEMES`. Themes that moved nothing are left out, and so are features that this
 * version does not know.
 */
export function reasonsOf(featureNames: readonly string[], contributions: ArrayLike<number>): RiskReason[] {
  const sums = new Map<RiskTheme, number>();
  for (const [i, name] of featureNames.entries()) {
    const known = FORWARD_FEATURES.find((feature) => feature === name);
    if (known === undefined) continue;
    const theme = THEME_OF[known];
    sums.set(theme, (sums.get(theme) ?? 0) + contributions[i]);
  }
  return RISK_THEMES.flatMap((theme) => {
    const contribution = sums.get(theme) ?? 0;
    return contribution === 0 ? [] : [{ theme, contribution }];
  }).sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}
