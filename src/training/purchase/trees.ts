import type { BoosterResult } from '../../gbdt/booster.ts';
import { treeReporter } from '../progress-report.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { EvaluatedTraining, Evaluation, FittedModel } from '../training-task.ts';
import type { JudgedRankings } from './evaluation.ts';
import type { RecommendationPlan } from './plan.ts';
import { joinRows, splitByCustomer } from './rows.ts';
import type { Windows } from './windows.ts';

export interface PurchaseEvaluation extends Evaluation {
  readonly rankings: JudgedRankings;
  /** Trees that were best for customers who taught nothing. */
  readonly bestIteration: number;
}

/** Stops at as many trees as are best for customers who taught nothing. */
export function trainMeasuredTrees(
  { params }: RecommendationPlan,
  windows: Windows,
  env: TrainingEnvironment,
): Promise<BoosterResult> {
  return env.trainer.train({
    ...splitByCustomer(joinRows(windows)),
    params,
    signal: env.signal,
    onTree: treeReporter(env, 'train', 'Training', { mayStopEarly: true }),
  });
}

/** As many trees as were best, on the hold-out and the window before it. */
export async function trainServedTrees(
  { plan, rows, evaluation }: EvaluatedTraining<RecommendationPlan, Windows, PurchaseEvaluation>,
  env: TrainingEnvironment,
): Promise<FittedModel> {
  const [latestWindow] = rows;
  const served = await env.trainer.train({
    train: joinRows([evaluation.rankings.rows, latestWindow]).dataset,
    params: {
      ...plan.params,
      n_estimators: Math.max(1, evaluation.bestIteration),
      early_stopping_rounds: 0,
    },
    signal: env.signal,
    onTree: treeReporter(env, 'refit', 'Fitting once more, latest orders included'),
  });
  return { ...served, params: { ...plan.params, trees: served.bestIteration } };
}
