import type { DataSource } from '../../data/data-source.ts';
import { resolveLabelledAsOf } from '../../features/as-of-day.ts';
import { FORWARD_FEATURES } from '../../features/churn-features.ts';
import { CHURN_LABELS } from '../../registry/churn-labels.ts';
import { besideThreads } from '../beside-threads.ts';
import { fitRegression, forwardBaselines, winnerWarnings } from '../churn/baselines.ts';
import { readCameBack } from '../churn/came-back.ts';
import { type ChurnJudge, evaluateChurn } from '../churn/evaluation.ts';
import { forecastWarnings } from '../churn/forecast-warnings.ts';
import { forwardLabel } from '../churn/forward-label.ts';
import { customerGroups } from '../churn/groups.ts';
import { chooseHorizon } from '../churn/horizon.ts';
import { openHistory } from '../churn/order-history.ts';
import { forecastParams, SAMPLED_FEATURES, type ShopPlan, shopFieldsOf } from '../churn/plan.ts';
import { readPeriods } from '../churn/read-slices.ts';
import { readSeason, type SeasonSource } from '../churn/season/read-season.ts';
import { unknownSeasonFigures } from '../churn/season/season-figures.ts';
import {
  type DescribedRows,
  type ShopTask,
  type ShopTraining,
  shopDetails,
  shopSteps,
  withToday,
} from '../churn/shop-task.ts';
import { type ChosenSpend, chooseSpend } from '../churn/spend-choice.ts';
import { planPeriods } from '../churn/time-line.ts';
import { typicalActiveCustomer } from '../churn/today.ts';
import { settleParameters } from '../search/settle-parameters.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { TrainChurnRequest } from '../training-request.ts';

/**
 * Churned = no order in the horizon after a day. Fitted on several monthly cutoffs and evaluated on a later one
 * (`churn/time-line.ts` draws it).
 */
export function forwardTask(request: TrainChurnRequest, data: DataSource): ShopTask {
  // It does not depend on the parameters, so it is ready by the time they are settled.
  let judged: ChurnJudge | undefined;
  return {
    ...shopSteps(CHURN_LABELS.forward.model, request),
    plan: ({ signal }) => planForecast(request, data, signal),
    async load(plan, env) {
      const { customers } = plan.summary;
      await using history = await openHistory(data, { customers, asOf: plan.asOf }, env.signal);
      const source = { ...history, plan };
      const rows = await readPeriods({ ...source, label: forwardLabel(plan, history.data) }, env);
      // A history too short for a later period to be judged on says nothing of a year.
      const { refitCutoffs } = rows;
      const [described, ofYear] = await Promise.all([
        withToday(rows, { data, plan }, env),
        refitCutoffs && readYear({ ...source, rows, refitCutoffs }, env),
      ]);
      return { ...described, ...ofYear };
    },
    async settle(plan, rows, env) {
      const settling = (listened: TrainingEnvironment) =>
        settleParameters(request.tune, plan.params, { plan, rows }, listened);
      const [settled, beside] = await besideThreads(settling, () => judge(plan, rows), env);
      judged = beside;
      return settled;
    },
    judge,
    evaluate: (training, env) =>
      evaluateChurn(training, () => judged ?? judge(training.plan, training.rows), env),
    details(training, fitted) {
      const { plan, rows, evaluation } = training;
      const { horizonDays, orderGaps } = plan;
      return {
        kind: 'forward',
        horizon_days: horizonDays,
        ...shopDetails(training, fitted),
        order_gaps: orderGaps,
        season: fitted.season ?? unknownSeasonFigures(plan.asOf),
        ...spendOf(training),
        rolling_calibration: evaluation.rolling,
        came_back: rows.cameBack,
        groups: customerGroups(rows.evaluation, evaluation.probabilities, horizonDays),
        typical_customer: typicalActiveCustomer(fitted.ensemble, rows.today, horizonDays),
      };
    },
  };
}

async function planForecast(
  request: TrainChurnRequest,
  data: DataSource,
  signal: AbortSignal | undefined,
): Promise<ShopPlan> {
  const asOf = await resolveLabelledAsOf(data, request.asOf);
  const shop = await shopFieldsOf(data);
  const { firstOrderDate } = shop.summary;
  const { days, orderGaps } =
    request.horizonDays === undefined
      ? await chooseHorizon(data, { asOf, firstOrderDate, signal })
      : { days: request.horizonDays, orderGaps: undefined };
  return {
    ...shop,
    asOf,
    features: FORWARD_FEATURES,
    recipe: 'trees_logistic_regression_and_bg_nbd',
    ...forecastParams(request.params, SAMPLED_FEATURES),
    horizonDays: days,
    cutoffs: planPeriods(asOf, days, firstOrderDate),
    orderGaps,
  };
}

/** What a year or more of orders tells. */
async function readYear(source: SeasonSource, env: TrainingEnvironment) {
  const { data, plan, rows, customersPerRow } = source;
  const [season, cameBack] = await Promise.all([
    readSeason(source, env),
    readCameBack({ ...plan, data, customersPerRow, dated: rows.dated, signal: env.signal }),
  ]);
  return { season, cameBack };
}

function spendOf({ plan: { horizonDays }, rows, evaluation }: ShopTraining): ChosenSpend {
  return chooseSpend({
    evaluation: rows.evaluation,
    spent: rows.evaluationSpent,
    probabilities: evaluation.probabilities,
    today: rows.today.customers,
    horizonDays,
  });
}

function judge(plan: ShopPlan, rows: DescribedRows): ChurnJudge {
  const regression = fitRegression(rows, plan.horizonDays);
  return {
    baselines: forwardBaselines(rows, plan.horizonDays, regression),
    regression,
    warnings: (alone, outcome) => [...forecastWarnings(plan, rows, alone), ...winnerWarnings(outcome)],
  };
}
