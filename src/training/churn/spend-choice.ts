/** Whether the spend model or the past pace was closer to what customers spent in a later period. */
import { bgNbdOf } from '../../baselines/bg-nbd-of-customers.ts';
import { spendHistoryOf, weeksOf } from '../../baselines/purchase-history.ts';
import { fitSpendModel, type SpendModel, spendIfStaying } from '../../baselines/spend-model.ts';
import type { FeatureMatrix, LabelledDataset } from '../../dataset/feature-matrix.ts';
import type { SpendFigures } from '../../registry/card-figures.ts';
import { paceSpend } from '../../scoring/expected-spend.ts';
import { activeRows } from './active-rows.ts';

export interface SpendTrial {
  /** Customers as of the evaluation's day, whether they ordered, and what they spent in the horizon after it. */
  readonly evaluation: LabelledDataset;
  readonly spent: Float64Array;
  /** Customers as of the forecast's day. */
  readonly today: FeatureMatrix;
  readonly horizonDays: number;
}

/**
 * The spend model as of today, if the model as of the evaluation's day came closer than the pace. The model itself needs no
 * labels.
 */
export function chooseSpend({ evaluation, spent, today, horizonDays }: SpendTrial): SpendFigures | undefined {
  const then = spendHistoryOf(evaluation);
  const tried = fitSpendModel(then, bgNbdOf(evaluation));
  if (tried === undefined) return undefined;
  const stayed = activeRows(evaluation, horizonDays).filter(
    (row) => evaluation.labels[row] === 0 && spent[row] > 0,
  );
  const said = spendIfStaying(tried, then, weeksOf(horizonDays));
  const isBetter =
    gammaDeviance(stayed, spent, said) < gammaDeviance(stayed, spent, paceSpend(evaluation, horizonDays));
  const model = isBetter ? fitSpendModel(spendHistoryOf(today), bgNbdOf(today)) : undefined;
  return model && figuresOf(model);
}

/** How far amounts are off in proportion; least for the true means. An expected amount of 0 counts as a cent. */
function gammaDeviance(rows: Uint32Array, amounts: ArrayLike<number>, expected: ArrayLike<number>): number {
  return rows.reduce((sum, row) => {
    const ratio = amounts[row] / Math.max(expected[row], 0.01);
    return sum + ratio - 1 - Math.log(ratio);
  }, 0);
}

function figuresOf({ orders: { r, alpha, a, b }, value: { p, q, gamma } }: SpendModel): SpendFigures {
  return { r, alpha, a, b, p, q, gamma };
}
