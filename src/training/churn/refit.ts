import type { FeatureMatrix } from '../../dataset/feature-matrix.ts';
import { reportStep } from '../progress-report.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { EvaluatedTraining, FittedModel } from '../training-task.ts';
import type { ChurnEvaluation } from './evaluation.ts';
import { refitRequest } from './forecast-requests.ts';
import type { ChurnPlan } from './plan.ts';
import { fitForecast } from './recipe.ts';
import { seasonFigures } from './season/season-figures.ts';
import { withSeason } from './season/seasoned-forecast.ts';
import type { ChurnRows } from './slices.ts';

/**
 * The winning recipe once more, with the latest customers whose outcome is known; the evaluated trees if there are no
 * such rows. `customers` are those to be scored.
 */
export async function refitChurn(
  training: EvaluatedTraining<ChurnPlan, ChurnRows, ChurnEvaluation>,
  customers: FeatureMatrix | undefined,
  env: TrainingEnvironment,
): Promise<FittedModel> {
  const { params } = training.settled;
  const { rows, evaluation } = training;
  const request = refitRequest(training, env);
  if (request === undefined) return { ...evaluation.fitted, params };
  reportStep(env, 'refit', 'Fitting once more, latest outcomes included');
  const fitted = await fitForecast({
    ...request,
    recipe: evaluation.recipe,
    customers,
    begun: evaluation.refitting,
  });
  if (rows.season === undefined || customers === undefined) return { ...fitted, params };
  const { shop, refitCutoffs } = rows.season;
  const moment = { day: shop.asOf, trainCutoffs: refitCutoffs, customers };
  const growing = { params, trainer: env.trainer, signal: env.signal };
  const { ensemble, season } = await withSeason(fitted.ensemble, moment, shop, growing);
  return { ...fitted, ensemble, params, season: seasonFigures(season, shop.asOf) };
}
