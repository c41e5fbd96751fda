/**
 * Gradients as integers. A row's gradient becomes a signed 16-bit and its hessian an unsigned 16-bit integer, both in
 * one 32-bit word. Sums of integers are exact and associative: a histogram, and so a tree, is the same whatever the
 * number of threads, the order of the rows, and whether a histogram was built or found by subtraction.
 *
 * The scale is chosen for each tree from the largest gradient and hessian in the data, so that 16 bits always span
 * what is there. A rounding error of at most 1/65,534 of the largest gradient per row averages out over the rows of a
 * bin; it only guides where to split: the values of leaves are recomputed from the float32 gradients (`leaf-sums`).
 *
 * Bound: |gradient| ≤ 32,767 < 2^15 and hessian ≤ 65,535 < 2^16, so 2^16 rows fit signed and unsigned 32-bit sums
 * (2^15·2^16 = 2^31, 65,535·2^16 < 2^32), and 2^37 rows fit the exact integers of a double.
 */
import type { RowRange } from './row-range.ts';

export const MAX_QUANTIZED_GRADIENT = 32_767;
export const MAX_QUANTIZED_HESSIAN = 65_535;

const fround = Math.fround;
/** Adding and subtracting 1.5·2^23 rounds a float32 below 2^22 to the nearest integer, ties to even. */
const ROUND_MAGIC = fround(12_582_912);

export interface GradientScale {
  /** quantised = round(gradient × gradient scale). */
  readonly gradient: number;
  readonly hessian: number;
}

/** Scales, as float32 numbers that never quantise beyond the bounds. */
export function gradientScaleOf(maxGradient: number, maxHessian: number): GradientScale {
  return {
    gradient: maxGradient > 0 ? floorToFloat32(MAX_QUANTIZED_GRADIENT / maxGradient) : 1,
    hessian: maxHessian > 0 ? floorToFloat32(MAX_QUANTIZED_HESSIAN / maxHessian) : 1,
  };
}

export interface QuantizationArrays {
  readonly gradients: Float32Array;
  readonly hessians: Float32Array;
  /** Written: the gradient in the upper 16 bits, the hessian in the lower 16. */
  readonly packedGradients: Int32Array;
}

/** Quantises the gradients and hessians of some rows. */
export function quantizeGradients(
  { gradients, hessians, packedGradients }: QuantizationArrays,
  scale: GradientScale,
  { from, to }: RowRange,
): void {
  const gradientScale = scale.gradient;
  const hessianScale = scale.hessian;
  for (let row = from; row < to; row++) {
    const gradient = roundTiesToEven(fround(gradients[row] * gradientScale));
    const hessian = roundTiesToEven(fround(hessians[row] * hessianScale));
    packedGradients[row] = (gradient << 16) | hessian;
  }
}

function roundTiesToEven(x: number): number {
  return fround(fround(x + ROUND_MAGIC) - ROUND_MAGIC);
}

/** The largest float32 that is at most x, capped so that a scale is always finite. */
function floorToFloat32(x: number): number {
  const limited = Math.min(x, 3e38);
  const rounded = fround(limited);
  return rounded <= limited ? rounded : fround(rounded * (1 - 2 ** -23));
}
