import { createHash } from 'node:crypto';
import { pickFeatures, selectFeatures } from '../dataset/column-rows.ts';
import { throwIfAborted } from '../errors.ts';
import { FORWARD_FEATURES } from '../features/churn-features.ts';
import { featureImportanceOf } from '../gbdt/feature-importance.ts';
import { predictRawScores } from '../gbdt/predictor.ts';
import type { TreeEnsemble } from '../gbdt/tree.ts';
import { evaluateClassification } from '../metrics/classification.ts';
import { singleFeatureScores } from '../metrics/leakage.ts';
import { operatingPoints } from '../metrics/operating-points.ts';
import { exportOnnx } from '../onnx/export-onnx.ts';
import type { ModelCard, Warning } from '../registry/model-card.ts';
import { CHAMPION, type ModelRegistry } from '../registry/model-registry.ts';
import { convertXgboost } from '../xgboost/convert-xgboost.ts';
import { foldScaler, readScaler } from '../xgboost/fold-scaler.ts';
import { readXgboostModel } from '../xgboost/model-file.ts';
import { probabilitiesOf } from './churn/calibration.ts';
import { groupsOf, meanOf } from './churn/evaluation.ts';
import { resolveImportedFeatures } from './churn/imported-features.ts';
import { type ChurnPlan, planChurnTraining } from './churn/plan.ts';
import { baselinesOf, qualityWarnings } from './churn/quality.ts';
import { type ChurnSlices, readChurnSlices } from './churn/slices.ts';
import { describeCustomers, readToday } from './churn/today.ts';
import type { ImportModelRequest } from './import-request.ts';
import { libraryVersions } from './library-versions.ts';
import { promoteIfBetter } from './promotion.ts';
import { startTimings } from './timings.ts';
import type { TrainingEnvironment } from './training-environment.ts';
import type { TrainingOutcome } from './training-request.ts';

/**
 * Registers a model that XGBoost trained elsewhere, judged on the rows that a training of the same label is judged on,
 * and makes it the champion if it beats the one there is. Nothing is registered without figures, or when it fails.
 *
 * @throws MODEL_REFUSED, and what a training throws where the data allows no evaluation
 */
export async function importChurnModel(
  request: ImportModelRequest,
  env: TrainingEnvironment,
): Promise<TrainingOutcome> {
  const timings = startTimings();
  const { ensemble, imported } = await timings.measure('convert', () => readModel(request));
  const plan = await planEvaluation(request, env);
  report(env, 'read', `Reading features and labels as of ${plan.evaluationCutoff}`);
  const slices = await timings.measure('read', () => readChurnSlices(plan, env));
  const judged = judge(ensemble, plan, slices);
  const today = await readToday(plan, env);
  const onnx = exportOnnx(ensemble, { model: plan.model });
  throwIfAborted(env.signal);

  report(env, 'register', 'Registering the new version');
  const summary = await env.data.summary();
  const card = await env.registry.register({
    ensemble,
    onnx,
    card: {
      model: plan.model,
      comment: request.comment ?? '',
      label: plan.label,
      as_of: plan.asOf,
      windows: {
        train_cutoffs: [],
        evaluation_cutoff: plan.evaluationCutoff,
        evaluation: slices.kind,
      },
      features: [...ensemble.featureNames],
      recipe: 'trees',
      imported,
      ...(plan.orderGaps && { order_gaps: plan.orderGaps }),
      params: { n_estimators: imported.iterations, objective: imported.objective },
      training_samples: 0,
      test_samples: slices.evaluation.rowCount,
      ...judged.figures,
      feature_importance: importanceOf(ensemble),
      ...describeCustomers(ensemble, plan, {
        ...today,
        customers: pickFeatures(today.customers, ensemble.featureNames),
      }),
      data: {
        fingerprint: summary.fingerprint,
        customers: summary.customers,
        orders: summary.orders,
        first_order_date: summary.firstOrderDate,
        last_order_date: summary.lastOrderDate,
      },
      timings_ms: withoutTotal(timings.milliseconds()),
      library_versions: libraryVersions(),
    },
  });
  return { card, ...(await promoteIfBetter({ card, scores: judged.probabilities }, slices, env)) };
}

interface ReadModel {
  readonly ensemble: TreeEnsemble;
  readonly imported: NonNullable<ModelCard['imported']>;
}

async function readModel({ file, features, scalerFile }: ImportModelRequest): Promise<ReadModel> {
  const { model, bytes } = await readXgboostModel(file);
  const converted = convertXgboost(model, resolveImportedFeatures(model.featureNames, features));
  const scaler = scalerFile === undefined ? undefined : await readScaler(scalerFile);
  return {
    ensemble: scaler ? foldScaler(converted, scaler) : converted,
    imported: {
      from: 'xgboost',
      version: model.version,
      objective: model.objective,
      iterations: Math.ceil(converted.trees.length / model.treesPerIteration),
      scaled: scaler !== undefined,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
  };
}

/**
 * The plan that a training would follow, with the champion's label so that the two can be compared, and all features: the
 * model's own and those that the champion and the baselines go by.
 */
async function planEvaluation(
  { model, horizonDays }: ImportModelRequest,
  { data, registry, signal }: TrainingEnvironment,
): Promise<ChurnPlan> {
  const label = await championLabel(model, registry);
  const plan = await planChurnTraining(
    model === 'customer_churn_forecast'
      ? { label: 'forward', ...forwardWindow(horizonDays, label) }
      : {
          label: 'inactivity',
          ...(label?.kind === 'inactivity' && { churnThresholdDays: label.churn_threshold_days }),
        },
    data,
    signal,
  );
  return { ...plan, features: FORWARD_FEATURES, recipe: 'trees' };
}

function forwardWindow(
  given: number | undefined,
  label: ModelCard['label'] | undefined,
): { horizonDays?: number } {
  if (given !== undefined) return { horizonDays: given };
  return label?.kind === 'forward' ? { horizonDays: label.horizon_days } : {};
}

async function championLabel(
  model: ImportModelRequest['model'],
  registry: ModelRegistry,
): Promise<ModelCard['label'] | undefined> {
  const version = await registry.resolveAlias(model, CHAMPION);
  return version === undefined ? undefined : (await registry.card(model, version)).label;
}

/** The model's figures on the evaluation's rows, beside the baselines'. */
function judge(ensemble: TreeEnsemble, plan: ChurnPlan, slices: ChurnSlices) {
  const { train, evaluation } = slices;
  const seen = selectFeatures(evaluation, ensemble.featureNames);
  const probabilities = probabilitiesOf(predictRawScores(ensemble, seen), undefined);
  const groups = plan.label.kind === 'forward' ? groupsOf(plan, evaluation, probabilities) : undefined;
  const figures = {
    metrics: evaluateClassification({
      labels: evaluation.labels,
      probabilities,
      trainingBaseRate: meanOf(train.labels),
    }),
    operating_points: operatingPoints(evaluation.labels, probabilities),
    baselines: baselinesOf(plan, slices, singleFeatureScores(evaluation)),
    ...(groups && { groups }),
    warnings: [IMPORTED, ...qualityWarnings(plan, slices, singleFeatureScores(seen), undefined)],
  };
  return { probabilities, figures };
}

const IMPORTED: Warning = {
  code: 'IMPORTED',
  message:
    'It was trained elsewhere, so nobody here knows whether it had seen the customers and days that it is judged on; if it had, the figures flatter.',
};

function importanceOf(ensemble: TreeEnsemble): ModelCard['feature_importance'] {
  const importances = featureImportanceOf(ensemble);
  return ensemble.featureNames.map((feature, i) => ({ feature, importance: importances[i] }));
}

/** The total is what a training took. */
function withoutTotal({ total: _, ...steps }: Record<string, number>): Record<string, number> {
  return steps;
}

function report(env: TrainingEnvironment, phase: string, message: string): void {
  env.onProgress?.({ phase, done: 0, total: 1, message });
}
