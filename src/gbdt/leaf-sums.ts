/**
 * Exact sums of float32 gradients over the rows of a leaf, independent of their order and of how threads share them.
 *
 * A number is scaled by a power of two so that the largest becomes at most 2^40, rounded to an integer and kept in two
 * limbs of 20 bits each summed apart: Σ high ≤ 2^20·rows and Σ low ≤ 2^20·rows are exact in a double up to 2^33 rows.
 * The rounding error, 2^-41 of the largest gradient a row, is far below float32's own.
 */
const RESOLUTION_BITS = 40;
const LIMB = 2 ** 20;

/** Doubles a leaf: high and low limb of the gradients, high and low limb of the hessians. */
export const LEAF_SUM_LENGTH = 4;

/** A power of two that brings `max` to at most 2^40. */
export function leafSumScale(max: number): number {
  return max > 0 ? 2 ** (RESOLUTION_BITS - Math.ceil(Math.log2(max))) : 1;
}

export interface LeafSumScales {
  readonly gradient: number;
  readonly hessian: number;
}

/** Adds the rows `rowIndices[from … to)` to the four doubles of `sums` that begin at `offset`. */
export function addToLeafSums(
  gradients: Float32Array,
  hessians: Float32Array,
  rowIndices: Int32Array,
  from: number,
  to: number,
  scales: LeafSumScales,
  sums: Float64Array,
  offset: number,
): void {
  let gradientHigh = 0;
  let gradientLow = 0;
  let hessianHigh = 0;
  let hessianLow = 0;
  for (let i = from; i < to; i++) {
    const row = rowIndices[i];
    const gradient = Math.round(gradients[row] * scales.gradient);
    const high = Math.floor(gradient / LIMB);
    gradientHigh += high;
    gradientLow += gradient - high * LIMB;
    const hessian = Math.round(hessians[row] * scales.hessian);
    const hessianUpper = Math.floor(hessian / LIMB);
    hessianHigh += hessianUpper;
    hessianLow += hessian - hessianUpper * LIMB;
  }
  sums[offset] = gradientHigh;
  sums[offset + 1] = gradientLow;
  sums[offset + 2] = hessianHigh;
  sums[offset + 3] = hessianLow;
}

/** The sums of a leaf over all threads' parts (`stride` doubles apart), in double. */
export function readLeafSums(
  sums: Float64Array,
  offset: number,
  stride: number,
  threads: number,
  scales: LeafSumScales,
): { gradients: number; hessians: number } {
  const limbs = [0, 0, 0, 0];
  for (let thread = 0; thread < threads; thread++) {
    for (let limb = 0; limb < LEAF_SUM_LENGTH; limb++) limbs[limb] += sums[thread * stride + offset + limb];
  }
  return {
    gradients: (limbs[0] * LIMB + limbs[1]) / scales.gradient,
    hessians: (limbs[2] * LIMB + limbs[3]) / scales.hessian,
  };
}
