import type { GroupQuality } from '../registry/card-figures.ts';
import { meanOf } from './mean.ts';
import { rocAuc } from './ranked-scores.ts';

/** Rows that a group needs for its ROC-AUC to mean anything. */
const LEAST_ROWS = 20;

/**
 * How probabilities did for each group of rows; `groupOf` names a row's group. Groups in the order of their first row's
 * name in `names`; empty ones are left out.
 */
export function groupQuality(
  names: readonly string[],
  groupOf: (row: number) => string,
  { labels, probabilities }: { labels: Float32Array; probabilities: Float32Array },
): GroupQuality[] {
  const rows = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let row = 0; row < labels.length; row++) rows.get(groupOf(row))?.push(row);
  return [...rows].flatMap(([name, members]) => {
    if (members.length === 0) return [];
    const truth = members.map((row) => labels[row]);
    const scores = members.map((row) => probabilities[row]);
    const churn_rate = meanOf(truth);
    const isRanked = members.length >= LEAST_ROWS && churn_rate > 0 && churn_rate < 1;
    return [
      {
        name,
        customers: members.length,
        churn_rate,
        predicted_rate: meanOf(scores),
        ...(isRanked && { roc_auc: rocAuc(truth, scores) }),
      },
    ];
  });
}
