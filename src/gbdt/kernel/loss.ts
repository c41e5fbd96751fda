// Gradients of the logistic loss, four rows at a time: the same float32 operations as gbdt/loss.ts, in the same order.

import { EXP_CONSTANTS, EXPONENT_BIAS } from './constants';

const ROUND_MAGIC: f32 = 12582912;
/** The bits of ROUND_MAGIC: a number x added to it has the bits ROUND_MAGIC_BITS + round(x). */
const ROUND_MAGIC_BITS: i32 = 0x4b400000;

// @ts-expect-error: decorator
@inline
function constant(index: usize): v128 {
  return v128.load(EXP_CONSTANTS + (index << 4));
}

// @ts-expect-error: decorator
@inline
function exp(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.pmin(x, constant(0)), constant(1));
  const magic = constant(2);
  const shifted = f32x4.add(f32x4.mul(clamped, constant(3)), magic);
  const n = f32x4.sub(shifted, magic);
  const r = f32x4.sub(f32x4.sub(clamped, f32x4.mul(n, constant(4))), f32x4.mul(n, constant(5)));
  let p = constant(6);
  p = f32x4.add(f32x4.mul(p, r), constant(7));
  p = f32x4.add(f32x4.mul(p, r), constant(8));
  p = f32x4.add(f32x4.mul(p, r), constant(9));
  p = f32x4.add(f32x4.mul(p, r), constant(10));
  p = f32x4.add(f32x4.mul(p, r), constant(11));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), constant(12));
  const power = i32x4.shl(i32x4.sub(shifted, v128.load(EXPONENT_BIAS)), 23);
  return f32x4.mul(p, power);
}

/**
 * Gradients and hessians of rows from … to (a multiple of four apart from the end: arrays are padded to four rows).
 * `weights` is 0 where all weigh the same. Writes the largest absolute gradient and hessian to `maxima` (two floats).
 */
export function computeGradients(
  rawScores: usize, labels: usize, weights: usize, scalePosWeight: f32,
  gradients: usize, hessians: usize, from: usize, to: usize, maxima: usize,
): void {
  const one = constant(12);
  const positive = f32x4.splat(scalePosWeight);
  const smallest = constant(13);
  let maxGradient = f32x4.splat(0);
  let maxHessian = f32x4.splat(0);
  for (let row = from; row < to; row += 4) {
    const at = row << 2;
    const p = f32x4.div(one, f32x4.add(one, exp(f32x4.neg(v128.load(rawScores + at)))));
    const y = v128.load(labels + at);
    let w = v128.bitselect(positive, one, f32x4.eq(y, one));
    if (weights !== 0) w = f32x4.mul(w, v128.load(weights + at));
    const gradient = f32x4.mul(f32x4.sub(p, y), w);
    const hessian = f32x4.mul(f32x4.pmax(f32x4.mul(p, f32x4.sub(one, p)), smallest), w);
    v128.store(gradients + at, gradient);
    v128.store(hessians + at, hessian);
    maxGradient = f32x4.pmax(maxGradient, f32x4.abs(gradient));
    maxHessian = f32x4.pmax(maxHessian, hessian);
  }
  store<f32>(maxima, max(max(f32x4.extract_lane(maxGradient, 0), f32x4.extract_lane(maxGradient, 1)), max(f32x4.extract_lane(maxGradient, 2), f32x4.extract_lane(maxGradient, 3))));
  store<f32>(maxima, max(max(f32x4.extract_lane(maxHessian, 0), f32x4.extract_lane(maxHessian, 1)), max(f32x4.extract_lane(maxHessian, 2), f32x4.extract_lane(maxHessian, 3))), 4);
}

/** Packs quantised gradients (upper 16 bits) and hessians (lower 16) of rows from … to. */
export function quantizeGradients(
  gradients: usize, hessians: usize, gradientScale: f32, hessianScale: f32, packed: usize, from: usize, to: usize,
): void {
  const gs = f32x4.splat(gradientScale);
  const hs = f32x4.splat(hessianScale);
  const magic = f32x4.splat(ROUND_MAGIC);
  const magicBits = i32x4.splat(ROUND_MAGIC_BITS);
  for (let row = from; row < to; row += 4) {
    const at = row << 2;
    // Adding the constant rounds to the nearest integer, ties to even, and leaves it in the low bits.
    const gradient = f32x4.add(f32x4.mul(v128.load(gradients + at), gs), magic);
    const hessian = i32x4.sub(f32x4.add(f32x4.mul(v128.load(hessians + at), hs), magic), magicBits);
    v128.store(packed + at, v128.or(i32x4.shl(i32x4.sub(gradient, magicBits), 16), hessian));
  }
}
