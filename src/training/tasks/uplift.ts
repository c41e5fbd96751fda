import { isDeepStrictEqual } from 'node:util';
import type { DataSource, DataSummary } from '../../data/data-source.ts';
import { readBoosterParams } from '../../gbdt/params.ts';
import { exportOnnx } from '../../onnx/export-onnx.ts';
import { ordersOf } from '../card.ts';
import { reportStep, treeReporter } from '../progress-report.ts';
import type { TrainUpliftRequest } from '../training-request.ts';
import type { TrainingPlan, TrainingTask } from '../training-task.ts';
import { type CampaignRows, readCampaignRows } from '../uplift/campaign-rows.ts';
import { evaluateUplift, type UpliftEvaluation } from '../uplift/evaluation.ts';
import { fitUplift, UPLIFT_PARAMS, upliftOutOfFold } from '../uplift/uplift-trees.ts';

const MODEL = 'campaign_uplift';

interface UpliftPlan extends TrainingPlan {
  readonly summary: DataSummary;
}

/**
 * By how much an offer raises a customer's chance to order, from campaigns that are over. Judged out of fold: every customer
 * by a model that never saw them. What is registered is fitted on all.
 *
 * @throws CAMPAIGN_REFUSED if campaigns have had too few customers
 */
export function upliftTask(
  request: TrainUpliftRequest,
  home: string,
  data: DataSource,
): TrainingTask<UpliftPlan, CampaignRows, UpliftEvaluation> {
  return {
    model: MODEL,
    comment: request.comment,
    async plan() {
      const summary = await data.summary();
      return {
        summary,
        asOf: summary.lastOrderDate,
        params: readBoosterParams({ ...UPLIFT_PARAMS, ...request.params }),
        data: { fingerprint: summary.fingerprint, customers: summary.customers },
      };
    },
    load: (_, env) => readCampaignRows(home, data, env),
    settle: async ({ params }) => ({ params }),
    async evaluate({ rows, settled: { params } }, env) {
      const { trainer, signal } = env;
      reportStep(env, 'train', 'Learning whom offers persuaded, five times without a fifth of the customers');
      return evaluateUplift(rows, await upliftOutOfFold(rows, { params, trainer, signal }));
    },
    async refit({ rows, settled: { params } }, env) {
      const { trainer, signal } = env;
      const onTree = treeReporter(env, 'refit', 'Fitting once more on all customers');
      return { ...(await fitUplift(rows, { params, trainer, signal, onTree })), params };
    },
    exportOnnx: (ensemble) => exportOnnx(ensemble, { model: MODEL }),
    details: ({ plan, rows, evaluation }) => ({
      kind: 'uplift',
      horizon_days: rows.horizonDays,
      orders: ordersOf(plan.summary),
      campaigns: [...rows.campaignIds],
      uplift: evaluation.figures,
    }),
    async compare({ training: { rows, evaluation } }, { card: { details } }) {
      const isSame = details.kind === 'uplift' && isDeepStrictEqual(details.campaigns, [...rows.campaignIds]);
      if (!isSame) return { kind: 'incomparable', because: 'learnt from other campaigns' };
      return {
        kind: 'compared',
        figure: 'a Qini coefficient of',
        challenger: evaluation.figures.qini.value,
        champion: details.uplift.qini.value,
        ifEqual: 'promote',
      };
    },
  };
}
