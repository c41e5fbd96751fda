/** Quantiles of the normal distribution and of Student's t. */

/** Acklam's rational approximation, 2003: relative error below 1.2e-9. */
const NUMERATOR = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
];
const DENOMINATOR = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
];
const TAIL_NUMERATOR = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const TAIL_DENOMINATOR = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
const TAIL = 0.02425;

/** The value below which a standard normal variate lies with probability `p`, for 0 < p < 1. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p < TAIL) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(TAIL_NUMERATOR, q) / polynomial(TAIL_DENOMINATOR, q);
  }
  const q = p - 0.5;
  return (q * polynomial(NUMERATOR, q * q)) / polynomial(DENOMINATOR, q * q);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

/**
 * The value below which a variate of Student's t with `df` degrees of freedom (any number from 3 on) lies with
 * probability `p`, for 0.5 < p < 1. Hill, "Algorithm 396: Student's t-quantiles", CACM 13, 1970: six digits.
 */
export function studentQuantile(p: number, df: number): number {
  const bothTails = 2 * (1 - p);
  const a = 1 / (df - 0.5);
  const b = 48 / a ** 2;
  const c = (((20_700 * a) / b - 98) * a - 16) * a + 96.36;
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * df;
  const y = (d * bothTails) ** (2 / df);
  return Math.sqrt(df * (y > 0.05 + a ? fromNormal(bothTails, df, { a, b, c, d }) : fromTail(y, df, d)));
}

interface HillTerms {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** t² / df, by an expansion about the normal quantile. */
function fromNormal(bothTails: number, df: number, { a, b, c, d }: HillTerms): number {
  const x = normalQuantile(bothTails / 2);
  const few = df < 5 ? c + 0.3 * (df - 4.5) * (x + 0.6) : c;
  const scale = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + few;
  const square = x * x;
  const t = (((((0.4 * square + 6.3) * square + 36) * square + 94.5) / scale - square - 3) / b + 1) * x;
  return Math.expm1(a * t * t);
}

/** t² / df, by an expansion for the far tail. */
function fromTail(y: number, df: number, d: number): number {
  const inner = 1 / (((df + 6) / (df * y) - 0.089 * d - 0.822) * (df + 2) * 3) + 0.5 / (df + 4);
  return ((inner * y - 1) * (df + 1)) / (df + 2) + 1 / y;
}
