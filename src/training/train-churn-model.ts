import { filterRows, thinRows, toFeatureMatrix } from '../dataset/column-rows.ts';
import type { FeatureMatrix, LabelledDataset } from '../dataset/feature-matrix.ts';
import { throwIfAborted } from '../errors.ts';
import { typicalCustomerOf } from '../explain/typical-customer.ts';
import { readChurnFeatures } from '../features/read-churn-features.ts';
import type { BoosterRequest } from '../gbdt/booster.ts';
import type { BoosterParams } from '../gbdt/params.ts';
import { predictRawScores } from '../gbdt/predictor.ts';
import { distributionOf } from '../metrics/drift.ts';
import { operatingPoints } from '../metrics/operating-points.ts';
import { exportOnnx } from '../onnx/export-onnx.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { type ChurnEvaluation, evaluateChurn, meanOf } from './churn-evaluation.ts';
import { type ChurnPlan, horizonOf, planChurnTraining } from './churn-plan.ts';
import { readChurnSlices } from './churn-slices.ts';
import { type FittedForecast, fitForecast } from './forecast-recipe.ts';
import { probabilitiesOf } from './later-calibration.ts';
import { libraryVersions } from './library-versions.ts';
import { promoteIfBetter } from './promote-champion.ts';
import { startTimings } from './timings.ts';
import type { TrainingEnvironment } from './training-environment.ts';
import type { TrainChurnRequest, TrainingOutcome } from './training-request.ts';
import { settleTreeCount } from './tree-count.ts';
import { treeProgressText } from './tree-progress.ts';
import { tuneParameters } from './tuning.ts';

/**
 * Trains, evaluates and registers a churn model, and makes it the champion if it beats the one there is.
 *
 * The inactivity model is the reference's: one slice, a stratified 80/20 split, class weights. The forward model is
 * fitted on several monthly cutoffs and evaluated on a later one (`churn-plan.ts` draws the time line). The card's
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
      ...describeCustomers(registered, plan, today),
      data: {
        fingerprint: summary.fingerprint,
        customers: summary.customers,
        orders: summary.orders,
        first_order_date: summary.firstOrderDate,
        last_order_date: summary.lastOrderDate,
      },
      timings_ms: timings.milliseconds(),
      library_versions: libraryVersions(),
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

/** As many tell a distribution's tenths to a fraction of a percent. */
const DISTRIBUTION_ROWS = 50_000;

/** As many say what is typical, and take a fraction of a second to explain. */
const TYPICAL_ROWS = 1000;

/** Customers as of the plan's day, ordered by id, by the plan's features; and how long they have been silent. */
interface Today {
  readonly customers: FeatureMatrix;
  readonly daysSinceLastOrder: Float32Array;
}

async function readToday(
  { asOf, features }: ChurnPlan,
  { data, signal }: TrainingEnvironment,
): Promise<Today> {
  const table = await readChurnFeatures(data, { asOf, features, ...(signal && { signal }) });
  return {
    customers: toFeatureMatrix(table, features),
    daysSinceLastOrder: table.float32('days_since_last_order'),
  };
}

/**
 * Today's customers and their scores, for later data to be compared with. Not the rows trained on: those of a forward
 * model lie months back, and a shop that has not changed at all would seem to have moved. And, of a forward model, the
 * typical one of those who still buy, for reasons to compare with.
 */
function describeCustomers(
  { ensemble }: FittedForecast,
  { label }: ChurnPlan,
  { customers, daysSinceLastOrder }: Today,
): Pick<ModelCard, 'distribution' | 'typical_customer'> {
  const some = thinRows(customers, DISTRIBUTION_ROWS);
  const byFeature = some.featureNames.map(
    (feature, i) => [feature, distributionOf(some.columns[i])] as const,
  );
  const distribution = {
    features: Object.fromEntries(byFeature),
    scores: distributionOf(probabilitiesOf(predictRawScores(ensemble, some), undefined)),
  };
  if (label.kind !== 'forward') return { distribution };
  const active = thinRows(
    filterRows(customers, (row) => daysSinceLastOrder[row] < label.horizon_days),
    TYPICAL_ROWS,
  );
  return { distribution, typical_customer: typicalCustomerOf(ensemble, active) };
}

function report(env: TrainingEnvironment, phase: string, done: number, total: number, message: string): void {
  env.onProgress?.({ phase, done, total, message });
}
