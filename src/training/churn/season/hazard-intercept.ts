/** Customers who come back `exp(logFactor)` times as fast stay away with probability p^exp(logFactor). */

const STEPS = 45;
/** Beyond it every probability is 0 or 1. */
const WIDEST_INTERCEPT = 30;
/** ln of the largest factor that a period is said to differ by. */
const WIDEST_FACTOR = 3;

/**
 * The intercept b that makes a forecast as low or high as it is when customers come back `exp(logFactor)` times as fast:
 * mean σ(m + b) = mean σ(m)^exp(logFactor) over the customers, σ(m) being the probability to stay away. No labels are
 * needed, customers keep their order, and a single number does for all of them what the exact power would do for each.
 *
 * @param rawScores log-odds m of staying away.
 */
export function hazardIntercept(rawScores: ArrayLike<number>, logFactor: number): number {
  if (logFactor === 0 || rawScores.length === 0) return 0;
  const wanted = meanProbability(rawScores, logFactor);
  return bisect(WIDEST_INTERCEPT, (b) => meanOver(rawScores, (score) => sigmoid(score + b)) < wanted);
}

/**
 * ln of the factor that customers came back faster by than a forecast said: mean σ(m)^exp(logFactor) is the share that
 * stayed away.
 */
export function hazardLogFactor(rawScores: ArrayLike<number>, shareAway: number): number {
  return bisect(WIDEST_FACTOR, (logFactor) => meanProbability(rawScores, logFactor) > shareAway);
}

/** The mean probability to stay away when customers come back `exp(logFactor)` times as fast. */
export function meanProbability(rawScores: ArrayLike<number>, logFactor: number): number {
  const factor = Math.exp(logFactor);
  return meanOver(rawScores, (score) => sigmoid(score) ** factor);
}

/** The number between −width and width from which on it is no longer too low. */
function bisect(width: number, isTooLow: (value: number) => boolean): number {
  let [low, high] = [-width, width];
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (isTooLow(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function meanOver(values: ArrayLike<number>, term: (value: number) => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += term(values[i]);
  return sum / values.length;
}

function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score));
}
