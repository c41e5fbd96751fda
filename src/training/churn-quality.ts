import { inactivityWarning, leakageWarnings, singleFeatureScores } from '../metrics/leakage.ts';
import type { ClassificationMetrics, Warning } from '../registry/model-card.ts';
import { type Baselines, forwardBaselines } from './churn-baselines.ts';
import type { ChurnPlan } from './churn-plan.ts';
import type { ChurnSlices } from './churn-slices.ts';

export interface ChurnQuality {
  readonly baselines: Baselines;
  readonly warnings: Warning[];
}

/** What the figures are worth: baselines on the same evaluation data, and warnings with what to do. */
export function judgeQuality(
  plan: ChurnPlan,
  slices: ChurnSlices,
  metrics: ClassificationMetrics,
): ChurnQuality {
  const alone = singleFeatureScores(slices.evaluation);
  return plan.label.kind === 'inactivity'
    ? judgeInactivity(plan.label.churn_threshold_days, alone)
    : judgeForward(plan.label.horizon_days, slices, metrics, alone);
}

/** The recency rule is no baseline here: it *is* the label. The strongest single feature tells more. */
function judgeInactivity(thresholdDays: number, alone: ReturnType<typeof singleFeatureScores>): ChurnQuality {
  const tenure = alone.find(({ feature }) => feature === 'customer_tenure_days');
  return {
    baselines: tenure ? { customer_tenure_days_alone: { roc_auc: tenure.rocAuc } } : {},
    warnings: [...leakageWarnings(alone, 'inactivity'), inactivityWarning(thresholdDays)],
  };
}

function judgeForward(
  horizonDays: number,
  slices: ChurnSlices,
  metrics: ClassificationMetrics,
  alone: ReturnType<typeof singleFeatureScores>,
): ChurnQuality {
  const baselines = forwardBaselines(slices, horizonDays);
  const warnings = leakageWarnings(alone, 'forward');
  if (slices.kind === 'random_split') {
    warnings.push({
      code: 'SHORT_HISTORY',
      message:
        `The orders do not span two periods of ${horizonDays} days, so the figures come from a random fifth of the same ` +
        'customers and dates and may flatter: choose a shorter horizon_days or import a longer history.',
    });
  }
  const [best] = Object.entries(baselines).sort(([, one], [, other]) => other.roc_auc - one.roc_auc);
  if (best !== undefined && best[1].roc_auc > metrics.roc_auc) {
    const [name, { roc_auc }] = best;
    warnings.push({
      code: 'BASELINE_WINS',
      message:
        `${BASELINE_RANKINGS[name] ?? name} alone ranks better (ROC-AUC ${roc_auc.toFixed(3)} against ` +
        `${metrics.roc_auc.toFixed(3)}): trust the probabilities less than usual, or import a longer history.`,
    });
  }
  return { baselines, warnings };
}

/** As a warning names what a baseline ranks by. */
const BASELINE_RANKINGS: Readonly<Record<string, string>> = {
  recency_rule: 'Days since the last order',
  logistic_regression: 'A logistic regression',
  bg_nbd: 'The BG/NBD model',
};
