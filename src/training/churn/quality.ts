import { inactivityWarning, leakageWarnings, type SingleFeatureScore } from '../../metrics/leakage.ts';
import type { ForecastRecipe, Warning } from '../../registry/model-card.ts';
import { type Baselines, forwardBaselines, regressionBaseline } from './baselines.ts';
import type { ChurnPlan } from './plan.ts';
import type { ChurnSlices } from './slices.ts';

/** A recipe with its ROC-AUC on the evaluation slice. */
interface Judged {
  readonly recipe: ForecastRecipe;
  readonly rocAuc: number;
}

interface Outcome {
  readonly winner: Judged;
  readonly beaten: Judged;
}

/** What any model of the plan has to beat, on the same evaluation rows. */
export function baselinesOf(
  plan: ChurnPlan,
  slices: ChurnSlices,
  alone: readonly SingleFeatureScore[],
): Baselines {
  if (plan.label.kind === 'forward') return forwardBaselines(slices, plan.label.horizon_days);
  if (plan.label.kind === 'column') return regressionBaseline(slices);
  // The recency rule is no baseline here: it *is* the label. The strongest single feature tells more.
  const tenure = alone.find(({ feature }) => feature === 'customer_tenure_days');
  return tenure ? { customer_tenure_days_alone: { roc_auc: tenure.rocAuc } } : {};
}

/** The baseline that ranks best and better than the model, where it can be registered in the model's place. */
export function baselineWins(baselines: Baselines, rocAuc: number): ForecastRecipe | undefined {
  const [best] = RIVALS.flatMap((recipe) => {
    const baseline = baselines[recipe];
    return baseline && baseline.roc_auc > rocAuc ? [{ recipe, rocAuc: baseline.roc_auc }] : [];
  }).sort((one, other) => other.rocAuc - one.rocAuc);
  return best?.recipe;
}

const RIVALS = ['recency_rule', 'logistic_regression', 'bg_nbd'] as const satisfies readonly ForecastRecipe[];

/** What the figures are worth, with what to do. */
export function qualityWarnings(
  plan: ChurnPlan,
  slices: ChurnSlices,
  alone: readonly SingleFeatureScore[],
  outcome: Outcome | undefined,
): Warning[] {
  switch (plan.label.kind) {
    case 'inactivity':
      return [...leakageWarnings(alone, 'inactivity'), inactivityWarning(plan.label.churn_threshold_days)];
    case 'forward':
      return [...forwardWarnings(plan.label.horizon_days, slices, alone), ...winnerWarnings(outcome)];
    case 'column':
      return [...leakageWarnings(alone, 'column'), ...winnerWarnings(outcome)];
  }
}

function forwardWarnings(
  horizonDays: number,
  slices: ChurnSlices,
  alone: readonly SingleFeatureScore[],
): Warning[] {
  const warnings = leakageWarnings(alone, 'forward');
  if (slices.kind === 'random_split') {
    warnings.push({
      code: 'SHORT_HISTORY',
      message:
        `The orders do not span two periods of ${horizonDays} days, so the figures come from a random fifth of the same ` +
        'customers and dates and may flatter: choose a shorter horizon_days or import a longer history.',
    });
  }
  return warnings;
}

function winnerWarnings(outcome: Outcome | undefined): Warning[] {
  if (outcome === undefined) return [];
  const { winner, beaten } = outcome;
  return [
    {
      code: 'BASELINE_WINS',
      message:
        `${RANKED_BY[winner.recipe]} ranks better than the full model (ROC-AUC ${winner.rocAuc.toFixed(4)} against ` +
        `${beaten.rocAuc.toFixed(4)}), so it is what this version holds; more data may turn that round.`,
    },
  ];
}

/** As a warning names what a winner ranks by. */
const RANKED_BY: Readonly<Record<ForecastRecipe, string>> = {
  trees: 'Boosted trees',
  trees_and_logistic_regression: 'Boosted trees with a logistic regression',
  recency_rule: 'Days since the last order alone',
  logistic_regression: 'A logistic regression alone',
  bg_nbd: 'The BG/NBD model alone',
};
