import { openDay } from '../data/compose-statement.ts';
import { throwIfAborted } from '../errors.ts';
import { RECOMMENDATION_STATEMENTS } from '../features/recommendation-features.ts';
import type { BoosterResult } from '../gbdt/booster.ts';
import type { TreeEnsemble } from '../gbdt/tree.ts';
import { evaluateClassification } from '../metrics/classification.ts';
import { operatingPoints } from '../metrics/operating-points.ts';
import { exportOnnx } from '../onnx/export-onnx.ts';
import type { ModelCard, Warning } from '../registry/model-card.ts';
import { CHAMPION, type ModelDraft, type ModelRegistry } from '../registry/model-registry.ts';
import { libraryVersions } from './library-versions.ts';
import { evaluateRecommendations, type RecommendationEvaluation } from './purchase/evaluation.ts';
import { planRecommendationTraining, type RecommendationPlan } from './purchase/plan.ts';
import { joinRows, keptRows, type RecommendationRows, readWindow, splitByCustomer } from './purchase/rows.ts';
import { startTimings } from './timings.ts';
import type { TrainingEnvironment } from './training-environment.ts';
import type { TrainingOutcome, TrainRecommendationRequest } from './training-request.ts';
import { treeProgressText } from './tree-progress.ts';

const MODEL = 'product_recommendation';
/** Fewer buyers than this in the hold-out make its figures a matter of luck. */
const FEW_BUYERS = 100;

/**
 * Learns the probability that a customer orders a product within a horizon. Trees are grown on windows that closed
 * before the hold-out (the last horizon before `as_of`) and measured on it, beside the baselines. The model that is
 * registered is then grown anew, with as many trees, on the hold-out and the window before it: the latest behaviour
 * there is. The card's figures are those of the measured trees.
 *
 * Throws `MISSING_TABLE`, `TOO_FEW_CUSTOMERS`, `HORIZON_TOO_LONG`, `ONE_CLASS`, `INVALID_ARGUMENT`, `CANCELLED`.
 */
export async function trainRecommendationModel(
  request: TrainRecommendationRequest,
  env: TrainingEnvironment,
): Promise<TrainingOutcome> {
  const timings = startTimings();
  const plan = await planRecommendationTraining(request, env.data);
  const windows = await timings.measure('features', () => readTrainingWindows(plan, env));
  const measured = await timings.measure('training', () => trainMeasuredTrees(windows, plan, env));
  const champion = await loadComparableChampion(env.registry, plan);
  const ensembles = { model: measured.ensemble, ...champion };
  const evaluation = await timings.measure('evaluation', () => evaluate(plan, ensembles, env));
  const served = await timings.measure('refit', () =>
    trainServedTrees(evaluation.rows, windows, measured, plan, env),
  );
  throwIfAborted(env.signal);
  const draft = draftOf(plan, windows, served, evaluation, timings.milliseconds(), env);
  const card = await env.registry.register(draft);
  return promoteIfBetter(card, evaluation, env.registry);
}

async function readTrainingWindows(
  plan: RecommendationPlan,
  env: TrainingEnvironment,
): Promise<RecommendationRows[]> {
  const windows: RecommendationRows[] = [];
  for (const [done, cutoff] of plan.trainCutoffs.entries()) {
    report(env, 'features', done, plan.trainCutoffs.length, `Reading what customers did by ${cutoff}`);
    const customers = { first: 1, last: plan.sampledCustomers, allRows: false };
    await using day = await openDay(env.data, cutoff, RECOMMENDATION_STATEMENTS, env.signal);
    windows.push(keptRows(await readWindow(day, plan, cutoff, customers, env.signal), plan.sampling));
  }
  return windows;
}

function trainMeasuredTrees(
  windows: readonly RecommendationRows[],
  plan: RecommendationPlan,
  env: TrainingEnvironment,
): Promise<BoosterResult> {
  return env.trainer.train({
    ...splitByCustomer(joinRows(windows)),
    params: plan.params,
    ...(env.signal && { signal: env.signal }),
    onTree: (progress) => {
      const text = treeProgressText(progress, { mayStopEarly: true });
      report(env, 'training', progress.tree, progress.total, `Training: ${text}`);
    },
  });
}

function evaluate(
  plan: RecommendationPlan,
  ensembles: Record<string, TreeEnsemble>,
  env: TrainingEnvironment,
): Promise<RecommendationEvaluation> {
  const message = `Comparing with what was bought after ${plan.evaluationCutoff}`;
  return evaluateRecommendations(env.data, plan, ensembles, {
    signal: env.signal,
    onBatch: (done, total) => report(env, 'evaluation', done, total, message),
  });
}

function trainServedTrees(
  holdOut: RecommendationRows,
  [latestWindow]: readonly RecommendationRows[],
  measured: BoosterResult,
  plan: RecommendationPlan,
  env: TrainingEnvironment,
): Promise<BoosterResult> {
  return env.trainer.train({
    train: joinRows([holdOut, latestWindow]).dataset,
    params: {
      ...plan.params,
      n_estimators: Math.max(1, measured.bestIteration),
      early_stopping_rounds: 0,
    },
    ...(env.signal && { signal: env.signal }),
    onTree: (progress) => {
      const text = `Fitting once more, latest orders included: ${treeProgressText(progress)}`;
      report(env, 'refit', progress.tree, progress.total, text);
    },
  });
}

/**
 * The champion, where it can be compared on this hold-out: it must not have seen any of it, and take the same
 * features.
 */
async function loadComparableChampion(
  registry: ModelRegistry,
  plan: RecommendationPlan,
): Promise<{ champion?: TreeEnsemble }> {
  const version = await registry.resolveAlias(MODEL, CHAMPION);
  if (version === undefined) return {};
  const { card, ensemble } = await registry.load(MODEL, version);
  const isUnseen = card.as_of <= plan.evaluationCutoff;
  const isSameShape = card.label.kind === 'purchase' && card.label.horizon_days === plan.horizonDays;
  return isUnseen && isSameShape ? { champion: ensemble } : {};
}

function draftOf(
  plan: RecommendationPlan,
  windows: readonly RecommendationRows[],
  served: BoosterResult,
  evaluation: RecommendationEvaluation,
  timings: Record<string, number>,
  { trainer }: TrainingEnvironment,
): ModelDraft {
  const { champion: _champion, ...ranking } = evaluation.ranking;
  const { summary } = plan;
  return {
    ensemble: served.ensemble,
    onnx: exportOnnx(served.ensemble, { model: MODEL }),
    card: {
      model: MODEL,
      comment: plan.comment,
      label: { kind: 'purchase', horizon_days: plan.horizonDays },
      as_of: plan.asOf,
      windows: {
        train_cutoffs: [...plan.trainCutoffs],
        evaluation_cutoff: plan.evaluationCutoff,
        evaluation: 'later_slice',
        refit_cutoffs: [plan.evaluationCutoff, plan.trainCutoffs[0]],
      },
      features: [...served.ensemble.featureNames],
      params: { ...plan.params, trees: served.bestIteration },
      training_samples: windows.reduce((sum, { dataset }) => sum + dataset.rowCount, 0),
      test_samples: evaluation.labels.length,
      metrics: evaluateClassification({
        labels: evaluation.labels,
        probabilities: evaluation.probabilities.model,
        trainingBaseRate: baseRateOf(windows),
      }),
      operating_points: operatingPoints(evaluation.labels, evaluation.probabilities.model),
      ranking,
      feature_importance: served.ensemble.featureNames.map((feature, index) => ({
        feature,
        importance: served.featureImportance[index],
      })),
      warnings: warningsOf(evaluation),
      data: {
        fingerprint: summary.fingerprint,
        customers: summary.customers,
        orders: summary.orders,
        first_order_date: summary.firstOrderDate,
        last_order_date: summary.lastOrderDate,
      },
      timings_ms: timings,
      library_versions: libraryVersions(trainer),
    },
  };
}

/** Share of purchases in the windows learnt from, pairs that were left out counted. */
function baseRateOf(windows: readonly RecommendationRows[]): number {
  let purchased = 0;
  let all = 0;
  for (const { dataset } of windows) {
    for (const [row, label] of dataset.labels.entries()) {
      const weight = dataset.weights?.[row] ?? 1;
      purchased += label * weight;
      all += weight;
    }
  }
  return all === 0 ? 0 : purchased / all;
}

function warningsOf({ ranking }: RecommendationEvaluation): Warning[] {
  const warnings: Warning[] = [];
  const { model, champion: _champion, ...baselines } = ranking;
  if (model.buyers < FEW_BUYERS) {
    warnings.push({
      code: 'FEW_BUYERS',
      message: `Only ${model.buyers} customers bought in the evaluation window, so its figures are uncertain.`,
    });
  }
  const winner = Object.entries(baselines).find(([, baseline]) => baseline.ndcg_at_10 > model.ndcg_at_10);
  if (winner !== undefined) {
    const [name, { ndcg_at_10 }] = winner;
    warnings.push({
      code: 'BASELINE_WINS',
      message: `The rule ${name} ranks better than the model (NDCG@10 ${ndcg_at_10.toFixed(3)} against ${model.ndcg_at_10.toFixed(3)}).`,
    });
  }
  return warnings;
}

/** The first version, one better on the same hold-out (NDCG@10, then ROC-AUC), or one that cannot be compared. */
async function promoteIfBetter(
  card: ModelCard,
  evaluation: RecommendationEvaluation,
  registry: ModelRegistry,
): Promise<TrainingOutcome> {
  const version = await registry.resolveAlias(MODEL, CHAMPION);
  const { promoted, promotion } =
    version === undefined
      ? { promoted: true, promotion: 'Promoted: it is the first version.' }
      : compare(card, await registry.card(MODEL, version), evaluation);
  if (promoted) await registry.setAlias(MODEL, CHAMPION, card.version);
  return { card, promoted, promotion };
}

function compare(card: ModelCard, championCard: ModelCard, evaluation: RecommendationEvaluation) {
  const challenger = { ndcg: evaluation.ranking.model.ndcg_at_10, auc: card.metrics.roc_auc };
  const champion = figuresOfChampion(card, championCard, evaluation);
  if (champion === undefined) {
    return {
      promoted: true,
      promotion: `Promoted: ${championCard.version} has seen part of the hold-out or answers another question, so it cannot be compared, and the new version has learnt from later orders.`,
    };
  }
  const isBetter =
    challenger.ndcg > champion.ndcg || (challenger.ndcg === champion.ndcg && challenger.auc > champion.auc);
  const figures = `NDCG@10 ${challenger.ndcg.toFixed(4)} against ${champion.ndcg.toFixed(4)}`;
  return isBetter
    ? {
        promoted: true,
        promotion: `Promoted: better than ${championCard.version} on the same hold-out (${figures}).`,
      }
    : {
        promoted: false,
        promotion: `Not promoted: no better than ${championCard.version} on the same hold-out (${figures}).`,
      };
}

/** From this evaluation where the champion took part; from its own card where that was the same hold-out. */
function figuresOfChampion(card: ModelCard, championCard: ModelCard, evaluation: RecommendationEvaluation) {
  const measured = evaluation.ranking.champion;
  if (measured !== undefined) {
    const { roc_auc } = evaluateClassification({
      labels: evaluation.labels,
      probabilities: evaluation.probabilities.champion,
      trainingBaseRate: card.metrics.churn_rate,
    });
    return { ndcg: measured.ndcg_at_10, auc: roc_auc };
  }
  const isSameHoldOut =
    championCard.data.fingerprint === card.data.fingerprint &&
    championCard.windows.evaluation_cutoff === card.windows.evaluation_cutoff &&
    JSON.stringify(championCard.label) === JSON.stringify(card.label);
  const figures = isSameHoldOut ? championCard.ranking?.model : undefined;
  return figures && { ndcg: figures.ndcg_at_10, auc: championCard.metrics.roc_auc };
}

function report(env: TrainingEnvironment, phase: string, done: number, total: number, message: string): void {
  env.onProgress?.({ phase, done, total, message });
}
