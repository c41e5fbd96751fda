/**
 * What a forward model has to beat, on the same evaluation rows: ranking by days since the last order, a logistic
 * regression on the same features and training rows, and the BG/NBD model of purchase histories.
 */
import { absenceProbability, fitBgNbd } from '../../baselines/bg-nbd.ts';
import { fitLogisticRegression, predictLogistic } from '../../baselines/logistic-regression.ts';
import { brierScore } from '../../metrics/classification.ts';
import { rocAuc } from '../../metrics/ranked-scores.ts';
import type { ModelCard } from '../../registry/model-card.ts';
import { purchaseHistoryOf, weeksOf } from './recipe.ts';
import type { ChurnSlices } from './slices.ts';

export type Baselines = NonNullable<ModelCard['baselines']>;

export function forwardBaselines(slices: ChurnSlices, horizonDays: number): Baselines {
  const { evaluation, evaluationRecency } = slices;
  const history = purchaseHistoryOf(evaluation);
  // It needs no labels: histories up to the evaluation's cutoff are what it is fitted on.
  const bgNbd = fitBgNbd(history);
  return {
    recency_rule: { roc_auc: rocAuc(evaluation.labels, evaluationRecency) },
    ...regressionBaseline(slices),
    ...(bgNbd.hasConverged && {
      bg_nbd: judge(slices, absenceProbability(bgNbd, history, weeksOf(horizonDays))),
    }),
  };
}

/** The one baseline that needs nothing but rows and labels. */
export function regressionBaseline(slices: ChurnSlices): Baselines {
  const { train, evaluation } = slices;
  return { logistic_regression: judge(slices, predictLogistic(fitLogisticRegression(train), evaluation)) };
}

function judge({ evaluation: { labels } }: ChurnSlices, probabilities: Float64Array) {
  return {
    roc_auc: rocAuc(labels, probabilities),
    brier: brierScore(labels, (row) => probabilities[row]),
  };
}
