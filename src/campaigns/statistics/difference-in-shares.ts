import type { Difference } from './interval.ts';

/** Customers of a group, and how many of them ordered. */
export interface Counts {
  readonly customers: number;
  readonly ordered: number;
}

export interface TwoCounts {
  readonly contacted: Counts;
  readonly heldOut: Counts;
}

/** Shares that the group left alone may truly have, tried on both sides. */
const NUISANCE_STEPS = 32;
const BISECTIONS = 14;

/**
 * How much higher the share of customers who ordered is among the contacted, with an exact interval for few customers: it
 * holds the true difference with probability 1 - alpha at least, whatever the true shares. Two one-sided score tests are
 * inverted, each at the least favourable share: Chan and Zhang, "Test-based exact confidence intervals for the difference of
 * two binomial proportions", Biometrics 55, 1999. O(customers of one group × of the other).
 */
export function exactDifferenceInShares(counts: TwoCounts, alpha: number): Difference {
  const { contacted, heldOut } = counts;
  const value = contacted.ordered / contacted.customers - heldOut.ordered / heldOut.customers;
  const isRefuted = (difference: number, side: 1 | -1) => largestTail(counts, difference, side) <= alpha / 2;
  return {
    value,
    low: edge(value, -1, (difference) => isRefuted(difference, 1)),
    high: edge(value, 1, (difference) => isRefuted(difference, -1)),
  };
}

/** Between a difference that is not refuted and the end that is, the last that is not. */
function edge(value: number, end: number, isRefuted: (difference: number) => boolean): number {
  if (!isRefuted(end * (1 - 1e-9))) return end;
  let [inside, outside] = [value, end];
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (inside + outside) / 2;
    if (isRefuted(middle)) outside = middle;
    else inside = middle;
  }
  return outside;
}

/**
 * The largest probability, over all true shares with the difference given, of counts that speak at least as much for a
 * larger difference (`side` 1) or a smaller one (-1).
 */
function largestTail(counts: TwoCounts, difference: number, side: 1 | -1): number {
  const { contacted, heldOut } = counts;
  const asExtreme = leastExtremeRows(counts, difference, side);
  const [least, most] = [Math.max(0, -difference), Math.min(1, 1 - difference)];
  let largest = 0;
  for (let step = 0; step <= NUISANCE_STEPS; step++) {
    const share = least + ((most - least) * step) / NUISANCE_STEPS;
    const tails = tailsOf(binomial(contacted.customers, share + difference), side);
    const others = binomial(heldOut.customers, share);
    let tail = 0;
    for (let y = 0; y < others.length; y++) tail += others[y] * (tails[asExtreme[y]] ?? 0);
    largest = Math.max(largest, tail);
  }
  return largest;
}

/** For each count among the held-out, the count among the contacted from which on it is as extreme; the score is monotone. */
function leastExtremeRows({ contacted, heldOut }: TwoCounts, difference: number, side: 1 | -1): Int32Array {
  const scoreOf = (x: number, y: number) =>
    side * score(x, y, { m: contacted.customers, n: heldOut.customers, difference });
  const observed = scoreOf(contacted.ordered, heldOut.ordered) - 1e-9;
  const rows = new Int32Array(heldOut.customers + 1);
  for (let y = 0; y <= heldOut.customers; y++) {
    // From the count that speaks most for it, in steps of a binary search.
    let [extreme, not] = side === 1 ? [contacted.customers + 1, -1] : [-1, contacted.customers + 1];
    while (Math.abs(extreme - not) > 1) {
      const middle = (extreme + not) >> 1;
      if (scoreOf(middle, y) >= observed) extreme = middle;
      else not = middle;
    }
    rows[y] = extreme;
  }
  return rows;
}

/**
 * How many standard errors the observed difference lies from the one given, with the shares that are most likely given it:
 * Miettinen and Nurminen, "Comparative analysis of two rates", Statistics in Medicine 4, 1985 (the root of the cubic).
 */
function score(
  x: number,
  y: number,
  { m, n, difference }: { readonly m: number; readonly n: number; readonly difference: number },
): number {
  const away = x / m - y / n - difference;
  const share = likeliestShare(x, y, { m, n, difference });
  const other = share + difference;
  const variance = Math.max((other * (1 - other)) / m + (share * (1 - share)) / n, 1e-12);
  return away / Math.sqrt(variance);
}

function likeliestShare(
  x: number,
  y: number,
  { m, n, difference }: { readonly m: number; readonly n: number; readonly difference: number },
): number {
  const total = m + n;
  const l2 = (m + 2 * n) * difference - total - (x + y);
  const l1 = (n * difference - total - 2 * y) * difference + (x + y);
  const l0 = y * difference * (1 - difference);
  const q = (l2 / (3 * total)) ** 3 - (l1 * l2) / (6 * total ** 2) + l0 / (2 * total);
  const p = Math.sign(q || 1) * Math.sqrt(Math.max((l2 / (3 * total)) ** 2 - l1 / (3 * total), 0));
  const angle = p === 0 ? 0 : (Math.PI + Math.acos(Math.max(-1, Math.min(1, q / p ** 3)))) / 3;
  const root = 2 * p * Math.cos(angle) - l2 / (3 * total);
  return Math.max(0, -difference, Math.min(1, 1 - difference, root));
}

/** Probabilities of 0 to `customers` orderers, from the likeliest count outwards. */
function binomial(customers: number, share: number): Float64Array {
  const probabilities = new Float64Array(customers + 1);
  const likeliest = Math.min(customers, Math.floor((customers + 1) * share));
  probabilities[likeliest] = 1;
  if (share <= 0 || share >= 1) return probabilities;
  const odds = share / (1 - share);
  for (let k = likeliest; k < customers; k++) {
    probabilities[k + 1] = (probabilities[k] * odds * (customers - k)) / (k + 1);
  }
  for (let k = likeliest; k > 0; k--) {
    probabilities[k - 1] = (probabilities[k] * k) / (odds * (customers - k + 1));
  }
  const total = probabilities.reduce((sum, probability) => sum + probability, 0);
  return probabilities.map((probability) => probability / total);
}

/** For each count, the probability of it and all beyond it. */
function tailsOf(probabilities: Float64Array, side: 1 | -1): Float64Array {
  const tails = Float64Array.from(probabilities);
  if (side === 1) for (let k = tails.length - 2; k >= 0; k--) tails[k] += tails[k + 1];
  else for (let k = 1; k < tails.length; k++) tails[k] += tails[k - 1];
  return tails;
}
