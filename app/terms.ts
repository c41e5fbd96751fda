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

const WITH_BOOSTED_TREES: readonly string[] = ['trees', 'trees_and_logistic_regression'];

/** What the importance of features is a share of; without a recipe a model is boosted trees. */
export const importanceMeaning = (recipe = 'trees') =>
  WITH_BOOSTED_TREES.includes(recipe)
    ? 'Share of what the boosted trees gained by each feature.'
    : 'How much each feature changes the score, as a share of all.';

export const days = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`;
