import type { RiskTheme } from './risk-theme.ts';

/** All that the code knows of a feature. Its SQL stands in `sql/portable/tables/churn_features.sql`. */
export interface FeatureRecord {
  /** Its column there. */
  readonly name: string;
  /** One line for people. All features count what happened on or before the as-of date. */
  readonly description: string;
  /** The theme that its part of a risk belongs to. */
  readonly theme: RiskTheme;
  /** Its value after one more order, from its value before (NaN: none) and that order. */
  readonly afterOneMoreOrder: (before: number, order: OneMoreOrder) => number;
}

/**
 * One more order on the as-of day, of the customer's usual value, of products bought before, at the usual discount, and
 * kept. Days are counted back from the as-of day; a gap is the number of days between two days with orders.
 */
export interface OneMoreOrder {
  /** What the order is worth: the customer's mean until now. */
  readonly value: number;
  /** Whether the customer had no order on the as-of day. */
  readonly isNewDay: boolean;
  /** Days without an order that it ends; 0 if it is no new day. */
  readonly silence: number;
  readonly gapsBefore: number;
  /** Of all orders, this one among them. */
  readonly totalOrders: number;
  readonly totalSpent: number;
  readonly spentLast90Days: number;
  readonly activeDays: number;
  readonly gaps: number;
  /** Days from the first to the last order before this one, and with it. */
  readonly tenureBefore: number;
  readonly tenure: number;
}
