import type { LabelledDataset } from '../dataset/feature-matrix.ts';
import { throwIfAborted } from '../errors.ts';
import type { BoosterRequest } from '../gbdt/booster.ts';
import type { BoosterParams } from '../gbdt/params.ts';
import { operatingPoints } from '../metrics/operating-points.ts';
import { exportOnnx } from '../onnx/export-onnx.ts';
import { type ChurnEvaluation, evaluateChurn, meanOf } from './churn/evaluation.ts';
import { type ChurnPlan, horizonOf, planChurnTraining } from './churn/plan.ts';
import { type FittedForecast, fitForecast } from './churn/recipe.ts';
import { readChurnSlices } from './churn/slices.ts';
import { describeCustomers, readToday, type Today } from './churn/today.ts';
import { libraryVersions } from './library-versions.ts';
import { promoteIfBetter } from './promotion.ts';
import { settleTreeCount } from './search/tree-count.ts';
import { tuneParameters } from './search/tuning.ts';
import { startTimings } from './timings.ts';
import type { TrainingEnvironment } from './training-environment.ts';
import type { TrainChurnRequest, TrainingOutcome } from './training-request.ts';
import { treeProgressText } from './tree-progress.ts';

/**
 * Trains, evaluates and registers a churn model, and makes it the champion if it beats the one there is.
 *
 * The inactivity model is the reference's: one slice, a stratified 80/20 split, class weights. The forward model is
 * fitted on several monthly cutoffs and evaluated on a later one (`churn/plan.ts` draws the time line). The card's
 * figures are those of the model that never saw the evaluation slice; what is registered is the same recipe fitted
 * once more with that slice included, since its customers are the latest whose outcome is known.
 *
 * Same data, same request: same trees, same ONNX bytes. Nothing is registered when it fails or is cancelled.
 *
 * @throws INVALID_ARGUMENT, HORIZON_TOO_LONG, TOO_FEW_CUSTOMERS, ONE_CLASS, CANCELLED
 */
export async function trainChurnModel(
  request: TrainChurnRequest,
  env: TrainingEnvironment,
): Promise<TrainingOutcome> {
  const timings = startTimings();
  const summary = await env.data.summary();
  const plan = await planChurnTraining(request, env.data, env.signal);

  report(env, 'read', 0, 1, `Reading features and labels as of ${plan.evaluationCutoff}`);
  const slices = await timings.measure('read', () => readChurnSlices(plan, env));
  const given = withClassWeight(plan, slices.train);
  const { tune } = request;
  const tuned = tune && (await timings.measure('tune', () => tuneParameters(tune, given, plan, slices, env)));
  const params =
    tuned?.params ?? (await timings.measure('settle', () => settleTreeCount(plan, given, slices, env)));

  const evaluated = await timings.measure('train', () =>
    evaluateChurn(plan, params, slices, env, treeReporter('train', slices.train, env)),
  );

  const today = await readToday(plan, env);
  const { refit } = slices;
  const registered = refit
    ? await timings.measure('refit', () => refitOn(refit.dataset, today, plan, params, evaluated, env))
    : evaluated.fitted;
  const onnx = exportOnnx(registered.ensemble, { model: plan.model });
  throwIfAborted(env.signal);

  report(env, 'register', 0, 1, 'Registering the new version');
  const card = await env.registry.register({
    ensemble: registered.ensemble,
    onnx,
    card: {
      model: plan.model,
      comment: request.comment ?? '',
      label: plan.label,
      as_of: plan.asOf,
      windows: {
        train_cutoffs: [...slices.trainCutoffs],
        evaluation_cutoff: plan.evaluationCutoff,
        evaluation: slices.kind,
        ...(refit && { refit_cutoffs: [...refit.cutoffs] }),
      },
      features: [...plan.features],
      recipe: evaluated.recipe,
      ...(evaluated.calibration && { calibration: evaluated.calibration }),
      ...(tuned && { tuning: tuned.tuning }),
      ...(plan.orderGaps && { order_gaps: plan.orderGaps }),
      params,
      training_samples: slices.train.rowCount,
      test_samples: slices.evaluation.rowCount,
      metrics: evaluated.metrics,
      operating_points: operatingPoints(slices.evaluation.labels, evaluated.probabilities),
      baselines: evaluated.baselines,
      ...(evaluated.groups && { groups: [...evaluated.groups] }),
      feature_importance: plan.features.map((feature, index) => ({
        feature,
        importance: registered.featureImportance[index],
      })),
      warnings: [...evaluated.warnings],
      ...describeCustomers(registered.ensemble, plan, today),
      data: {
        fingerprint: summary.fingerprint,
        customers: summary.customers,
        orders: summary.orders,
        first_order_date: summary.firstOrderDate,
        last_order_date: summary.lastOrderDate,
      },
      timings_ms: timings.milliseconds(),
      library_versions: libraryVersions(env.trainer),
    },
  });
  return { card, ...(await promoteIfBetter({ card, scores: evaluated.probabilities }, slices, env)) };
}

/** The winning recipe once more, with the latest customers whose outcome is known. */
async function refitOn(
  train: LabelledDataset,
  { customers }: Today,
  plan: ChurnPlan,
  params: BoosterParams,
  { recipe, calibrate }: ChurnEvaluation,
  env: TrainingEnvironment,
): Promise<FittedForecast> {
  const { trainer, signal } = env;
  const onTree = treeReporter('refit', train, env);
  const horizonDays = horizonOf(plan);
  report(env, 'refit', 0, 1, 'Fitting once more, latest period included');
  const request = { recipe, train, customers, params, horizonDays, trainer, signal, onTree };
  return calibrate(await fitForecast(request));
}

/** Passes on each tree as progress. */
function treeReporter(
  phase: 'train' | 'refit',
  { rowCount }: LabelledDataset,
  env: TrainingEnvironment,
): NonNullable<BoosterRequest['onTree']> {
  const rows = rowCount.toLocaleString('en-US');
  const doing = phase === 'train' ? `Training on ${rows} rows` : 'Fitting once more, latest period included';
  return (progress) =>
    report(env, phase, progress.tree, progress.total, `${doing}: ${treeProgressText(progress)}`);
}

/** The reference weighs churned customers by active / churned of the training part; a caller's own weight stands. */
function withClassWeight({ params, balanceClasses }: ChurnPlan, { labels }: LabelledDataset): BoosterParams {
  if (!balanceClasses) return params;
  const churnRate = meanOf(labels);
  return { ...params, scale_pos_weight: (1 - churnRate) / churnRate };
}

function report(env: TrainingEnvironment, phase: string, done: number, total: number, message: string): void {
  env.onProgress?.({ phase, done, total, message });
}
