import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import type { TreeEnsemble } from '../gbdt/tree.ts';
import { createTreeExplainer } from './tree-shap.ts';

/** Whom a customer's reasons compare with; log-odds. */
export interface TypicalCustomer {
  readonly raw_score: number;
  /** Mean Shapley value by feature. */
  readonly contributions: Readonly<Record<string, number>>;
  /** Median by feature, over the customers who have it. Absent in versions that did not keep it. */
  readonly medians?: Readonly<Record<string, number>> | undefined;
}

/** The mean over customers. Without any, the average training row, whose contributions are none. */
export function typicalCustomerOf(ensemble: TreeEnsemble, customers: FeatureMatrix): TypicalCustomer {
  const { expectedValue, explain } = createTreeExplainer(ensemble);
  const values = explain(customers);
  const width = customers.featureNames.length;
  const means = customers.featureNames.map((_, feature) => {
    let sum = 0;
    for (let at = feature; at < values.length; at += width) sum += values[at];
    return sum / Math.max(1, customers.rowCount);
  });
  return {
    raw_score: means.reduce((sum, mean) => sum + mean, expectedValue),
    contributions: Object.fromEntries(customers.featureNames.map((name, i) => [name, means[i]])),
    medians: mediansOf(customers),
  };
}

/** Of an even number of values the upper one in the middle, so that a median is always a customer's own figure. */
function mediansOf({ featureNames, columns }: FeatureMatrix): Record<string, number> {
  const medians = featureNames.map((name, i) => {
    const known = columns[i].filter((value) => !Number.isNaN(value)).sort();
    return [name, known.at(Math.floor(known.length / 2))] as const;
  });
  return Object.fromEntries(
    medians.flatMap(([name, median]) => (median === undefined ? [] : [[name, median]])),
  );
}

export interface Comparison {
  /** The typical customer's raw score. */
  readonly typicalRawScore: number;
  /** Row-major `rows x features`: by how much each feature moves a row's raw score away from it. */
  readonly contributions: Float64Array;
}

/**
 * Compares rows with the typical customer instead of the average training row, most of whom may have left long ago: the
 * difference of Shapley values, feature by feature, which again sums to the difference of the scores.
 */
export function compareWithTypical(
  ensemble: TreeEnsemble,
  rows: FeatureMatrix,
  typical: TypicalCustomer | undefined,
): Comparison {
  const { expectedValue, explain } = createTreeExplainer(ensemble);
  const contributions = explain(rows);
  if (typical === undefined) return { typicalRawScore: expectedValue, contributions };
  const width = rows.featureNames.length;
  for (const [feature, name] of rows.featureNames.entries()) {
    const usual = typical.contributions[name] ?? 0;
    for (let at = feature; at < contributions.length; at += width) contributions[at] -= usual;
  }
  return { typicalRawScore: typical.raw_score, contributions };
}
