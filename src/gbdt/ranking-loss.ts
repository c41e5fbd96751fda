/**
 * The derivatives of LambdaRank (Burges 2010, "From RankNet to LambdaRank to LambdaMART"), for NDCG@10 of lists of wanted and
 * unwanted rows, as LightGBM's `lambdarank` has them: each pair of a wanted and an unwanted row, one of which now stands
 * among the first ten, is pushed apart by how much NDCG would change if they changed places.
 *
 * Only additions, multiplications and divisions in double, and an exponential of our own: the same bytes everywhere.
 */
import { expFloat32, type GradientArrays, type GradientMaxima } from './loss.ts';
import type { RowRange } from './row-range.ts';

/** NDCG@10: pairs whose better row stands below the tenth place are left alone. */
const PLACES = 10;
/** Keeps a pair of nearly the same score from pushing without bound. */
const LEAST_DISTANCE = 0.01;

const discounts: number[] = [];

/** What a wanted row at a place is worth, 0 the first. In float32, so that the last bits of a logarithm do not matter. */
function discountOf(place: number): number {
  while (discounts.length <= place) discounts.push(Math.fround(1 / Math.log2(2 + discounts.length)));
  return discounts[place];
}

/** Gradients and hessians of the rows of one list, whose labels are 1 (wanted) or 0. Rows of equal score stand in their order. */
export function computeListGradients(
  { rawScores, labels, gradients, hessians }: GradientArrays,
  { from, to }: RowRange,
): GradientMaxima {
  gradients.fill(0, from, to);
  hessians.fill(0, from, to);
  let wanted = 0;
  for (let row = from; row < to; row++) wanted += labels[row];
  if (wanted === 0 || wanted === to - from) return { gradient: 0, hessian: 0 };
  const order = rowsByScore(rawScores, { from, to });
  const spread = rawScores[order[0]] - rawScores[order[order.length - 1]];
  const perPlace = 1 / bestSum(wanted);
  const lambdas = new Float64Array(to - from);
  const curvatures = new Float64Array(to - from);
  let total = 0;
  for (let place = 0; place < Math.min(PLACES, order.length); place++) {
    const upper = order[place];
    const isWanted = labels[upper] === 1;
    const worth = discountOf(place);
    const score = rawScores[upper];
    for (let below = place + 1; below < order.length; below++) {
      const lower = order[below];
      if ((labels[lower] === 1) === isWanted) continue;
      const distance = isWanted ? score - rawScores[lower] : rawScores[lower] - score;
      let change = (worth - discountOf(below)) * perPlace;
      if (spread !== 0) change /= LEAST_DISTANCE + Math.abs(distance);
      const wrong = 1 / (1 + expFloat32(distance));
      const push = wrong * change;
      const curvature = wrong * (1 - wrong) * change;
      lambdas[upper - from] += isWanted ? -push : push;
      lambdas[lower - from] += isWanted ? push : -push;
      curvatures[upper - from] += curvature;
      curvatures[lower - from] += curvature;
      total += 2 * push;
    }
  }
  return writeScaled({ lambdas, curvatures, total }, { gradients, hessians }, from);
}

/** Highest score first. */
function rowsByScore(rawScores: Float32Array, { from, to }: RowRange): Uint32Array {
  const order = Uint32Array.from({ length: to - from }, (_, index) => from + index);
  return order.sort((one, other) => rawScores[other] - rawScores[one] || one - other);
}

/** The sum of the first ten places' worth with so many wanted rows at the top. */
function bestSum(wanted: number): number {
  let sum = 0;
  for (let place = 0; place < Math.min(PLACES, wanted); place++) sum += discountOf(place);
  return sum;
}

interface ListPushes {
  readonly lambdas: Float64Array;
  readonly curvatures: Float64Array;
  /** Of all pushes, both ways. */
  readonly total: number;
}

/** A list with many pairs counts for more than one with few, but only by the logarithm of how much more. */
function writeScaled(
  { lambdas, curvatures, total }: ListPushes,
  { gradients, hessians }: Pick<GradientArrays, 'gradients' | 'hessians'>,
  from: number,
): GradientMaxima {
  const factor = total > 0 ? Math.fround(Math.log2(1 + total)) / total : 1;
  let maxGradient = 0;
  let maxHessian = 0;
  for (let index = 0; index < lambdas.length; index++) {
    gradients[from + index] = lambdas[index] * factor;
    hessians[from + index] = curvatures[index] * factor;
    maxGradient = Math.max(maxGradient, Math.abs(gradients[from + index]));
    maxHessian = Math.max(maxHessian, hessians[from + index]);
  }
  return { gradient: maxGradient, hessian: maxHessian };
}
