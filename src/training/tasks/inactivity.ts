import type { DataSource } from '../../data/data-source.ts';
import { selectFeatures } from '../../dataset/column-rows.ts';
import { ChurnMcpError } from '../../errors.ts';
import { resolveAsOf } from '../../features/as-of-day.ts';
import { CHURN_FEATURES } from '../../features/churn-features.ts';
import { type BoosterParams, readBoosterParams } from '../../gbdt/params.ts';
import { leakageWarnings, singleFeatureScores } from '../../metrics/leakage.ts';
import { meanOf } from '../../metrics/mean.ts';
import { CHURN_LABELS } from '../../registry/churn-labels.ts';
import { type ChurnJudge, evaluateChurn } from '../churn/evaluation.ts';
import { inactivityLabel } from '../churn/inactivity-label.ts';
import { assertDays, type ShopPlan, shopFieldsOf } from '../churn/plan.ts';
import { randomSplit, readEvaluationSlice } from '../churn/read-slices.ts';
import { type DescribedRows, type ShopTask, shopDetails, shopSteps } from '../churn/shop-task.ts';
import { settleParameters } from '../search/settle-parameters.ts';
import type { TrainChurnRequest } from '../training-request.ts';

const DEFAULT_THRESHOLD_DAYS = 7;

/**
 * The reference's label: churned = no order for more than some days as of a day. One slice, a stratified 80/20 split,
 * class weights. It describes the past.
 */
export function inactivityTask(request: TrainChurnRequest, data: DataSource): ShopTask {
  const thresholdDays = request.churnThresholdDays ?? DEFAULT_THRESHOLD_DAYS;
  const label = inactivityLabel(thresholdDays);
  const judge = (_plan: ShopPlan, rows: DescribedRows): ChurnJudge => ({
    baselines: tenureAlone(rows),
    warnings: (alone) => [...leakageWarnings(alone, LEAKAGE_ADVICE), inactivityWarning(thresholdDays)],
  });
  return {
    ...shopSteps(CHURN_LABELS.inactivity.model, request),
    async plan() {
      const asOf = await resolveAsOf(data, request.asOf);
      assertDays('churn_threshold_days', thresholdDays, 0);
      return {
        ...(await shopFieldsOf(data)),
        asOf,
        features: CHURN_FEATURES,
        recipe: 'trees',
        params: withoutStopping(readBoosterParams(request.params ?? {})),
        namedParams: new Set(Object.keys(request.params ?? {})),
        mustStopEarly: false,
        horizonDays: 0,
        cutoffs: [asOf],
      };
    },
    async load(plan, env) {
      const slice = await readEvaluationSlice({ data, plan, label }, env);
      const { dataset: customers, daysSinceLastOrder } = slice;
      return { ...randomSplit(slice), today: { customers, daysSinceLastOrder } };
    },
    settle(plan, rows, env) {
      const isWeightNamed = plan.namedParams.has('scale_pos_weight');
      const params = isWeightNamed ? plan.params : withClassWeight(plan.params, rows.train.labels);
      return settleParameters(request.tune, params, { plan, rows }, env);
    },
    judge,
    evaluate: (training, env) => evaluateChurn(training, () => judge(training.plan, training.rows), env),
    details: (training, fitted) => ({
      kind: 'inactivity',
      churn_threshold_days: thresholdDays,
      ...shopDetails(training, fitted),
    }),
  };
}

function withoutStopping(params: BoosterParams): BoosterParams {
  if (params.early_stopping_rounds === 0) return params;
  throw new ChurnMcpError('INVALID_ARGUMENT', 'The inactivity model has no later period to stop early on.', {
    hint: 'Leave early_stopping_rounds out and set n_estimators, or train with label "forward".',
  });
}

/** The reference weighs churned customers by active / churned of the training part. */
function withClassWeight(params: BoosterParams, labels: Float32Array): BoosterParams {
  const churnRate = meanOf(labels);
  return { ...params, scale_pos_weight: (1 - churnRate) / churnRate };
}

/** The recency rule is no baseline here: it *is* the label. Tenure all but states it, which tells more. */
function tenureAlone({ evaluation }: DescribedRows) {
  const [tenure] = singleFeatureScores(selectFeatures(evaluation, ['customer_tenure_days']));
  return { customer_tenure_days_alone: { roc_auc: tenure.rocAuc } };
}

const LEAKAGE_ADVICE =
  ', so it all but states the label and the score says little about who will leave next: train with label "forward" ' +
  'to predict that.';

/** The label describes the past, whatever the model scores. */
function inactivityWarning(thresholdDays: number) {
  return {
    code: 'INACTIVITY_LABEL',
    message:
      `This label says who has not ordered for more than ${thresholdDays} days, which is already known, and not ` +
      'who will stop ordering: train with label "forward" before acting on it.',
  };
}
