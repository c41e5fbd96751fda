/**
 * Exact sums of float32 gradients over the rows of a leaf, independent of their order and of how threads share them.
 *
 * A number is scaled by a power of two so that the largest becomes at most 2^35, and rounded to an integer. 2^28 rows
 * fit a 64-bit sum. The rounding error, 2^-36 of the largest gradient per row, is far below float32's own.
 */
import type { RowRange } from './row-range.ts';

const RESOLUTION_BITS = 35;
/** Sums of doubles are exact to 2^53: an integer is added in two limbs of 18 bits each. */
const LIMB = 2 ** 18;
/** Adding and subtracting 1.5·2^52 rounds a double below 2^51 to the nearest integer, ties to even. */
const ROUND_MAGIC = 6_755_399_441_055_744;

export interface LeafSumScales {
  readonly gradient: number;
  readonly hessian: number;
}

/** A power of two that brings `max` to at most 2^35. */
export function leafSumScale(max: number): number {
  return max > 0 ? 2 ** (RESOLUTION_BITS - Math.ceil(Math.log2(max))) : 1;
}

export interface LeafSumArrays {
  readonly gradients: Float32Array;
  readonly hessians: Float32Array;
  /** The node of the last level that each row is in. */
  readonly nodes: Uint8Array | Uint32Array;
}

/** Writes to `sums`, which has two entries per node, the scaled sums of the gradients and of the hessians of its rows. */
export function sumLeafGradients(
  { gradients, hessians, nodes }: LeafSumArrays,
  sums: BigInt64Array,
  scales: LeafSumScales,
  { from, to }: RowRange,
): void {
  const limbs = new Float64Array(sums.length * 2);
  for (let row = from; row < to; row++) {
    const at = nodes[row] * 4;
    addInLimbs(limbs, at, gradients[row] * scales.gradient);
    addInLimbs(limbs, at + 2, hessians[row] * scales.hessian);
  }
  for (let i = 0; i < sums.length; i++) {
    sums[i] = BigInt(limbs[i * 2]) * BigInt(LIMB) + BigInt(limbs[i * 2 + 1]);
  }
}

function addInLimbs(limbs: Float64Array, at: number, scaled: number): void {
  const integer = scaled + ROUND_MAGIC - ROUND_MAGIC;
  const high = Math.floor(integer / LIMB);
  limbs[at] += high;
  limbs[at + 1] += integer - high * LIMB;
}

/** All threads' leaf sums: `leafSumStride` entries per thread. */
export interface ThreadLeafSums {
  readonly leafSums: BigInt64Array;
  readonly leafSumStride: number;
}

/** The sums of a node over all threads, in double. */
export function readLeafSums(
  { leafSums, leafSumStride }: ThreadLeafSums,
  node: number,
  threads: number,
  scales: LeafSumScales,
): { gradients: number; hessians: number } {
  let gradients = 0n;
  let hessians = 0n;
  for (let thread = 0; thread < threads; thread++) {
    gradients += leafSums[thread * leafSumStride + node * 2];
    hessians += leafSums[thread * leafSumStride + node * 2 + 1];
  }
  return { gradients: Number(gradients) / scales.gradient, hessians: Number(hessians) / scales.hessian };
}
