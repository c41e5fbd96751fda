/**
 * What a forward model has to beat, on the same evaluation rows: ranking by days since the last order, a logistic
 * regression on the same features and training rows, and the BG/NBD model of purchase histories.
 */
import { absenceProbability, fitBgNbd } from '../baselines/bg-nbd.ts';
import { fitLogisticRegression, predictLogistic } from '../baselines/logistic-regression.ts';
import { brierScore } from '../metrics/classification.ts';
import { rocAuc } from '../metrics/ranked-scores.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { ChurnSlices } from './churn-slices.ts';
import { purchaseHistoryOf, weeksOf } from './forecast-recipe.ts';

export type Baselines = NonNullable<ModelCard['baselines']>;

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
      bg_nbd: judge(absenceProbability(bgNbd, history, weeksOf(horizonDays))),
    }),
  };
}
