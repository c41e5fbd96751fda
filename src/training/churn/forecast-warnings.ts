import { leakageWarnings, type SingleFeatureScore } from '../../metrics/leakage.ts';
import type { Warning } from '../../registry/card-figures.ts';
import type { ShopPlan } from './plan.ts';
import type { ShopRows } from './read-slices.ts';

const LEAKAGE_ADVICE =
  ' on what happened later, so ranking customers by it does nearly as well as this model: compare the two before ' +
  'relying on the model.';

/** What a reader of a forecast's figures must know of its features and its periods. */
export function forecastWarnings(
  { horizonDays }: ShopPlan,
  { kind }: ShopRows,
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
