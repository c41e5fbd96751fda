/** What a training fits: the forecast to be judged, and the one to be registered. */
import { treeReporter } from '../progress-report.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { Training } from '../training-task.ts';
import type { ChurnPlan } from './plan.ts';
import type { ForecastRequest } from './recipe.ts';
import type { ChurnRows } from './slices.ts';

type ChurnTraining = Training<ChurnPlan, ChurnRows>;

/** The proposed recipe on the training rows, to be judged on the evaluation's. */
export function evaluationRequest(training: ChurnTraining, env: TrainingEnvironment): ForecastRequest {
  const { plan, rows } = training;
  const { train, evaluation } = rows;
  return {
    ...sharedFields(training, env),
    recipe: plan.recipe,
    train,
    customers: evaluation,
    shown: evaluation,
    onTree: treeReporter(env, 'train', `Training on ${train.rowCount.toLocaleString('en-US')} rows`),
  };
}

/** The same with the latest rows whose outcome is known; undefined if there are none but those evaluated on. */
export function refitRequest(training: ChurnTraining, env: TrainingEnvironment): ForecastRequest | undefined {
  const { plan, rows } = training;
  if (rows.refit === undefined) return undefined;
  return { ...sharedFields(training, env), recipe: plan.recipe, train: rows.refit };
}

function sharedFields({ plan: { horizonDays }, settled }: ChurnTraining, env: TrainingEnvironment) {
  return { params: settled.params, horizonDays, trainer: env.trainer, signal: env.signal };
}
