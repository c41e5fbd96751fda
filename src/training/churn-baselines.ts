/**
 * What a forward model has to beat, on the same evaluation rows: ranking by days since the last order, a logistic
 * regression on the same features and training rows, and the BG/NBD model of purchase histories.
 */
import { absenceProbability, fitBgNbd, type PurchaseHistory } from '../baselines/bg-nbd.ts';
import { fitLogisticRegression, predictLogistic } from '../baselines/logistic-regression.ts';
import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { brierScore } from '../metrics/classification.ts';
import { rocAuc } from '../metrics/ranked-scores.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { ChurnSlices } from './churn-slices.ts';

export type Baselines = NonNullable<ModelCard['baselines']>;

/** BG/NBD's unit of time: near the gaps that customers have. */
const DAYS_A_WEEK = 7;

export function forwardBaselines(slices: ChurnSlices, horizonDays: number): Baselines {
  const { train, evaluation, evaluationRecency } = slices;
  const { labels } = evaluation;
  const judge = (probabilities: Float64Array) => ({
    roc_auc: rocAuc(labels, probabilities),
    brier: brierScore(labels, (row) => probabilities[row]),
  });
  const history = purchaseHistoryOf(evaluation);
  // It needs no labels: histories up to the evaluation's cutoff are what it is fitted on.
  const bgNbd = fitBgNbd(history);
  return {
    recency_rule: { roc_auc: rocAuc(labels, evaluationRecency) },
    logistic_regression: judge(predictLogistic(fitLogisticRegression(train), evaluation)),
    ...(bgNbd.hasConverged && {
      bg_nbd: judge(absenceProbability(bgNbd, history, horizonDays / DAYS_A_WEEK)),
    }),
  };
}

/** Orders of one day count as one, as the model has it. */
function purchaseHistoryOf({ featureNames, columns }: FeatureMatrix): PurchaseHistory {
  const column = (name: string) => columns[featureNames.indexOf(name)];
  const weeks = (name: string) => Float64Array.from(column(name), (days) => days / DAYS_A_WEEK);
  return {
    repeats: Float64Array.from(column('active_days'), (days) => days - 1),
    recency: weeks('customer_tenure_days'),
    age: weeks('days_since_first_order'),
  };
}
