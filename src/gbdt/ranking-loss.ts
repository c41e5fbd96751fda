/**
 * The derivatives of LambdaRank (Burges 2010, "From RankNet to LambdaRank to LambdaMART"), for NDCG@10 of lists of wanted and
 * unwanted rows, as LightGBM's `lambdarank` has them: each pair of a wanted and an unwanted row, one of which now stands
 * among the first ten, is pushed apart by how much NDCG would change if they changed places.
 *
 * Only additions, multiplications and divisions in double, and an exponential of our own: the same bytes everywhere.
 */

import { sortableKey } from '../dataset/radix-sort.ts';
import { RANKED_PLACES } from './kernel/layout.ts';
import { expFloat32, type GradientArrays, type GradientMaxima } from './loss.ts';
import type { RowRange } from './row-range.ts';

/** Keeps a pair of nearly the same score from pushing without bound. */
const LEAST_DISTANCE = 0.01;

/** Rows of a list, at most: the place of a row in its list then fits into a number beside its score. */
export const MOST_LIST_ROWS = 2 ** 21;

let discounts = discountsOf(0);
/** Memory for one list after another: allocating it for each took a tenth of the time. */
let scratch = scratchOf(0);

/** Gradients and hessians of the rows of one list, whose labels are 1 (wanted) or 0. Rows of equal score stand in their order. */
export function computeListGradients(
  { rawScores, labels, gradients, hessians }: GradientArrays,
  { from, to }: RowRange,
): GradientMaxima {
  gradients.fill(0, from, to);
  hessians.fill(0, from, to);
  const size = to - from;
  let wanted = 0;
  for (let row = from; row < to; row++) wanted += labels[row];
  if (wanted === 0 || wanted === size) return { gradient: 0, hessian: 0 };
  makeRoomFor(size);
  const order = rowsByScore(rawScores, { from, to });
  const { scores, wantedPlaces, unwantedPlaces, lambdas, curvatures } = scratch;
  lambdas.fill(0, 0, size);
  curvatures.fill(0, 0, size);
  const found = { wanted: 0, unwanted: 0 };
  for (let place = 0; place < size; place++) {
    const row = from + order[place];
    scores[place] = rawScores[row];
    if (labels[row] === 1) wantedPlaces[found.wanted++] = place;
    else unwantedPlaces[found.unwanted++] = place;
  }
  const hasSpread = scores[0] !== scores[size - 1];
  const perPlace = 1 / bestSum(wanted);
  let total = 0;
  let wantedAbove = 0;
  for (let upper = 0; upper < Math.min(RANKED_PLACES, size); upper++) {
    const isWanted = wantedPlaces[wantedAbove] === upper && wantedAbove < wanted;
    const others = isWanted ? unwantedPlaces : wantedPlaces;
    const end = isWanted ? size - wanted : wanted;
    const direction = isWanted ? 1 : -1;
    for (let next = isWanted ? upper - wantedAbove : wantedAbove; next < end; next++) {
      const lower = others[next];
      /** By how much the score of the wanted one is higher. */
      const distance = direction * (scores[upper] - scores[lower]);
      let change = (discounts[upper] - discounts[lower]) * perPlace;
      if (hasSpread) change /= LEAST_DISTANCE + Math.abs(distance);
      const wrong = 1 / (1 + expFloat32(distance));
      const push = wrong * change;
      const curvature = wrong * (1 - wrong) * change;
      lambdas[upper] -= direction * push;
      lambdas[lower] += direction * push;
      curvatures[upper] += curvature;
      curvatures[lower] += curvature;
      total += 2 * push;
    }
    if (isWanted) wantedAbove++;
  }
  return writeScaled({ lambdas, curvatures, total, order }, { gradients, hessians }, { from, to });
}

/** What a wanted row at each place is worth, 0 the first. In float32, so that the last bits of a logarithm do not matter. */
export function discountsOf(places: number): Float32Array {
  return Float32Array.from({ length: places }, (_, place) => 1 / Math.log2(2 + place));
}

function scratchOf(rows: number) {
  return {
    scores: new Float32Array(rows),
    keys: new Float64Array(rows),
    order: new Uint32Array(rows),
    wantedPlaces: new Uint32Array(rows),
    unwantedPlaces: new Uint32Array(rows),
    lambdas: new Float64Array(rows),
    curvatures: new Float64Array(rows),
  };
}

function makeRoomFor(rows: number): void {
  if (discounts.length >= rows) return;
  const room = Math.max(1024, 2 * rows);
  discounts = discountsOf(room);
  scratch = scratchOf(room);
}

/**
 * Which row of the list stands at each place, highest score first. Sorts numbers that hold a score and a row, since a sort
 * by a function takes several times as long.
 */
function rowsByScore(rawScores: Float32Array, { from, to }: RowRange): Uint32Array {
  const size = to - from;
  const { scores, keys, order } = scratch;
  const bits = new Uint32Array(scores.buffer);
  for (let row = 0; row < size; row++) {
    // Adding 0 makes a negative zero a positive one.
    scores[row] = rawScores[from + row] + 0;
    keys[row] = (0xffffffff - sortableKey(bits[row])) * MOST_LIST_ROWS + row;
  }
  keys.subarray(0, size).sort();
  for (let place = 0; place < size; place++) order[place] = keys[place] % MOST_LIST_ROWS;
  return order;
}

/** The sum of the first ten places' worth with so many wanted rows at the top. */
function bestSum(wanted: number): number {
  let sum = 0;
  for (let place = 0; place < Math.min(RANKED_PLACES, wanted); place++) sum += discounts[place];
  return sum;
}

interface ListPushes {
  /** By place. */
  readonly lambdas: Float64Array;
  readonly curvatures: Float64Array;
  /** Of all pushes, both ways. */
  readonly total: number;
  /** The row of the list at each place. */
  readonly order: Uint32Array;
}

/**
 * What pushes that sum up to `total` are multiplied by: a list with many pairs counts for more than one with few, but only by
 * the logarithm of how much more.
 */
export function listFactor(total: number): number {
  return total > 0 ? Math.fround(Math.log2(1 + total)) / total : 1;
}

function writeScaled(
  { lambdas, curvatures, total, order }: ListPushes,
  { gradients, hessians }: Pick<GradientArrays, 'gradients' | 'hessians'>,
  { from, to }: RowRange,
): GradientMaxima {
  const factor = listFactor(total);
  let maxGradient = 0;
  let maxHessian = 0;
  for (let place = 0; place < to - from; place++) {
    const row = from + order[place];
    gradients[row] = lambdas[place] * factor;
    hessians[row] = curvatures[place] * factor;
    maxGradient = Math.max(maxGradient, Math.abs(gradients[row]));
    maxHessian = Math.max(maxHessian, hessians[row]);
  }
  return { gradient: maxGradient, hessian: maxHessian };
}
