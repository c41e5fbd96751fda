import type { ClassificationMetrics } from '../registry/card-figures.ts';
import { calibrationBins } from './calibration.ts';
import { meanOver } from './mean.ts';
import { averagePrecisionOfGroups, liftInTopDecile, rocAucOfGroups, tieGroupsOf } from './ranked-scores.ts';

/** A row is predicted positive above this probability, not at it (scikit-learn's `predict`). */
const DECISION_THRESHOLD = 0.5;
/** Probabilities are kept this far from 0 and 1 in the log loss, which would be infinite there. */
const SMALLEST_PROBABILITY = 1e-15;

export interface ClassificationInput {
  /** 0 or 1 per row of the evaluation data. */
  readonly labels: ArrayLike<number>;
  /** Predicted probability of the positive class, per row. */
  readonly probabilities: ArrayLike<number>;
  /** By row: a customer of weight w counts as w customers, except in counts. Without them, each weighs 1. */
  readonly weights?: ArrayLike<number> | undefined;
  /** Share of positives in the *training* data: what one would predict for every row without a model. */
  readonly trainingBaseRate: number;
}

/** All figures of a binary classifier; definitions follow scikit-learn. Both classes must be present. */
export function evaluateClassification(request: ClassificationInput): ClassificationMetrics {
  const { labels, probabilities, weights, trainingBaseRate } = request;
  const groups = tieGroupsOf(labels, probabilities, weights);
  const { tn, fp, fn, tp } = confusionMatrix(labels, probabilities, weights);
  const rows = tn + fp + fn + tp;
  const churnRate = (tp + fn) / rows;
  return {
    roc_auc: rocAucOfGroups(groups),
    pr_auc: averagePrecisionOfGroups(groups),
    accuracy: (tp + tn) / rows,
    majority_rate: Math.max(churnRate, 1 - churnRate),
    churned_recall: ratio(tp, tp + fn),
    precision: ratio(tp, tp + fp),
    f1: ratio(2 * tp, 2 * tp + fp + fn),
    log_loss: logLoss(labels, probabilities, weights),
    brier: brierScore(labels, (row) => probabilities[row], weights),
    brier_base: brierScore(labels, () => trainingBaseRate, weights),
    churn_rate: churnRate,
    confusion_matrix: confusionMatrix(labels, probabilities),
    lift_top_decile: liftInTopDecile(groups),
    calibration: calibrationBins(weights === undefined ? groups : tieGroupsOf(labels, probabilities)),
  };
}

function confusionMatrix(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  weights?: ArrayLike<number>,
) {
  const counts = { tn: 0, fp: 0, fn: 0, tp: 0 };
  for (let row = 0; row < labels.length; row++) {
    const isPredicted = probabilities[row] > DECISION_THRESHOLD;
    const weight = weights?.[row] ?? 1;
    if (labels[row] === 1) counts[isPredicted ? 'tp' : 'fn'] += weight;
    else counts[isPredicted ? 'fp' : 'tn'] += weight;
  }
  return counts;
}

/** Mean of −ln of the probability of what happened. */
export function logLoss(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  const lossOf = (row: number) => {
    const probability = labels[row] === 1 ? probabilities[row] : 1 - probabilities[row];
    return -Math.log(Math.max(SMALLEST_PROBABILITY, probability));
  };
  return meanOver(labels.length, lossOf, weights);
}

/** Mean squared error of the probabilities. */
export function brierScore(
  labels: ArrayLike<number>,
  probabilityOf: (row: number) => number,
  weights?: ArrayLike<number>,
): number {
  return meanOver(labels.length, (row) => (probabilityOf(row) - labels[row]) ** 2, weights);
}

/** Zero if there is nothing to divide by, as scikit-learn's `zero_division=0`. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
