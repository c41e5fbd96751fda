/**
 * Exact sums of float32 gradients over the rows of a leaf, independent of their order and of how threads share them.
 *
 * A number is scaled by a power of two so that the largest becomes at most 2^35, and rounded to an integer. 2^28 rows
 * fit a 64-bit sum. The rounding error, 2^-36 of the largest gradient a row, is far below float32's own.
 */
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

/** Writes, for each of `nodeCount` nodes, the scaled sums of the gradients and of the hessians of its rows. */
export function sumLeafGradients(
  gradients: Float32Array,
  hessians: Float32Array,
  nodes: Uint8Array | Uint32Array,
  nodeCount: number,
  scales: LeafSumScales,
  sums: BigInt64Array,
  from: number,
  to: number,
): void {
  const limbs = new Float64Array(nodeCount * 4);
  for (let row = from; row < to; row++) {
    const at = nodes[row] * 4;
    addInLimbs(limbs, at, gradients[row] * scales.gradient);
    addInLimbs(limbs, at + 2, hessians[row] * scales.hessian);
  }
  for (let i = 0; i < nodeCount * 2; i++) {
    sums[i] = BigInt(limbs[i * 2]) * BigInt(LIMB) + BigInt(limbs[i * 2 + 1]);
  }
}

function addInLimbs(limbs: Float64Array, at: number, scaled: number): void {
  const integer = scaled + ROUND_MAGIC - ROUND_MAGIC;
  const high = Math.floor(integer / LIMB);
  limbs[at] += high;
  limbs[at + 1] += integer - high * LIMB;
}

/** The sums of a node over all threads' parts (`stride` integers apart), in double. */
export function readLeafSums(
  sums: BigInt64Array,
  node: number,
  stride: number,
  threads: number,
  scales: LeafSumScales,
): { gradients: number; hessians: number } {
  let gradients = 0n;
  let hessians = 0n;
  for (let thread = 0; thread < threads; thread++) {
    gradients += sums[thread * stride + node * 2];
    hessians += sums[thread * stride + node * 2 + 1];
  }
  return { gradients: Number(gradients) / scales.gradient, hessians: Number(hessians) / scales.hessian };
}
