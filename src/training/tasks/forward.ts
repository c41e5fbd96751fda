import type { DataSource } from '../../data/data-source.ts';
import { ChurnMcpError } from '../../errors.ts';
import { resolveLabelledAsOf } from '../../features/as-of-day.ts';
import { FORWARD_FEATURES } from '../../features/churn-features.ts';
import { readForwardLabels } from '../../features/read-churn-features.ts';
import { leakageWarnings, type SingleFeatureScore } from '../../metrics/leakage.ts';
import type { SpendFigures, Warning } from '../../registry/card-figures.ts';
import { MODEL_OF_LABEL } from '../../registry/model-card.ts';
import { fitRegression, forwardBaselines, winnerWarnings } from '../churn/baselines.ts';
import { readCameBack } from '../churn/came-back.ts';
import { type ChurnJudge, evaluateChurn } from '../churn/evaluation.ts';
import { customerGroups } from '../churn/groups.ts';
import { chooseHorizon } from '../churn/horizon.ts';
import { forecastParams, type ShopPlan, shopFieldsOf } from '../churn/plan.ts';
import { readPeriods, type ShopLabel, type ShopRows } from '../churn/read-slices.ts';
import { unknownSeasonFigures } from '../churn/season/season-figures.ts';
import { readWeeklyCounts } from '../churn/season/weekly-counts.ts';
import {
  type DescribedRows,
  type ShopTask,
  type ShopTraining,
  shopDetails,
  shopSteps,
  withToday,
} from '../churn/shop-task.ts';
import type { SeasonRows } from '../churn/slices.ts';
import { chooseSpend } from '../churn/spend-choice.ts';
import { planPeriods } from '../churn/time-line.ts';
import { typicalActiveCustomer } from '../churn/today.ts';
import { reportStep } from '../progress-report.ts';
import type { TrainingEnvironment } from '../training-environment.ts';
import type { TrainChurnRequest } from '../training-request.ts';

/**
 * Churned = no order in the horizon after a day. Fitted on several monthly cutoffs and evaluated on a later one
 * (`churn/time-line.ts` draws it).
 */
export function forwardTask(request: TrainChurnRequest, data: DataSource): ShopTask {
  return {
    ...shopSteps(MODEL_OF_LABEL.forward, request),
    async plan({ signal }) {
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
        ...forecastParams(request.params),
        horizonDays: days,
        cutoffs: planPeriods(asOf, days, firstOrderDate),
        orderGaps,
      };
    },
    async load(plan, env) {
      const rows = await readPeriods({ data, plan, label: forwardLabel(plan, data) }, env);
      const described = await withToday(rows, { data, plan }, env);
      // A history too short for a later period to be judged on says nothing of a year.
      if (rows.refitCutoffs === undefined) return described;
      return {
        ...described,
        season: await readSeason({ data, plan, rows, refitCutoffs: rows.refitCutoffs }, env),
        cameBack: await readCameBack({ ...plan, data, dated: rows.dated, signal: env.signal }),
      };
    },
    judge,
    evaluate: (training, env) => evaluateChurn(training, judge(training.plan, training.rows), env),
    details(training, fitted) {
      const { plan, rows, evaluation } = training;
      const { horizonDays, orderGaps } = plan;
      return {
        kind: 'forward',
        horizon_days: horizonDays,
        ...shopDetails(training, fitted),
        order_gaps: orderGaps,
        season: fitted.season ?? unknownSeasonFigures(plan.asOf),
        spend: spendOf(training),
        rolling_calibration: evaluation.rolling,
        came_back: rows.cameBack,
        groups: customerGroups(rows.evaluation, evaluation.probabilities, horizonDays),
        typical_customer: typicalActiveCustomer(fitted.ensemble, rows.today, horizonDays),
      };
    },
  };
}

interface SeasonSource {
  readonly data: DataSource;
  readonly plan: ShopPlan;
  readonly rows: ShopRows;
  readonly refitCutoffs: readonly string[];
}

async function readSeason(
  { data, plan, rows, refitCutoffs }: SeasonSource,
  env: TrainingEnvironment,
): Promise<SeasonRows> {
  reportStep(env, 'read', 'Reading how the weeks of the year differ');
  const { asOf, horizonDays } = plan;
  const weeks = await readWeeklyCounts(data, asOf, env.signal);
  return {
    shop: { weeks, asOf, horizonDays, dated: rows.dated },
    evaluationCutoff: plan.cutoffs[0],
    trainCutoffs: rows.trainCutoffs,
    refitCutoffs,
  };
}

function spendOf({ plan: { horizonDays }, rows }: ShopTraining): SpendFigures | undefined {
  const { evaluation, evaluationSpent: spent, today } = rows;
  return spent && chooseSpend({ evaluation, spent, today: today.customers, horizonDays });
}

function judge(plan: ShopPlan, rows: DescribedRows): ChurnJudge {
  const regression = fitRegression(rows, plan.horizonDays);
  return {
    baselines: forwardBaselines(rows, plan.horizonDays, regression),
    regression,
    warnings: (alone, outcome) => [...warningsOf(plan, rows, alone), ...winnerWarnings(outcome)],
  };
}

function forwardLabel({ horizonDays }: ShopPlan, data: DataSource): ShopLabel {
  return {
    async outcomesAt(cutoff, _daysSinceLastOrder, signal) {
      const later = await readForwardLabels(data, { cutoff, horizonDays, signal });
      return { labels: later.float32('is_churned'), spent: later.float64('spent_in_horizon') };
    },
    moreCustomersHint: 'Import more customers, choose a later as_of, or a shorter horizon_days.',
    oneClass: ({ cutoffs }, haveAllChurned) =>
      new ChurnMcpError(
        'ONE_CLASS',
        `${haveAllChurned ? 'All customers count' : 'No customer counts'} as churned within ${horizonDays} days after ${cutoffs[0]}, so there is nothing to learn.`,
        { hint: `Choose a ${haveAllChurned ? 'longer' : 'shorter'} horizon_days, or another as_of.` },
      ),
  };
}

const LEAKAGE_ADVICE =
  ' on what happened later, so ranking customers by it does nearly as well as this model: compare the two before ' +
  'relying on the model.';

function warningsOf(
  { horizonDays }: ShopPlan,
  { kind }: DescribedRows,
  alone: readonly SingleFeatureScore[],
): Warning[] {
  const warnings = leakageWarnings(alone, LEAKAGE_ADVICE);
  if (kind === 'random_split') {
    warnings.push({
      code: 'SHORT_HISTORY',
      message:
        `The orders do not hold two usable periods of ${horizonDays} days, one after the other, so the figures come ` +
        'from a random fifth of the same customers and dates and may be too good: choose a shorter horizon_days or import a longer history.',
    });
  }
  return warnings;
}
