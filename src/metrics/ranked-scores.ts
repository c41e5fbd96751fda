import { descendingOrder } from '../dataset/radix-sort.ts';
import { sumOf } from './sum.ts';

/**
 * Rows grouped by their score, highest score first; each column has a value per group. Ties are taken together, so row order
 * never matters. A row of weight w counts as w rows.
 */
export interface TieGroups {
  readonly scores: Float64Array;
  readonly positives: Float64Array;
  readonly counts: Float64Array;
}

/** Groups rows by score. O(n log n). `labels` are 0 or 1; without weights, each row weighs 1. */
export function tieGroupsOf(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights?: ArrayLike<number>,
): TieGroups {
  const order = descendingOrder(scores);
  const columns = [0, 1, 2].map(() => new Float64Array(order.length));
  const [ofGroups, positives, counts] = columns;
  let last = -1;
  for (let i = 0; i < order.length; i++) {
    const row = order[i];
    if (last < 0 || scores[row] !== ofGroups[last]) ofGroups[++last] = scores[row];
    const weight = weights?.[row] ?? 1;
    positives[last] += weight * labels[row];
    counts[last] += weight;
  }
  return {
    scores: ofGroups.subarray(0, last + 1),
    positives: positives.subarray(0, last + 1),
    counts: counts.subarray(0, last + 1),
  };
}

/** Area under the ROC curve: the chance that a positive scores above a negative, ties counting half. Exact. */
export function rocAuc(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  return rocAucOfGroups(tieGroupsOf(labels, scores, weights));
}

export function rocAucOfGroups({ positives, counts }: TieGroups): number {
  let positivesAbove = 0;
  let negatives = 0;
  let wins = 0;
  for (let group = 0; group < counts.length; group++) {
    wins += (counts[group] - positives[group]) * (positivesAbove + positives[group] / 2);
    positivesAbove += positives[group];
    negatives += counts[group] - positives[group];
  }
  return wins / (positivesAbove * negatives);
}

/** Area under the precision-recall curve as average precision: Σ (R_n − R_{n−1}) P_n, without interpolation. */
export function averagePrecisionOfGroups({ positives, counts }: TieGroups): number {
  let positivesAbove = 0;
  let above = 0;
  let area = 0;
  for (let group = 0; group < counts.length; group++) {
    positivesAbove += positives[group];
    above += counts[group];
    if (above > 0) area += positives[group] * (positivesAbove / above);
  }
  return area / positivesAbove;
}

/**
 * Share of positives in the top tenth by score over the share among all. Of a tie that crosses the line, the part
 * that fits counts with the tie's own share.
 */
export function liftInTopDecile({ positives, counts }: TieGroups): number {
  const total = sumOf(counts);
  const top = Math.ceil(total / 10);
  let room = top;
  let caught = 0;
  for (let group = 0; group < counts.length && room > 0; group++) {
    const taken = Math.min(room, counts[group]);
    if (taken === 0) continue;
    caught += (positives[group] * taken) / counts[group];
    room -= taken;
  }
  return caught / top / (sumOf(positives) / total);
}
