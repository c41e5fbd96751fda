// Gradients of the logistic loss, four rows at a time: the same float32 operations as gbdt/loss.ts, in the same order.
import { EXP_CONSTANTS, EXPONENT_BIAS } from './constants';
import { ParameterField } from './layout';
import { read } from './parameters';

const ROUND_MAGIC: f32 = 12582912;
/** The bits of ROUND_MAGIC: a number x added to it has the bits ROUND_MAGIC_BITS + round(x). */
const ROUND_MAGIC_BITS: i32 = 0x4b400000;

function constant(index: usize): v128 {
  return v128.load(EXP_CONSTANTS + (index << 4));
}

// c · r + the constant of a given index.
function multiplyAdd(c: v128, r: v128, index: usize): v128 {
  return f32x4.add(f32x4.mul(c, r), inline.always(constant(index)));
}

function exp(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.pmin(x, inline.always(constant(0))), inline.always(constant(1)));
  const magic = inline.always(constant(2));
  const shifted = inline.always(multiplyAdd(clamped, inline.always(constant(3)), 2));
  const n = f32x4.sub(shifted, magic);
  const high = f32x4.sub(clamped, f32x4.mul(n, inline.always(constant(4))));
  const r = f32x4.sub(high, f32x4.mul(n, inline.always(constant(5))));
  let p = inline.always(constant(6));
  p = inline.always(multiplyAdd(p, r, 7));
  p = inline.always(multiplyAdd(p, r, 8));
  p = inline.always(multiplyAdd(p, r, 9));
  p = inline.always(multiplyAdd(p, r, 10));
  p = inline.always(multiplyAdd(p, r, 11));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), inline.always(constant(12)));
  const power = i32x4.shl(i32x4.sub(shifted, v128.load(EXPONENT_BIAS)), 23);
  return f32x4.mul(p, power);
}

function largestLane(x: v128): f32 {
  return max(
    max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  );
}

/**
 * Gradients and hessians of rows from … to, a multiple of four rows. Writes the largest absolute gradient and the
 * largest hessian to `maxima`. Rows of label 1 weigh `scalePosWeight` times as much.
 */
export function computeGradients(block: usize, scalePosWeight: f32, from: usize, to: usize): void {
  const rawScores = read(block, ParameterField.rawScores);
  const labels = read(block, ParameterField.labels);
  const weights = read(block, ParameterField.weights);
  const gradients = read(block, ParameterField.gradients);
  const hessians = read(block, ParameterField.hessians);
  const maxima = read(block, ParameterField.maxima);
  const one = inline.always(constant(12));
  const positive = f32x4.splat(scalePosWeight);
  const smallest = inline.always(constant(13));
  let maxGradient = f32x4.splat(0);
  let maxHessian = f32x4.splat(0);
  for (let row = from; row < to; row += 4) {
    const at = row << 2;
    const odds = inline.always(exp(f32x4.neg(v128.load(rawScores + at))));
    const p = f32x4.div(one, f32x4.add(one, odds));
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
  store<f32>(maxima, largestLane(maxGradient));
  store<f32>(maxima, largestLane(maxHessian), 4);
}

/** Packs the quantised gradients (upper 16 bits) and hessians (lower 16 bits) of rows from … to. */
export function quantizeGradients(
  block: usize,
  gradientScale: f32,
  hessianScale: f32,
  from: usize,
  to: usize,
): void {
  const gradients = read(block, ParameterField.gradients);
  const hessians = read(block, ParameterField.hessians);
  const packed = read(block, ParameterField.packedGradients);
  const gradientScales = f32x4.splat(gradientScale);
  const hessianScales = f32x4.splat(hessianScale);
  const magic = f32x4.splat(ROUND_MAGIC);
  const magicBits = i32x4.splat(ROUND_MAGIC_BITS);
  for (let row = from; row < to; row += 4) {
    const at = row << 2;
    // Adding the constant rounds to the nearest integer, ties to even, and leaves it in the low bits.
    const gradient = f32x4.add(f32x4.mul(v128.load(gradients + at), gradientScales), magic);
    const hessian = f32x4.add(f32x4.mul(v128.load(hessians + at), hessianScales), magic);
    const upper = i32x4.shl(i32x4.sub(gradient, magicBits), 16);
    v128.store(packed + at, v128.or(upper, i32x4.sub(hessian, magicBits)));
  }
}
