import type { BoosterResult } from '../../gbdt/booster.ts';
import { importanceOver, overFeatures } from '../../gbdt/over-features.ts';

import { learntRows } from '../churn/recipe.ts';
import { seasonFigures } from '../churn/season/season-figures.ts';
import { treeReporter } from '../progress-report.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { EvaluatedTraining, Evaluation, FittedModel } from '../training-task.ts';
import type { JudgedRankings } from './evaluation.ts';
import type { RecommendationPlan } from './plan.ts';
import { countedOnce, withPurchaseShare } from './purchase-share.ts';
import { beginRanking, withRanking } from './ranker.ts';
import { drawnRows, joinRows, splitByCustomer } from './rows.ts';
import { withPurchaseSeason } from './season.ts';
import type { PurchaseRows } from './windows.ts';

export interface PurchaseEvaluation extends Evaluation {
  readonly rankings: JudgedRankings;
  /** Trees that were best for customers who taught nothing. */
  readonly bestIteration: number;
}

/** Stops at as many trees as are best for customers who taught nothing. Knows the season as it was known at the hold-out. */
export async function trainMeasuredTrees(
  plan: RecommendationPlan,
  { windows, shop }: PurchaseRows,
  env: TrainingEnvironment,
): Promise<BoosterResult> {
  const { params, horizonDays, evaluationCutoff, trainCutoffs } = plan;
  const joined = joinRows(windows);
  const { dataset, folds } = drawnRows(joined);
  const ranking = beginRanking(joined, plan, env);
  const grown = await env.trainer.train({
    ...splitByCustomer({ dataset: countedOnce(learntRows(dataset, horizonDays)), folds }),
    params,
    signal: env.signal,
    onTree: treeReporter(env, 'train', 'Training', { mayStopEarly: true }),
  });
  const moment = { day: evaluationCutoff, trainCutoffs };
  const trees = withPurchaseShare(overFeatures(grown.ensemble, dataset.featureNames), dataset);
  const { ensemble } = withPurchaseSeason(trees, dataset, moment, shop);
  return { ...grown, ensemble: await withRanking(ensemble, joined, ranking) };
}

/** As many trees as were best, on the hold-out and the windows before it; and the season as it is known now. */
export async function trainServedTrees(
  { plan, rows, evaluation }: EvaluatedTraining<RecommendationPlan, PurchaseRows, PurchaseEvaluation>,
  env: TrainingEnvironment,
): Promise<FittedModel> {
  const joined = joinRows([evaluation.rankings.rows, ...rows.windows.slice(0, plan.refitCutoffs.length - 1)]);
  const { dataset } = drawnRows(joined);
  const ranking = beginRanking(joined, plan, env);
  const grown = await env.trainer.train({
    train: countedOnce(learntRows(dataset, plan.horizonDays)),
    params: {
      ...plan.params,
      n_estimators: Math.max(1, evaluation.bestIteration),
      early_stopping_rounds: 0,
    },
    signal: env.signal,
    onTree: treeReporter(env, 'refit', 'Fitting once more, latest orders included'),
  });
  const moment = { day: plan.asOf, trainCutoffs: plan.refitCutoffs };
  const trees = withPurchaseShare(overFeatures(grown.ensemble, dataset.featureNames), dataset);
  const { ensemble, season } = withPurchaseSeason(trees, dataset, moment, rows.shop);
  return {
    ensemble: await withRanking(ensemble, joined, ranking),
    season: seasonFigures(season, plan.asOf),
    featureImportance: importanceOver(grown, dataset.featureNames),
    params: { ...plan.params, trees: grown.bestIteration },
  };
}
