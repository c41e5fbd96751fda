import type { DataSource } from '../../data/data-source.ts';
import { evaluateClassification } from '../../metrics/classification.ts';
import { exportOnnx } from '../../onnx/export-onnx.ts';
import { ordersOf } from '../card.ts';
import { championEnsemble, compareRankings } from '../purchase/champion.ts';
import { judgeRankings } from '../purchase/evaluation.ts';
import { planRecommendationTraining, type RecommendationPlan } from '../purchase/plan.ts';
import { type PurchaseEvaluation, trainMeasuredTrees, trainServedTrees } from '../purchase/trees.ts';
import { rankingWarnings } from '../purchase/warnings.ts';
import { baseRateOf, nothingBought, type PurchaseRows, readPurchaseRows } from '../purchase/windows.ts';
import type { TrainRecommendationRequest } from '../training-request.ts';
import type { TrainingTask } from '../training-task.ts';

const MODEL = 'product_recommendation';

/**
 * The probability that a customer orders a product within a horizon. Trees are grown on windows that closed before the
 * hold-out (the last horizon before `as_of`) and measured on it, beside the baselines. The model that is registered is
 * then grown anew, with as many trees, on the hold-out and the windows before it: the latest behaviour there is.
 *
 * @throws MISSING_TABLE, TOO_FEW_CUSTOMERS, HORIZON_TOO_LONG, ONE_CLASS
 */
export function purchaseTask(
  request: TrainRecommendationRequest,
  data: DataSource,
): TrainingTask<RecommendationPlan, PurchaseRows, PurchaseEvaluation> {
  return {
    model: MODEL,
    comment: request.comment,
    plan: () => planRecommendationTraining(request, data),
    load: (plan, env) => readPurchaseRows(data, plan, env),
    settle: async ({ params }) => ({ params }),
    async evaluate({ plan, rows }, env) {
      await using spans = rows.spans;
      const champion = await championEnsemble(env.registry, plan);
      const training = trainMeasuredTrees(plan, rows, env);
      const ensembles = training.then(({ ensemble }) => ({ model: ensemble, ...(champion && { champion }) }));
      // The judge waits for them. If it has failed before that, this is not the failure to tell of.
      ensembles.catch(() => undefined);
      const [rankings, measured] = await Promise.all([
        judgeRankings({ data, spans }, plan, ensembles, env),
        training,
      ]);
      const { labels, probabilities } = rankings;
      if (!labels.includes(1)) throw nothingBought('judged');
      return {
        kind: 'later_slice',
        trainingSamples: rows.windows.reduce((sum, { dataset }) => sum + dataset.rowCount, 0),
        labels,
        probabilities: probabilities.model,
        metrics: evaluateClassification({
          labels,
          probabilities: probabilities.model,
          trainingBaseRate: baseRateOf(rows.windows),
        }),
        warnings: rankingWarnings(rankings.ranking),
        rankings,
        bestIteration: measured.bestIteration,
        learnt: measured.learnt,
      };
    },
    refit: trainServedTrees,
    exportOnnx: (ensemble) => exportOnnx(ensemble, { model: MODEL }),
    details({ plan, evaluation }, { season }) {
      const { champion: _, ...ranking } = evaluation.rankings.ranking;
      return {
        kind: 'purchase',
        horizon_days: plan.horizonDays,
        windows: {
          train_cutoffs: [...plan.trainCutoffs],
          evaluation_cutoff: plan.evaluationCutoff,
          refit_cutoffs: [...plan.refitCutoffs],
        },
        orders: ordersOf(plan.summary),
        ranking,
        season,
      };
    },
    compare: async ({ card, training }, champion) =>
      compareRankings(card, champion.card, training.evaluation.rankings),
  };
}
