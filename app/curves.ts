/** Curves and counts at a threshold, from what each threshold catches. */
import type { Metrics, OperatingPoint } from './answers.ts';

export type Curve = readonly (readonly [number, number])[];
export type Counts = Metrics['confusion_matrix'];
export interface Totals {
  readonly positives: number;
  readonly negatives: number;
}

export function totalsOf({ tn, fp, fn, tp }: Counts): Totals {
  return { positives: tp + fn, negatives: tn + fp };
}

/** ROC points: false positive rate and recall, from no customer to all. */
export function rocCurve(points: readonly OperatingPoint[], { positives, negatives }: Totals): Curve {
  return [[0, 0], ...points.map(({ tp, fp }) => [fp / negatives, tp / positives] as const), [1, 1]];
}

/** Precision-recall points; thresholds that no row reaches are left out. */
export function precisionRecallCurve(points: readonly OperatingPoint[], { positives }: Totals): Curve {
  return points
    .filter(({ tp, fp }) => tp + fp > 0)
    .map(({ tp, fp }) => [tp / positives, tp / (tp + fp)] as const);
}

/** Rows above the threshold are predicted positive. Points are ordered from the highest threshold. */
export function countsAt(
  threshold: number,
  points: readonly OperatingPoint[],
  { positives, negatives }: Totals,
): Counts {
  const { tp, fp } = points.findLast((point) => point.threshold >= threshold) ?? { tp: 0, fp: 0 };
  return { tp, fp, fn: positives - tp, tn: negatives - fp };
}
