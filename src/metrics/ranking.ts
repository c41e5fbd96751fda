/**
 * Ranking metrics over customers who bought something in an evaluation window ("buyers"). Each takes one customer's
 * list, best first, as flags (was the product at this rank bought?), and the number of products the customer bought.
 * An evaluation is the mean over buyers; buyers with an empty list count as 0.
 */

/** 1 if at least one of the first k was bought, else 0. */
export function hitRateAtK(hits: readonly boolean[], k: number): number {
  return hits.slice(0, k).includes(true) ? 1 : 0;
}

/** Of everything the customer bought, the share that is among the first k. Not capped: of 33 bought it is at most k/33. */
export function recallAtK(hits: readonly boolean[], bought: number, k: number): number {
  if (bought === 0) return 0;
  return hits.slice(0, k).filter(Boolean).length / bought;
}

/**
 * Discounted gain of the first k, 1/log2(rank + 1) each, divided by that of the best list there is: one whose first
 * min(k, bought) were all bought. Järvelin and Kekäläinen 2002, binary relevance.
 */
export function ndcgAtK(hits: readonly boolean[], bought: number, k: number): number {
  if (bought === 0) return 0;
  let gain = 0;
  for (const [index, hit] of hits.slice(0, k).entries()) if (hit) gain += 1 / Math.log2(index + 2);
  let ideal = 0;
  for (let index = 0; index < Math.min(k, bought); index++) ideal += 1 / Math.log2(index + 2);
  return gain / ideal;
}

/**
 * How unlike each other the first products of a list are, by how many: the mean over their pairs of 1 − the share of words
 * that both have of those that either has. 1 if no two share a word, 0 if all are called the same; undefined for fewer than
 * two products. The complement of the intra-list similarity of Ziegler et al. 2005.
 *
 * @param words of each product, none of them twice. @returns one more figures than there are products, from none on.
 */
export function intraListDiversities<Word>(words: readonly (readonly Word[])[]): (number | undefined)[] {
  const diversities: (number | undefined)[] = [undefined];
  let [sum, pairs] = [0, 0];
  for (let at = 0; at < words.length; at++) {
    for (let before = 0; before < at; before++) sum += unlikenessOf(words[at], words[before]);
    pairs += at;
    diversities.push(pairs === 0 ? undefined : sum / pairs);
  }
  return diversities;
}

function unlikenessOf<Word>(one: readonly Word[], other: readonly Word[]): number {
  let common = 0;
  for (const word of one) if (other.includes(word)) common++;
  const either = one.length + other.length - common;
  return either === 0 ? 0 : 1 - common / either;
}

/** Rows `begin` … `end`, the last one left out. */
export interface RowSpan {
  readonly begin: number;
  readonly end: number;
}

/**
 * The first k rows of a span by score, highest first. Equal scores keep the order of the rows, so that lists are the same
 * every time if rows are sorted by product id. `eligible` leaves rows out.
 */
export function topRows(
  scores: { readonly [row: number]: number },
  { begin, end }: RowSpan,
  k: number,
  eligible: (row: number) => boolean = () => true,
): number[] {
  const best: number[] = [];
  for (let row = begin; row < end; row++) {
    if (!eligible(row)) continue;
    if (best.length === k && !(scores[row] > scores[best[k - 1]])) continue;
    let rank = best.length;
    while (rank > 0 && scores[row] > scores[best[rank - 1]]) rank--;
    best.splice(rank, 0, row);
    if (best.length > k) best.pop();
  }
  return best;
}
