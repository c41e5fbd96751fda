/** Points in (0, 1), rising, and their weights, which sum to 1. */
export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/** Newton's method has settled long before: from the starting points below it doubles its digits each step. */
const NEWTON_STEPS = 8;

/**
 * The Gauss-Legendre rule on [0, 1] with `size` points: the integral of any polynomial of degree `2 * size - 1` or
 * less is the weighted sum of its values at the points, up to rounding.
 */
export function gaussLegendre(size: number): Quadrature {
  const points = new Float64Array(size);
  const weights = new Float64Array(size);
  for (let index = 0; index < size; index++) {
    let root = -Math.cos((Math.PI * (index + 0.75)) / (size + 0.5));
    for (let step = 0; step < NEWTON_STEPS; step++) {
      const { value, slope } = legendre(size, root);
      root -= value / slope;
    }
    points[index] = (1 + root) / 2;
    weights[index] = 1 / ((1 - root * root) * legendre(size, root).slope ** 2);
  }
  return { points, weights };
}

/** The Legendre polynomial of a degree of 1 or more at `x`, |x| < 1, by its three-term recurrence. */
function legendre(degree: number, x: number): { value: number; slope: number } {
  let previous = 1;
  let value = x;
  for (let k = 2; k <= degree; k++) {
    [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
  }
  return { value, slope: (degree * (x * value - previous)) / (x * x - 1) };
}
