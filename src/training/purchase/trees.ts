import type { BoosterRequest } from '../../gbdt/booster.ts';
import { importanceOver, overFeatures } from '../../gbdt/over-features.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';
import type { SeasonFactor } from '../churn/season/season-factor.ts';
import { seasonFigures } from '../churn/season/season-figures.ts';
import { seasonOn } from '../churn/season/seasoned-forecast.ts';
import { treeReporter } from '../progress-report.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { EvaluatedTraining, Evaluation, FittedModel } from '../training-task.ts';
import type { JudgedRankings } from './evaluation.ts';
import type { RecommendationPlan } from './plan.ts';
import { probabilityRows, withPurchaseShare } from './purchase-share.ts';
import { beginRanking, withRanking } from './ranker.ts';
import { type DrawnRows, drawnRows, joinRows, splitByCustomer } from './rows.ts';
import { withPurchaseSeason } from './season.ts';
import { shopClock } from './shop-clock.ts';
import { baseRateOf, type PurchaseRows } from './windows.ts';
import { carriedShare, shortfallOn, withShortfall } from './young-shop.ts';

export interface PurchaseEvaluation extends Evaluation {
  readonly rankings: JudgedRankings;
  /** Trees that were best for customers who taught nothing. */
  readonly bestIteration: number;
  /** The model that was judged, as it was learnt: without what is known of season and history. */
  readonly learnt: TreeEnsemble;
}

/** What of a plan the trees are grown by. */
type GrowingPlan = Pick<
  RecommendationPlan,
  'params' | 'horizonDays' | 'trainCutoffs' | 'evaluationCutoff'
> & {
  readonly summary: Pick<RecommendationPlan['summary'], 'firstOrderDate'>;
};

interface MeasuredTrees {
  readonly ensemble: TreeEnsemble;
  readonly learnt: TreeEnsemble;
  readonly bestIteration: number;
}

/** Stops at as many trees as are best for customers who taught nothing. Knows the season as it was known at the hold-out. */
export async function trainMeasuredTrees(
  plan: GrowingPlan,
  { windows, shop }: Omit<PurchaseRows, 'spans'>,
  env: TrainingEnvironment,
): Promise<MeasuredTrees> {
  const { evaluationCutoff, trainCutoffs } = plan;
  const season = seasonOn({ trainCutoffs, day: evaluationCutoff }, shop);
  const clock = shopClock(shop, evaluationCutoff, season);
  const told = windows.map((window, at) => clock.told(window, trainCutoffs[at]));
  const joined = joinRows(told);
  const ranking = beginRanking(joined, plan, env);
  const reporter = treeReporter(env, 'train', 'Training', { mayStopEarly: true });
  const drawn = drawnRows(joined);
  const { learnt, bestIteration } = await growStopped({ ...drawn, season }, plan, env, reporter);
  const trees = await withEarlierError(learnt, { windows: told, season }, plan, env);
  const ensemble = withPurchaseSeason(trees, drawn.dataset, evaluationCutoff, season);
  const ranked = await withRanking(ensemble, drawn.dataset, ranking);
  const inDays = (grown: TreeEnsemble) => clock.inDaysOf(grown, evaluationCutoff);
  return { ensemble: inDays(ranked), learnt: inDays(learnt), bestIteration };
}

async function growStopped(
  { dataset, folds, season }: DrawnRows & { readonly season: SeasonFactor },
  { params, horizonDays }: GrowingPlan,
  env: TrainingEnvironment,
  onTree?: BoosterRequest['onTree'],
): Promise<Omit<MeasuredTrees, 'ensemble'>> {
  const { ensemble, bestIteration } = await env.trainer.train({
    ...splitByCustomer({ dataset: probabilityRows(dataset, horizonDays, season), folds }),
    params,
    signal: env.signal,
    ...(onTree && { onTree }),
  });
  const learnt = withPurchaseShare(overFeatures(ensemble, dataset.featureNames), dataset);
  return { learnt, bestIteration };
}

/** In a young shop: with the error of a model that had learnt from all windows but the latest, and is judged on that one. */
async function withEarlierError(
  learnt: TreeEnsemble,
  { windows, season }: Pick<PurchaseRows, 'windows'> & { readonly season: SeasonFactor },
  plan: GrowingPlan,
  env: TrainingEnvironment,
): Promise<TreeEnsemble> {
  const { trainCutoffs, evaluationCutoff, summary } = plan;
  const [latest, ...earlier] = windows;
  const [latestCutoff, ...earlierCutoffs] = trainCutoffs;
  const tried = { trainCutoffs: earlierCutoffs, day: latestCutoff };
  const next = { trainCutoffs, day: evaluationCutoff };
  const share = baseRateOf(earlier) === 0 ? 0 : carriedShare(summary.firstOrderDate, tried, next);
  if (share === 0) return learnt;
  const before = await growStopped({ ...drawnRows(joinRows(earlier)), season }, plan, env);
  return withShortfall(learnt, shortfallOn(before.learnt, drawnRows(latest).dataset), share);
}

/** As many trees as were best, on the hold-out and the windows before it; and the season as it is known now. */
export async function trainServedTrees(
  { plan, rows, evaluation }: EvaluatedTraining<RecommendationPlan, PurchaseRows, PurchaseEvaluation>,
  env: TrainingEnvironment,
): Promise<FittedModel> {
  const season = seasonOn({ day: plan.asOf, trainCutoffs: plan.refitCutoffs }, rows.shop);
  const clock = shopClock(rows.shop, plan.asOf, season);
  const windows = [evaluation.rankings.rows, ...rows.windows];
  const joined = joinRows(plan.refitCutoffs.map((cutoff, at) => clock.told(windows[at], cutoff)));
  const { dataset } = drawnRows(joined);
  const ranking = beginRanking(joined, plan, env);
  const grown = await env.trainer.train({
    train: probabilityRows(dataset, plan.horizonDays, season),
    params: {
      ...plan.params,
      n_estimators: Math.max(1, evaluation.bestIteration),
      early_stopping_rounds: 0,
    },
    signal: env.signal,
    onTree: treeReporter(env, 'refit', 'Fitting once more, latest orders included'),
  });
  const learnt = withPurchaseShare(overFeatures(grown.ensemble, dataset.featureNames), dataset);
  const trees = withMeasuredError(learnt, plan, evaluation);
  const ensemble = withPurchaseSeason(trees, dataset, plan.asOf, season);
  return {
    ensemble: clock.inDaysOf(await withRanking(ensemble, dataset, ranking), plan.asOf),
    season: seasonFigures(season, plan.asOf),
    featureImportance: importanceOver(grown, dataset.featureNames),
    params: { ...plan.params, trees: grown.bestIteration },
  };
}

/** In a young shop: with the error of the model that was judged. */
function withMeasuredError(
  learnt: TreeEnsemble,
  { trainCutoffs, evaluationCutoff, refitCutoffs, asOf, summary }: RecommendationPlan,
  { learnt: judged, rankings }: PurchaseEvaluation,
): TreeEnsemble {
  const tried = { trainCutoffs, day: evaluationCutoff };
  const share = carriedShare(summary.firstOrderDate, tried, { trainCutoffs: refitCutoffs, day: asOf });
  if (share === 0) return learnt;
  return withShortfall(learnt, shortfallOn(judged, drawnRows(rankings.rows).dataset), share);
}
