/** The words for a model's outcomes and rows. */
import { plural, words } from './numbers.ts';

export interface Terms {
  /** The positive outcome of one row, and its opposite. */
  readonly positive: string;
  readonly negative: string;
  /** All rows with the positive outcome. */
  readonly positives: string;
  /** The word for rows when they are counted. */
  readonly rows: string;
  /** The word for rows that the model predicts positive. */
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

/** What the importance of features measures; a card without a recipe is of boosted trees. */
export const importanceMeaning = (recipe = 'trees') =>
  WITH_BOOSTED_TREES.includes(recipe)
    ? 'Share of the boosted trees’ gain that comes from each feature.'
    : 'How much each feature changes the score, as a share of all.';

export const days = (count: number) => plural(count, 'day');
