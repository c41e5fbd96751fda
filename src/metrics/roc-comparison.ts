import { meanOf } from './mean.ts';

/** Whether one ranking is better than another on the same rows, or only happened to be. */
export interface RocComparison {
  /** ROC-AUC of the first less that of the second. */
  readonly difference: number;
  /** 95 % interval of the difference, unless another width was asked for. */
  readonly low: number;
  readonly high: number;
}

/** Standard deviations on either side of the mean that 95 % of a normal distribution lie within. */
export const NORMAL_95 = 1.959964;

/**
 * Compares two scores of the same rows by the method of DeLong, DeLong and Clarke-Pearson (1988), with the ranks of Sun and
 * Xu (2014): O(n log n), exact, and no resampling, so the same rows always give the same interval.
 *
 * @param deviations half the width of the interval; of the best of several rivals it has to be wider than 95 % of one.
 */
export function compareRocAuc(
  labels: ArrayLike<number>,
  one: ArrayLike<number>,
  other: ArrayLike<number>,
  deviations = NORMAL_95,
): RocComparison {
  const [first, second] = [placementsOf(labels, one), placementsOf(labels, other)];
  const difference = first.rocAuc - second.rocAuc;
  const variance =
    varianceOfDifference(first.ofPositives, second.ofPositives) +
    varianceOfDifference(first.ofNegatives, second.ofNegatives);
  const spread = deviations * Math.sqrt(variance);
  return { difference, low: difference - spread, high: difference + spread };
}

interface Placements {
  readonly rocAuc: number;
  /** For each positive the share of negatives it ranks above, ties counting half. */
  readonly ofPositives: Float64Array;
  /** For each negative the share of positives it ranks below. */
  readonly ofNegatives: Float64Array;
}

function placementsOf(labels: ArrayLike<number>, scores: ArrayLike<number>): Placements {
  const rows = Array.from({ length: labels.length }, (_, row) => row);
  const positives = rows.filter((row) => labels[row] === 1);
  const negatives = rows.filter((row) => labels[row] !== 1);
  const ranks = midRanks(rows.map((row) => scores[row]));
  const amongPositives = midRanks(positives.map((row) => scores[row]));
  const amongNegatives = midRanks(negatives.map((row) => scores[row]));
  const ofPositives = Float64Array.from(
    positives,
    (row, i) => (ranks[row] - amongPositives[i]) / negatives.length,
  );
  const ofNegatives = Float64Array.from(
    negatives,
    (row, i) => 1 - (ranks[row] - amongNegatives[i]) / positives.length,
  );
  return { rocAuc: meanOf(ofPositives), ofPositives, ofNegatives };
}

/** Ranks from 1, ascending; equal values share the mean of theirs. */
function midRanks(values: readonly number[]): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a] - values[b] || a - b);
  const ranks = new Float64Array(values.length);
  for (let begin = 0; begin < order.length; ) {
    let end = begin + 1;
    while (end < order.length && values[order[end]] === values[order[begin]]) end++;
    for (let i = begin; i < end; i++) ranks[order[i]] = (begin + 1 + end) / 2;
    begin = end;
  }
  return ranks;
}

/** Of the mean of one less the mean of the other, which are paired. */
function varianceOfDifference(one: Float64Array, other: Float64Array): number {
  if (one.length < 2) return 0;
  const differences = one.map((value, i) => value - other[i]);
  const mean = meanOf(differences);
  const sum = differences.reduce((total, value) => total + (value - mean) ** 2, 0);
  return sum / (one.length - 1) / one.length;
}
