/** Customers who come back `exp(logFactor)` times as fast stay away with probability p^exp(logFactor). */

const MOST_STEPS = 60;
/** Steps shorter than this change nothing that is printed. */
const SHORTEST_STEP = 1e-12;
/** Beyond it every probability is 0 or 1. */
const WIDEST_INTERCEPT = 30;
/** ln of the largest factor that a period is said to differ by. */
const WIDEST_FACTOR = 3;

/**
 * By `logFactor` the intercept b that makes a forecast as low or high as it is when customers come back `exp(logFactor)`
 * times as fast: mean σ(m + b) = mean σ(m)^exp(logFactor) over the customers, σ(m) being the probability to stay away. No
 * labels are needed, customers keep their order, and a single number does for all of them what the exact power would do for
 * each. A season asks for 52 of them.
 *
 * @param rawScores log-odds m of staying away. @param weights of the customers; all count alike by default.
 */
export function hazardIntercepts(
  rawScores: ArrayLike<number>,
  weights?: ArrayLike<number>,
): (logFactor: number) => number {
  const logarithms = logProbabilities(rawScores);
  const interceptFor = interceptsOf(rawScores, weights);
  return (logFactor) => {
    if (logFactor === 0 || rawScores.length === 0) return 0;
    return interceptFor(meanProbability(rawScores, logFactor, weights, logarithms));
  };
}

/** The intercept b with which the mean of σ(m + b) is as wanted, above 0 and below 1. */
export function interceptOf(
  rawScores: ArrayLike<number>,
  wanted: number,
  weights?: ArrayLike<number>,
): number {
  return interceptsOf(rawScores, weights)(wanted);
}

/** The same for several means: e^−m is computed once for each score, and e^−b once for each step. */
function interceptsOf(
  rawScores: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): (wanted: number) => number {
  const odds = Float64Array.from(rawScores, (score) => Math.exp(-score));
  const shares = weights && Float64Array.from(weights);
  return (wanted) =>
    rootOf(WIDEST_INTERCEPT, (b) => {
      const factor = Math.exp(-b);
      let [sum, slope, all] = [0, 0, 0];
      for (let i = 0; i < odds.length; i++) {
        const weight = shares === undefined ? 1 : shares[i];
        const probability = 1 / (1 + odds[i] * factor);
        sum += weight * probability;
        slope += weight * probability * (1 - probability);
        all += weight;
      }
      return { value: sum / all - wanted, slope: slope / all };
    });
}

/**
 * ln of the factor that customers came back faster by than a forecast said: mean σ(m)^exp(logFactor) is the share that
 * stayed away.
 */
export function hazardLogFactor(rawScores: ArrayLike<number>, shareAway: number): number {
  const logarithms = logProbabilities(rawScores);
  return rootOf(WIDEST_FACTOR, (logFactor) => {
    const factor = Math.exp(logFactor);
    let [mean, slope] = [0, 0];
    for (const logarithm of logarithms) {
      const probability = Math.exp(factor * logarithm);
      mean += probability;
      slope -= probability * factor * logarithm;
    }
    return { value: shareAway - mean / logarithms.length, slope: slope / logarithms.length };
  });
}

/** The mean probability to stay away when customers come back `exp(logFactor)` times as fast. */
export function meanProbability(
  rawScores: ArrayLike<number>,
  logFactor: number,
  weights?: ArrayLike<number>,
  logarithms = logProbabilities(rawScores),
): number {
  const factor = Math.exp(logFactor);
  let [sum, all] = [0, 0];
  for (let i = 0; i < logarithms.length; i++) {
    const weight = weights?.[i] ?? 1;
    sum += weight * Math.exp(factor * logarithms[i]);
    all += weight;
  }
  return sum / all;
}

function logProbabilities(rawScores: ArrayLike<number>): Float64Array {
  return Float64Array.from(rawScores, logProbability);
}

/** ln σ(score), without underflow. */
export function logProbability(score: number): number {
  return -(Math.max(0, -score) + Math.log1p(Math.exp(-Math.abs(score))));
}

/**
 * Finds the zero of a rising function between −width and width by Newton's method from 0. If a step would leave the range
 * that holds the zero, it halves the range.
 */
function rootOf(width: number, at: (x: number) => { value: number; slope: number }): number {
  let [low, high] = [-width, width];
  let x = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    const { value, slope } = at(x);
    if (value < 0) low = x;
    else high = x;
    const newton = x - value / slope;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= SHORTEST_STEP) return next;
    x = next;
  }
  return x;
}
