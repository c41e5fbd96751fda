/** Whether the spend model or the past pace was closer to what customers spent in a later period. */
import { bgNbdOf } from '../../baselines/bg-nbd-of-customers.ts';
import { spendHistoryOf, weeksOf } from '../../baselines/purchase-history.ts';
import { fitSpendModel, type SpendModel, spendIfStaying } from '../../baselines/spend-model.ts';
import type { FeatureMatrix, LabelledDataset } from '../../dataset/feature-matrix.ts';
import type { SpendFigures, ValueFigures } from '../../registry/card-figures.ts';
import { paceSpend } from '../../scoring/expected-spend.ts';
import { activeRows } from './active-rows.ts';

/** Root mean square of ln(said ÷ spent) of a year, over 16 days of eight kinds of generated shops. */
const VALUE_DEVIATION = 0.17;
/** As many periods it weighs. */
const PRIOR_WEIGHT = 3;

export interface SpendTrial {
  /** Customers as of the evaluation's day, whether they ordered, and what they spent in the horizon after it. */
  readonly evaluation: LabelledDataset;
  /** Undefined if there was no later period to judge on. */
  readonly spent: Float64Array | undefined;
  /** What the forecast said of the evaluation's customers: the probability of no order. */
  readonly probabilities: ArrayLike<number>;
  /** Customers as of the forecast's day. */
  readonly today: FeatureMatrix;
  readonly horizonDays: number;
}

export interface ChosenSpend {
  /** For the horizon: absent if the past pace came closer. */
  readonly spend?: SpendFigures | undefined;
  /** For a year: absent if too few customers came back. */
  readonly value?: ValueFigures | undefined;
}

/**
 * The spend model as of today, for the horizon if the model as of the evaluation's day came closer than the pace, and for a
 * year, which the pace does not reach. The model itself needs no labels.
 */
export function chooseSpend({
  evaluation,
  spent,
  probabilities,
  today,
  horizonDays,
}: SpendTrial): ChosenSpend {
  const model = fitSpendModel(spendHistoryOf(today), bgNbdOf(today));
  if (model === undefined) return {};
  const figures = figuresOf(model);
  const then = spendHistoryOf(evaluation);
  const tried = fitSpendModel(then, bgNbdOf(evaluation));
  if (spent === undefined || tried === undefined)
    return { value: { ...figures, deviation: VALUE_DEVIATION } };
  const said = spendIfStaying(tried, then, weeksOf(horizonDays));
  const stayed = activeRows(evaluation, horizonDays).filter(
    (row) => evaluation.labels[row] === 0 && spent[row] > 0,
  );
  const isBetter =
    gammaDeviance(stayed, spent, said) < gammaDeviance(stayed, spent, paceSpend(evaluation, horizonDays));
  const total = said.reduce((sum, amount, row) => sum + (1 - probabilities[row]) * amount, 0);
  const miss = Math.log(total / spent.reduce((sum, amount) => sum + amount, 0));
  return { ...(isBetter && { spend: figures }), value: { ...figures, deviation: deviationOf(miss) } };
}

/** The miss of one period, drawn to what other shops missed a year by. A period in which nobody spent tells nothing. */
function deviationOf(miss: number): number {
  if (!Number.isFinite(miss)) return VALUE_DEVIATION;
  return Math.sqrt((miss ** 2 + PRIOR_WEIGHT * VALUE_DEVIATION ** 2) / (1 + PRIOR_WEIGHT));
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
