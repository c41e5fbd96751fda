/** Minimises a penalised logistic loss by Newton's method. */
export interface LogisticProblem {
  /** Prepared: of mean 0 and deviation 1. */
  readonly columns: readonly Float64Array[];
  /** 0 or 1. */
  readonly labels: Float32Array;
  /** By row: what its loss is multiplied with. */
  readonly weights?: Float32Array | undefined;
  /** Of the squared coefficients, but for the intercept's: half of it times their sum is added to the log-loss. */
  readonly penalty: number;
}

const MOST_STEPS = 50;
const TOLERANCE = 1e-10;
const SHORTEST_STEP = 1e-6;
/** A curvature is kept while a step gains at most so much of what the step before it gained. */
const WORTH_KEEPING = 0.01;
/** Every tenth row shows where to begin, if they are enough: at least so many. */
const SAMPLE_STEP = 10;
const SAMPLE_ROWS = 1_000;
/** Rows whose columns stay in the second-level cache while each is multiplied with each. */
const BLOCK_ROWS = 2_048;

/**
 * Returns the intercept, then the coefficients. It stops once a step gains less than 10⁻¹⁰ of the loss. The same rows give
 * the same digits. Among many rows it begins at the minimum of a sample, so that one curvature of all rows does.
 */
export function solveNewton(problem: LogisticProblem): Float64Array<ArrayBuffer> {
  const isLarge = problem.labels.length >= SAMPLE_STEP * SAMPLE_ROWS;
  const start = isLarge ? solveNewton(sampleOf(problem)) : new Float64Array(problem.columns.length + 1);
  return minimizeFrom(start, problem);
}

function sampleOf({ columns, labels, weights, penalty }: LogisticProblem): LogisticProblem {
  const rows = Math.ceil(labels.length / SAMPLE_STEP);
  return {
    columns: columns.map((column) =>
      Float64Array.from({ length: rows }, (_, row) => column[row * SAMPLE_STEP]),
    ),
    labels: Float32Array.from({ length: rows }, (_, row) => labels[row * SAMPLE_STEP]),
    weights: weights && Float32Array.from({ length: rows }, (_, row) => weights[row * SAMPLE_STEP]),
    penalty: penalty / SAMPLE_STEP,
  };
}

/** Coefficients with what follows from them. */
interface Point {
  readonly weights: Float64Array<ArrayBuffer>;
  /** Log-odds by row. */
  readonly margins: Float64Array;
  readonly loss: number;
}

/**
 * A step by the curvature of an earlier point costs one pass over the columns; a new curvature costs a pass per pair of
 * them. So it is kept for as long as each step gains at most a hundredth of what the step before gained.
 */
function minimizeFrom(start: Float64Array<ArrayBuffer>, problem: LogisticProblem): Float64Array<ArrayBuffer> {
  let point = pointAt(problem, start);
  let curvature: readonly Float64Array[] | undefined;
  let lastGain = Number.POSITIVE_INFINITY;
  for (let step = 0; step < MOST_STEPS; step++) {
    curvature ??= curvatureAt(problem, point);
    const next = descend(problem, point, solveSymmetric(curvature, gradientAt(problem, point)));
    if (next === undefined) break;
    const gain = point.loss - next.loss;
    point = next;
    if (gain <= TOLERANCE * (1 + point.loss)) break;
    if (gain > WORTH_KEEPING * lastGain) curvature = undefined;
    lastGain = gain;
  }
  return point.weights;
}

/** The point after a step down; a shorter step if a whole one overshoots, as it may if the classes part cleanly. */
function descend(problem: LogisticProblem, { weights, loss }: Point, direction: Float64Array) {
  for (let scale = 1; scale > SHORTEST_STEP; scale /= 2) {
    const next = pointAt(
      problem,
      weights.map((weight, i) => weight - scale * direction[i]),
    );
    if (next.loss <= loss) return next;
  }
  return undefined;
}

function pointAt(problem: LogisticProblem, weights: Float64Array<ArrayBuffer>): Point {
  const margins = marginsOf(problem.columns, weights, problem.labels.length);
  return { weights, margins, loss: lossOf(problem, weights, margins) };
}

/** Log-odds of the rows; the first weight is the intercept. */
export function marginsOf(
  columns: readonly Float64Array[],
  weights: Float64Array,
  rows: number,
): Float64Array {
  const margins = new Float64Array(rows).fill(weights[0]);
  for (const [i, column] of columns.entries()) {
    const weight = weights[i + 1];
    for (let row = 0; row < rows; row++) margins[row] += weight * column[row];
  }
  return margins;
}

function lossOf(
  { labels, penalty, ...problem }: LogisticProblem,
  weights: Float64Array,
  margins: Float64Array,
) {
  let loss = 0;
  for (let row = 0; row < margins.length; row++) {
    const margin = margins[row];
    // ln(1 + e^z) − y·z, without overflow.
    const ofRow = Math.max(margin, 0) + Math.log1p(Math.exp(-Math.abs(margin))) - labels[row] * margin;
    loss += problem.weights === undefined ? ofRow : problem.weights[row] * ofRow;
  }
  for (let i = 1; i < weights.length; i++) loss += (penalty / 2) * weights[i] ** 2;
  return loss;
}

function gradientAt(
  { columns, labels, penalty, ...problem }: LogisticProblem,
  { weights, margins }: Point,
): Float64Array {
  const residuals = margins.map(
    (margin, row) => (problem.weights?.[row] ?? 1) * (1 / (1 + Math.exp(-margin)) - labels[row]),
  );
  const gradient = new Float64Array(weights.length);
  gradient[0] = residuals.reduce((sum, residual) => sum + residual, 0);
  addDots(residuals, columns, gradient.subarray(1));
  for (let i = 1; i < weights.length; i++) gradient[i] += penalty * weights[i];
  return gradient;
}

/** The (symmetric) matrix of second derivatives of the loss. */
function curvatureAt(
  { columns, penalty, ...problem }: LogisticProblem,
  { margins }: Point,
): readonly Float64Array[] {
  const ofRows = margins.map((margin, row) => {
    const probability = 1 / (1 + Math.exp(-margin));
    return (problem.weights?.[row] ?? 1) * probability * (1 - probability);
  });
  const design = [new Float64Array(margins.length).fill(1), ...columns];
  const matrix = design.map((_, i) => new Float64Array(i + 1));
  for (let from = 0; from < margins.length; from += BLOCK_ROWS) {
    const block = design.map((column) => column.subarray(from, from + BLOCK_ROWS));
    addProducts(block, ofRows.subarray(from, from + BLOCK_ROWS), matrix);
  }
  for (let i = 1; i < matrix.length; i++) matrix[i][i] += penalty;
  // The intercept has no penalty: with all probabilities at 0 or 1 its curvature vanishes.
  matrix[0][0] += 1e-9;
  return matrix;
}

/** Adds the weighted products of columns, each with itself and those before it, to the rows of a lower triangle. */
function addProducts(
  columns: readonly Float64Array[],
  weights: Float64Array,
  triangle: readonly Float64Array[],
): void {
  const weighted = new Float64Array(weights.length);
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i];
    for (let row = 0; row < column.length; row++) weighted[row] = weights[row] * column[row];
    addDots(weighted, columns, triangle[i]);
  }
}

/**
 * Adds the products of one column with as many others as there are sums. Four at a time: their sums do not wait for each
 * other, which takes a third of the time, and each is the same to the last digit. Functions are small because every thread
 * compiles them anew.
 */
function addDots(one: Float64Array, others: readonly Float64Array[], sums: Float64Array): void {
  let next = 0;
  for (; next + 4 <= sums.length; next += 4) addFourDots(one, others, sums, next);
  for (; next < sums.length; next++) sums[next] += dot(one, others[next]);
}

function addFourDots(
  one: Float64Array,
  others: readonly Float64Array[],
  sums: Float64Array,
  at: number,
): void {
  const a = others[at];
  const b = others[at + 1];
  const c = others[at + 2];
  const d = others[at + 3];
  let ofA = 0;
  let ofB = 0;
  let ofC = 0;
  let ofD = 0;
  for (let row = 0; row < one.length; row++) {
    const value = one[row];
    ofA += value * a[row];
    ofB += value * b[row];
    ofC += value * c[row];
    ofD += value * d[row];
  }
  sums[at] += ofA;
  sums[at + 1] += ofB;
  sums[at + 2] += ofC;
  sums[at + 3] += ofD;
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < one.length; row++) sum += one[row] * other[row];
  return sum;
}

/** Solves A·x = b for a symmetric positive definite A, of which the lower triangle is given, by Cholesky's decomposition. */
function solveSymmetric(matrix: readonly Float64Array[], vector: Float64Array): Float64Array {
  const size = vector.length;
  const lower = matrix.map((row) => Float64Array.from(row));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i][j];
      for (let k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k];
      lower[i][j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / lower[j][j];
    }
  }
  const solution = Float64Array.from(vector);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) solution[i] -= lower[i][k] * solution[k];
    solution[i] /= lower[i][i];
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) solution[i] -= lower[k][i] * solution[k];
    solution[i] /= lower[i][i];
  }
  return solution;
}
