/** `sigmoid(slope · rawScore + intercept)` instead of `sigmoid(rawScore)`. */
export interface SigmoidCalibration {
  readonly slope: number;
  readonly intercept: number;
}

const MOST_STEPS = 50;
const TOLERANCE = 1e-10;
/** The least slope: a negative one would turn the order of the scores round. */
const LEAST_SLOPE = 0.05;

/**
 * Platt's sigmoid: the slope and intercept of the least log-loss, by Newton's method, with his smoothed targets, which
 * keep few cases from being certain (Platt 1999, "Probabilistic Outputs for Support Vector Machines", section 2.2; Lin,
 * Lin and Weng 2007 for the numbers). A few hundred cases cannot support more than two parameters: a step
 * function fitted to as many ranks worse.
 */
export function fitSigmoid(labels: ArrayLike<number>, rawScores: ArrayLike<number>): SigmoidCalibration {
  const rows = labels.length;
  let positives = 0;
  for (let row = 0; row < rows; row++) positives += labels[row];
  const whenPositive = (positives + 1) / (positives + 2);
  const whenNegative = 1 / (rows - positives + 2);
  const lossOf = (slope: number, intercept: number) => {
    let loss = 0;
    for (let row = 0; row < rows; row++) {
      const margin = slope * rawScores[row] + intercept;
      const target = labels[row] === 1 ? whenPositive : whenNegative;
      loss += Math.max(margin, 0) - margin * target + Math.log1p(Math.exp(-Math.abs(margin)));
    }
    return loss;
  };

  let [slope, intercept] = [1, 0];
  let loss = lossOf(slope, intercept);
  for (let step = 0; step < MOST_STEPS; step++) {
    // Newton's step; the ridge keeps the matrix regular if all scores are the same.
    let [g0, g1, h00, h01, h11] = [0, 0, 1e-9, 0, 1e-9];
    for (let row = 0; row < rows; row++) {
      const score = rawScores[row];
      const p = 1 / (1 + Math.exp(-(slope * score + intercept)));
      const error = p - (labels[row] === 1 ? whenPositive : whenNegative);
      const weight = p * (1 - p);
      g0 += error * score;
      g1 += error;
      h00 += weight * score * score;
      h01 += weight * score;
      h11 += weight;
    }
    const determinant = h00 * h11 - h01 * h01;
    const slopeStep = (h11 * g0 - h01 * g1) / determinant;
    const interceptStep = (h00 * g1 - h01 * g0) / determinant;
    let scale = 1;
    let next = lossOf(slope - slopeStep, intercept - interceptStep);
    while (!(next <= loss) && scale > 1e-6) {
      scale /= 2;
      next = lossOf(slope - scale * slopeStep, intercept - scale * interceptStep);
    }
    if (!(next <= loss)) break;
    slope -= scale * slopeStep;
    intercept -= scale * interceptStep;
    const gained = loss - next;
    loss = next;
    if (gained <= TOLERANCE * (1 + loss)) break;
  }
  return slope >= LEAST_SLOPE ? { slope, intercept } : { slope: 1, intercept: 0 };
}
