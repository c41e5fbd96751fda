import { openDay } from '../../data/compose-statement.ts';
import type { DataSource } from '../../data/data-source.ts';
import { ChurnMcpError } from '../../errors.ts';
import { RECOMMENDATION_STATEMENTS } from '../../features/recommendation-features.ts';
import type { BoosterResult } from '../../gbdt/booster.ts';
import { evaluateClassification } from '../../metrics/classification.ts';
import { exportOnnx } from '../../onnx/export-onnx.ts';
import { ordersOf } from '../card.ts';
import { reportStep, treeReporter } from '../progress-report.ts';
import { championEnsemble, compareRankings } from '../purchase/champion.ts';
import { type JudgedRankings, judgeRankings } from '../purchase/evaluation.ts';
import { planRecommendationTraining, type RecommendationPlan } from '../purchase/plan.ts';
import {
  joinRows,
  keptRows,
  type RecommendationRows,
  readWindow,
  splitByCustomer,
} from '../purchase/rows.ts';
import { rankingWarnings } from '../purchase/warnings.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { TrainRecommendationRequest } from '../training-request.ts';
import type { EvaluatedTraining, Evaluation, FittedModel, TrainingTask } from '../training-task.ts';

const MODEL = 'product_recommendation';

/** Rows by window, the latest first. */
type Windows = readonly RecommendationRows[];

interface PurchaseEvaluation extends Evaluation {
  readonly rankings: JudgedRankings;
  /** Trees that were best for customers who taught nothing. */
  readonly bestIteration: number;
}

/**
 * The probability that a customer orders a product within a horizon. Trees are grown on windows that closed before the
 * hold-out (the last horizon before `as_of`) and measured on it, beside the baselines. The model that is registered is
 * then grown anew, with as many trees, on the hold-out and the window before it: the latest behaviour there is.
 *
 * @throws MISSING_TABLE, TOO_FEW_CUSTOMERS, HORIZON_TOO_LONG, ONE_CLASS
 */
export function purchaseTask(
  request: TrainRecommendationRequest,
  data: DataSource,
): TrainingTask<RecommendationPlan, Windows, PurchaseEvaluation> {
  return {
    model: MODEL,
    comment: request.comment,
    plan: () => planRecommendationTraining(request, data),
    load: (plan, env) => readTrainingWindows(data, plan, env),
    settle: async ({ params }) => ({ params }),
    async evaluate({ plan, rows }, env) {
      const measured = await trainMeasuredTrees(plan, rows, env);
      const champion = await championEnsemble(env.registry, plan);
      const ensembles = { model: measured.ensemble, ...(champion && { champion }) };
      const rankings = await judgeRankings(data, plan, ensembles, env);
      const { labels, probabilities } = rankings;
      if (!labels.includes(1)) throw nothingBought('judged');
      return {
        kind: 'later_slice',
        trainingSamples: rows.reduce((sum, { dataset }) => sum + dataset.rowCount, 0),
        labels,
        probabilities: probabilities.model,
        metrics: evaluateClassification({
          labels,
          probabilities: probabilities.model,
          trainingBaseRate: baseRateOf(rows),
        }),
        warnings: rankingWarnings(rankings.ranking),
        rankings,
        bestIteration: measured.bestIteration,
      };
    },
    refit: trainServedTrees,
    exportOnnx: (ensemble) => exportOnnx(ensemble, { model: MODEL }),
    details({ plan, evaluation }) {
      const { champion: _, ...ranking } = evaluation.rankings.ranking;
      return {
        kind: 'purchase',
        horizon_days: plan.horizonDays,
        windows: {
          train_cutoffs: [...plan.trainCutoffs],
          evaluation_cutoff: plan.evaluationCutoff,
          refit_cutoffs: [plan.evaluationCutoff, plan.trainCutoffs[0]],
        },
        orders: ordersOf(plan.summary),
        ranking,
      };
    },
    compare: async ({ card, training }, champion) =>
      compareRankings(card, champion.card, training.evaluation.rankings),
  };
}

async function readTrainingWindows(
  data: DataSource,
  plan: RecommendationPlan,
  env: TrainingEnvironment,
): Promise<Windows> {
  const windows: RecommendationRows[] = [];
  const total = plan.trainCutoffs.length;
  for (const [done, cutoff] of plan.trainCutoffs.entries()) {
    reportStep(env, 'read', `Reading what customers did by ${cutoff}`, { done, total });
    const window = { cutoff, first: 1, last: plan.sampledCustomers, allRows: false };
    await using day = await openDay(data, cutoff, RECOMMENDATION_STATEMENTS, env.signal);
    windows.push(keptRows(await readWindow(day, plan, window, env.signal), plan.sampling));
  }
  if (baseRateOf(windows) === 0) throw nothingBought('learnt from');
  return windows;
}

/** If every product is sold only once, as in a shop of antiques, there is nothing to recommend. */
function nothingBought(period: string): ChurnMcpError {
  return new ChurnMcpError(
    'ONE_CLASS',
    `In the periods that would be ${period}, nobody bought any of the products that could have been recommended.`,
    { hint: 'Recommendations need products that several customers buy. Nothing was registered.' },
  );
}

function trainMeasuredTrees(
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
async function trainServedTrees(
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

/** Share of purchases in the windows learnt from, pairs that were left out counted. */
function baseRateOf(windows: Windows): number {
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
