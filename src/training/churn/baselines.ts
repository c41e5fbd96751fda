/**
 * What a forward model has to beat, on the same evaluation rows: ranking by days since the last order, a logistic
 * regression on the same features and training rows, and the BG/NBD model of purchase histories.
 */
import { absenceProbability } from '../../baselines/bg-nbd.ts';
import { bgNbdOf } from '../../baselines/bg-nbd-of-customers.ts';
import {
  fitLogisticRegression,
  type LogisticModel,
  predictLogistic,
} from '../../baselines/logistic-regression.ts';
import { purchaseHistoryOf, weeksOf } from '../../baselines/purchase-history.ts';
import { brierScore } from '../../metrics/classification.ts';
import { rocAuc } from '../../metrics/ranked-scores.ts';
import type { Baselines } from '../../registry/card-details.ts';
import type { ForecastRecipe, Warning } from '../../registry/card-figures.ts';
import { bestRule } from '../../scoring/ranking-trust.ts';
import type { ShopRows } from './read-slices.ts';
import { learntRows } from './recipe.ts';
import type { ChurnRows } from './slices.ts';

export function forwardBaselines(rows: ShopRows, horizonDays: number, regression: LogisticModel): Baselines {
  const { evaluation, evaluationRecency } = rows;
  const history = purchaseHistoryOf(evaluation);
  // BG/NBD needs no labels: it is fitted on the histories up to the evaluation's cutoff.
  const bgNbd = bgNbdOf(evaluation);
  return {
    recency_rule: { roc_auc: rocAuc(evaluation.labels, evaluationRecency) },
    ...regressionBaseline(rows, regression, horizonDays),
    ...(bgNbd.hasConverged && {
      bg_nbd: judge(rows, absenceProbability(bgNbd, history, weeksOf(horizonDays))),
    }),
  };
}

/** Fits the regression on the features that the model learns from. */
export function fitRegression({ train }: ChurnRows, horizonDays: number): LogisticModel {
  return fitLogisticRegression(learntRows(train, horizonDays));
}

/** The one baseline that needs nothing but rows and labels. */
export function regressionBaseline(
  rows: ChurnRows,
  regression: LogisticModel,
  horizonDays: number,
): Baselines {
  const customers = learntRows(rows.evaluation, horizonDays);
  return { logistic_regression: judge(rows, predictLogistic(regression, customers)) };
}

function judge({ evaluation: { labels, weights } }: ChurnRows, probabilities: Float64Array) {
  return {
    roc_auc: rocAuc(labels, probabilities, weights),
    brier: brierScore(labels, (row) => probabilities[row], weights),
  };
}

/** A recipe with its ROC-AUC on the evaluation slice. */
interface Judged {
  readonly recipe: ForecastRecipe;
  readonly rocAuc: number;
}

/** A baseline ranked better than the proposed recipe, and took its place. */
export interface Outcome {
  readonly winner: Judged;
  readonly beaten: Judged;
}

/** The best baseline, if it ranks better than the model and can be registered in its place. */
export function baselineWins(baselines: Baselines, rocAuc: number): ForecastRecipe | undefined {
  const best = bestRule(baselines);
  return best && best.rocAuc > rocAuc ? best.rule : undefined;
}

export function winnerWarnings(outcome: Outcome | undefined): Warning[] {
  if (outcome === undefined) return [];
  const { winner, beaten } = outcome;
  return [
    {
      code: 'BASELINE_WINS',
      message:
        `${RANKED_BY[winner.recipe]} ranks better than the full model (ROC-AUC ${winner.rocAuc.toFixed(4)} against ` +
        `${beaten.rocAuc.toFixed(4)}), so this version uses it. More data may change that.`,
    },
  ];
}

/** As a warning names what a winner ranks by. */
const RANKED_BY: Readonly<Record<ForecastRecipe, string>> = {
  trees: 'Boosted trees',
  trees_and_logistic_regression: 'Boosted trees with a logistic regression',
  trees_logistic_regression_and_bg_nbd: 'Boosted trees with a logistic regression and BG/NBD',
  recency_rule: 'Days since the last order alone',
  logistic_regression: 'A logistic regression alone',
  bg_nbd: 'The BG/NBD model alone',
};
