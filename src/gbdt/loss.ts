/**
 * The logistic loss and its derivatives by the raw score (log-odds), as XGBoost's `binary:logistic`:
 * gradient = (p − y)·w, hessian = p·(1 − p)·w.
 *
 * All arithmetic is float32, with an exponential of our own made of additions and multiplications alone: a model's
 * bytes then depend neither on the JavaScript engine's `Math.exp` nor on whether this code or a vectorised kernel
 * that does the same operations ran.
 */
import type { RowRange } from './row-range.ts';

const fround = Math.fround;

const LOG2_E = fround(Math.LOG2E);
const LN2_HIGH = fround(0.693359375);
const LN2_LOW = fround(-2.1219444e-4);
const C0 = fround(1.98756915e-4);
const C1 = fround(1.3981999507e-3);
const C2 = fround(8.3334519073e-3);
const C3 = fround(4.1665795894e-2);
const C4 = fround(1.6666665459e-1);
const C5 = fround(5.0000001201e-1);
/** exp(±87) is the last whose value and reciprocal are normal float32 numbers. */
const EXP_LIMIT = 87;
/** Adding and subtracting 1.5·2^23 rounds a small float32 to the nearest integer, ties to even. */
const ROUND_MAGIC = fround(12582912);
/** XGBoost's floor for hessians (`kRtEps` of its logistic loss): a certain row keeps a little weight. */
export const MIN_HESSIAN = fround(1e-16);

const bits = new Int32Array(1);
const powerOfTwo = new Float32Array(bits.buffer);

/** exp(x) in float32, |x| ≤ 87, relative error below 2e-7. Cephes `expf`: range reduction, polynomial of degree 6. */
export function expFloat32(x: number): number {
  const clamped = x > EXP_LIMIT ? EXP_LIMIT : Math.max(x, -EXP_LIMIT);
  const n = fround(fround(fround(clamped * LOG2_E) + ROUND_MAGIC) - ROUND_MAGIC);
  const r = fround(fround(clamped - fround(n * LN2_HIGH)) - fround(n * LN2_LOW));
  let p = C0;
  p = fround(fround(p * r) + C1);
  p = fround(fround(p * r) + C2);
  p = fround(fround(p * r) + C3);
  p = fround(fround(p * r) + C4);
  p = fround(fround(p * r) + C5);
  p = fround(fround(fround(fround(p * r) * r) + r) + 1);
  bits[0] = (n + 127) << 23;
  return fround(p * powerOfTwo[0]);
}

/** 1 / (1 + exp(−x)) in float32. */
export function sigmoidFloat32(x: number): number {
  return fround(1 / fround(1 + expFloat32(-x)));
}

/** The largest absolute gradient and the largest hessian of some rows. */
export interface GradientMaxima {
  readonly gradient: number;
  readonly hessian: number;
}

/** Per row: log-odds, label (a probability: 0 or 1 if the outcome is known) and weight. */
export interface ScoredRows {
  readonly rawScores: Float32Array;
  readonly labels: Float32Array;
  /** Empty if all rows weigh the same. */
  readonly weights: Float32Array;
}

/** What gradients are computed from, and where they are written. */
export interface GradientArrays extends ScoredRows {
  readonly gradients: Float32Array;
  readonly hessians: Float32Array;
}

/** Gradients and hessians of some rows. Rows of label 1 weigh `scalePosWeight` times as much. */
export function computeGradients(
  { rawScores, labels, weights, gradients, hessians }: GradientArrays,
  scalePosWeight: number,
  { from, to }: RowRange,
): GradientMaxima {
  const positiveWeight = fround(scalePosWeight);
  const weighted = weights.length > 0;
  let maxGradient = 0;
  let maxHessian = 0;
  for (let row = from; row < to; row++) {
    const p = sigmoidFloat32(rawScores[row]);
    const y = labels[row];
    let w = y === 1 ? positiveWeight : 1;
    if (weighted) w = fround(w * weights[row]);
    const gradient = fround(fround(p - y) * w);
    let hessian = fround(p * fround(1 - p));
    if (hessian < MIN_HESSIAN) hessian = MIN_HESSIAN;
    hessian = fround(hessian * w);
    gradients[row] = gradient;
    hessians[row] = hessian;
    const size = gradient < 0 ? -gradient : gradient;
    if (size > maxGradient) maxGradient = size;
    if (hessian > maxHessian) maxHessian = hessian;
  }
  return { gradient: maxGradient, hessian: maxHessian };
}

/** Sum of the log-loss of some rows, times their weights if there are any, in double. */
export function sumLogLoss({ rawScores, labels, weights }: ScoredRows, { from, to }: RowRange): number {
  let sum = 0;
  for (let row = from; row < to; row++) {
    const margin = labels[row] > 0.5 ? rawScores[row] : -rawScores[row];
    // log(1 + exp(-margin)) without overflow for either sign.
    const loss = margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
    sum += weights.length > 0 ? loss * weights[row] : loss;
  }
  return sum;
}
