/** What a model's figures are figures of, in words. */
import { words } from './numbers.ts';

export interface Terms {
  /** What came true, and its opposite, of one row. */
  readonly positive: string;
  readonly negative: string;
  /** All rows of which it came true. */
  readonly positives: string;
  /** Rows, as they are counted. */
  readonly rows: string;
  /** What the model says of a row above the threshold. */
  readonly alarms: string;
}

const CHURN: Terms = {
  positive: 'churned',
  negative: 'active',
  positives: 'churners',
  rows: 'customers',
  alarms: 'alarms',
};
const PURCHASE: Terms = {
  positive: 'bought',
  negative: 'not bought',
  positives: 'purchases',
  rows: 'pairs of customer and product',
  alarms: 'suggestions',
};

export const termsOf = (label: string): Terms => (label === 'purchase' ? PURCHASE : CHURN);

const BASELINES: Readonly<Record<string, string>> = {
  bg_nbd: 'BG/NBD',
  recency_rule: 'a simple recency rule',
  model: 'this model',
};

export const baselineName = (name: string) => BASELINES[name] ?? words(name);

export const days = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`;
