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

/** What `TieGroup` says of a group, without an object for each of very many. */
type TieVisitor = (score: number, positives: number, count: number) => void;

/** Groups rows by score. O(n log n). `labels` are 0 or 1; without weights, each row weighs 1. */
export function tieGroupsOf(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights?: ArrayLike<number>,
): TieGroup[] {
  const groups: TieGroup[] = [];
  visitTies({ labels, scores, weights }, (score, positives, count) => {
    groups.push({ score, positives, count });
  });
  return groups;
}

interface RankedRows {
  readonly labels: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
  readonly weights: ArrayLike<number> | undefined;
}

function visitTies({ labels, scores, weights }: RankedRows, visit: TieVisitor): void {
  const order = descendingOrder(scores);
  let next = 0;
  while (next < order.length) {
    const score = scores[order[next]];
    let [positives, count] = [0, 0];
    // A row that is no number has a group of its own: it is not equal to itself.
    do {
      const row = order[next++];
      const weight = weights?.[row] ?? 1;
      positives += weight * labels[row];
      count += weight;
    } while (next < order.length && scores[order[next]] === score);
    visit(score, positives, count);
  }
}

/** Area under the ROC curve: the chance that a positive scores above a negative, ties counting half. Exact. */
export function rocAuc(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  const area = new RocArea();
  visitTies({ labels, scores, weights }, (_score, positives, count) => area.add(positives, count));
  return area.share();
}

export function rocAucOfGroups(groups: readonly TieGroup[]): number {
  const area = new RocArea();
  for (const { positives, count } of groups) area.add(positives, count);
  return area.share();
}

/** Takes groups, highest score first. */
class RocArea {
  #positivesAbove = 0;
  #negatives = 0;
  #wins = 0;

  add(positives: number, count: number): void {
    this.#wins += (count - positives) * (this.#positivesAbove + positives / 2);
    this.#positivesAbove += positives;
    this.#negatives += count - positives;
  }

  /** Of all pairs of a positive and a negative, those that the positive wins. */
  share(): number {
    return this.#wins / (this.#positivesAbove * this.#negatives);
  }
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
