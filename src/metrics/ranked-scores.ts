import { descendingOrder } from '../dataset/radix-sort.ts';

/**
 * Rows with the same score, highest score first. Ties are taken together, so row order never matters. A row of weight w
 * counts as w rows.
 */
export interface TieGroup {
  readonly score: number;
  readonly positives: number;
  readonly count: number;
}

/** Groups rows by score. O(n log n). `labels` are 0 or 1; without weights, each row weighs 1. */
export function tieGroupsOf(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights?: ArrayLike<number>,
): TieGroup[] {
  const order = descendingOrder(scores);
  const groups: { score: number; positives: number; count: number }[] = [];
  let group: { score: number; positives: number; count: number } | undefined;
  for (const row of order) {
    if (group === undefined || group.score !== scores[row]) {
      group = { score: scores[row], positives: 0, count: 0 };
      groups.push(group);
    }
    const weight = weights?.[row] ?? 1;
    group.positives += weight * labels[row];
    group.count += weight;
  }
  return groups;
}

/** Area under the ROC curve: the chance that a positive scores above a negative, ties counting half. Exact. */
export function rocAuc(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  return rocAucOfGroups(tieGroupsOf(labels, scores, weights));
}

export function rocAucOfGroups(groups: readonly TieGroup[]): number {
  let positivesAbove = 0;
  let negatives = 0;
  let wins = 0;
  for (const { positives, count } of groups) {
    wins += (count - positives) * (positivesAbove + positives / 2);
    positivesAbove += positives;
    negatives += count - positives;
  }
  return wins / (positivesAbove * negatives);
}

/** Area under the precision-recall curve as average precision: Σ (R_n − R_{n−1}) P_n, without interpolation. */
export function averagePrecisionOfGroups(groups: readonly TieGroup[]): number {
  let positivesAbove = 0;
  let above = 0;
  let area = 0;
  for (const { positives, count } of groups) {
    positivesAbove += positives;
    above += count;
    if (above > 0) area += positives * (positivesAbove / above);
  }
  return area / positivesAbove;
}

/**
 * Share of positives in the top tenth by score over the share among all. Of a tie that crosses the line, the part
 * that fits counts with the tie's own share.
 */
export function liftInTopDecile(groups: readonly TieGroup[]): number {
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  const positives = groups.reduce((sum, group) => sum + group.positives, 0);
  const top = Math.ceil(total / 10);
  let room = top;
  let caught = 0;
  for (const group of groups) {
    const taken = Math.min(room, group.count);
    if (taken === 0) continue;
    caught += (group.positives * taken) / group.count;
    room -= taken;
    if (room === 0) break;
  }
  return caught / top / (positives / total);
}
