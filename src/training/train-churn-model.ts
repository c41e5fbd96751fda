import { filterRows, thinRows, toFeatureMatrix } from '../dataset/column-rows.ts';
import type { FeatureMatrix, LabelledDataset } from '../dataset/feature-matrix.ts';
import { throwIfAborted } from '../errors.ts';
import { typicalCustomerOf } from '../explain/typical-customer.ts';
import { readChurnFeatures } from '../features/read-churn-features.ts';
import type { BoosterResult } from '../gbdt/booster.ts';
import type { BoosterParams } from '../gbdt/params.ts';
import { predictRawScores } from '../gbdt/predictor.ts';
import { evaluateClassification } from '../metrics/classification.ts';
import { distributionOf } from '../metrics/drift.ts';
import { exportOnnx } from '../onnx/export-onnx.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { type ChurnPlan, planChurnTraining } from './churn-plan.ts';
import { judgeQuality } from './churn-quality.ts';
import { readChurnSlices } from './churn-slices.ts';
import { libraryVersions } from './library-versions.ts';
import { promoteIfBetter } from './promote-champion.ts';
import { startTimings } from './timings.ts';
import type { TrainingEnvironment } from './training-environment.ts';
import type { TrainChurnRequest, TrainingOutcome } from './training-request.ts';

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
  const plan = planChurnTraining(request, summary);

  report(env, 'read', 0, 1, `Reading features and labels as of ${plan.evaluationCutoff}`);
  const slices = await timings.measure('read', () => readChurnSlices(plan, env));
  const params = withClassWeight(plan, slices.train);

  const evaluated = await timings.measure('train', () => trainTrees(slices.train, params, 'train', env));
  const probabilities = probabilitiesOf(evaluated, slices.evaluation);
  const metrics = evaluateClassification({
    labels: slices.evaluation.labels,
    probabilities,
    trainingBaseRate: meanOf(slices.train.labels),
  });
  const quality = judgeQuality(plan, slices, metrics);

  const { refit } = slices;
  const registered = refit
    ? await timings.measure('refit', () => trainTrees(refit.dataset, params, 'refit', env))
    : evaluated;
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
      params,
      training_samples: slices.train.rowCount,
      test_samples: slices.evaluation.rowCount,
      metrics,
      baselines: quality.baselines,
      feature_importance: plan.features.map((feature, index) => ({
        feature,
        importance: registered.featureImportance[index],
      })),
      warnings: quality.warnings,
      ...(await describeCustomers(registered, plan, env)),
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
  return { card, ...(await promoteIfBetter({ card, scores: probabilities }, slices, env)) };
}

/** Trains off this thread and passes on each tree as progress. */
function trainTrees(
  train: LabelledDataset,
  params: BoosterParams,
  phase: 'train' | 'refit',
  env: TrainingEnvironment,
): Promise<BoosterResult> {
  const rows = train.rowCount.toLocaleString('en-US');
  const doing = phase === 'train' ? `Training on ${rows} rows` : `Fitting once more, latest period included`;
  return env.trainer.train({
    train,
    params,
    ...(env.signal && { signal: env.signal }),
    onTree: ({ tree, total }) => report(env, phase, tree, total, `${doing}: tree ${tree} of ${total}`),
  });
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

/**
 * Today's customers and their scores, for later data to be compared with. Not the rows trained on: those of a forward
 * model lie months back, and a shop that has not changed at all would seem to have moved. And, of a forward model, the
 * typical one of those who still buy, for reasons to compare with.
 */
async function describeCustomers(
  registered: BoosterResult,
  { asOf, features, label }: ChurnPlan,
  { data, signal }: TrainingEnvironment,
): Promise<Pick<ModelCard, 'distribution' | 'typical_customer'>> {
  const table = await readChurnFeatures(data, { asOf, features, ...(signal && { signal }) });
  const everybody = toFeatureMatrix(table, features);
  const today = thinRows(everybody, DISTRIBUTION_ROWS);
  const byFeature = today.featureNames.map(
    (feature, i) => [feature, distributionOf(today.columns[i])] as const,
  );
  const distribution = {
    features: Object.fromEntries(byFeature),
    scores: distributionOf(probabilitiesOf(registered, today)),
  };
  if (label.kind !== 'forward') return { distribution };
  const recency = table.float32('days_since_last_order');
  const active = thinRows(
    filterRows(everybody, (row) => recency[row] < label.horizon_days),
    TYPICAL_ROWS,
  );
  return { distribution, typical_customer: typicalCustomerOf(registered.ensemble, active) };
}

function probabilitiesOf({ ensemble }: BoosterResult, features: FeatureMatrix): Float32Array {
  return predictRawScores(ensemble, features).map((rawScore) => 1 / (1 + Math.exp(-rawScore)));
}

function meanOf(labels: Float32Array): number {
  return labels.reduce((sum, label) => sum + label, 0) / labels.length;
}

function report(env: TrainingEnvironment, phase: string, done: number, total: number, message: string): void {
  env.onProgress?.({ phase, done, total, message });
}
