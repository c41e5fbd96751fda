import { throwIfAborted } from '../errors.ts';
import type { CardDetails } from '../registry/card-details.ts';
import type { RegisteredVersion } from '../registry/model-registry.ts';
import { assertScoresOfRuntime } from '../scoring/onnx-reference.ts';
import { assembleCard } from './card.ts';
import { reportStep } from './progress-report.ts';
import { promoteIfBetter } from './promotion.ts';
import { startTimings } from './timings.ts';
import type { TrainingEnvironment } from './training-environment.ts';
import type { TrainingOutcome } from './training-request.ts';
import type { Evaluation, TrainingPlan, TrainingTask } from './training-task.ts';

/**
 * Trains, evaluates and registers a model, and makes it the champion if it beats the one there is.
 *
 * The card's figures are those of a model that never saw the rows it was judged on. What is registered is the same
 * recipe fitted once more with these rows included, since they are the latest whose outcome is known.
 *
 * The same data and request give the same trees and the same ONNX bytes. Nothing is registered if a step fails or the
 * training is cancelled.
 *
 * @throws CANCELLED, SCORES_DIFFER, and what the task's steps throw
 */
export async function runTraining<
  Plan extends TrainingPlan,
  Rows,
  Judged extends Evaluation,
  Details extends CardDetails,
>(task: TrainingTask<Plan, Rows, Judged, Details>, env: TrainingEnvironment): Promise<TrainingOutcome> {
  const timings = startTimings();
  const plan = await task.plan(env);
  const rows = await timings.measure('read', () => task.load(plan, env));
  const settled = await timings.measure('settle', () => task.settle(plan, rows, env));

  const evaluation = await timings.measure('train', () => task.evaluate({ plan, rows, settled }, env));
  const training = { plan, rows, settled, evaluation };
  const fitted = await timings.measure('refit', () => task.refit(training, env));
  const onnx = task.exportOnnx(fitted.ensemble, rows);
  await assertScoresOfRuntime(onnx);
  throwIfAborted(env.signal);

  reportStep(env, 'register', 'Registering the new version');
  const card = await env.registry.register({
    ensemble: fitted.ensemble,
    onnx,
    card: assembleCard(task, training, fitted, {
      timings: timings.milliseconds(),
      trainer: env.trainer,
      request: env.request,
    }),
  });
  const compare = (champion: RegisteredVersion) => task.compare({ card, training }, champion, env);
  return { card, ...(await promoteIfBetter(card, compare, env)) };
}
