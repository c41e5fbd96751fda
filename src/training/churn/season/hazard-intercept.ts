const MOST_STEPS = 45;

/**
 * The intercept b that makes a forecast as low or high as it is when customers come back `exp(logFactor)` times as fast:
 * mean σ(m + b) = mean σ(m)^exp(logFactor) over the customers, σ(m) being the probability to stay away. No labels are
 * needed, customers keep their order, and a single number does for all of them what the exact power would do for each.
 *
 * @param rawScores log-odds m of staying away, at least one.
 */
export function hazardIntercept(rawScores: ArrayLike<number>, logFactor: number): number {
  if (logFactor === 0 || rawScores.length === 0) return 0;
  const factor = Math.exp(logFactor);
  const wanted = meanOver(rawScores, (score) => sigmoid(score) ** factor);
  // The mean rises with b, and is halved into place: as exact as doubles are, and the same everywhere.
  let [low, high] = [-30, 30];
  for (let step = 0; step < MOST_STEPS; step++) {
    const middle = (low + high) / 2;
    if (meanOver(rawScores, (score) => sigmoid(score + middle)) < wanted) low = middle;
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
