/**
 * Minimises a penalised logistic loss by Newton's method. The rows are gone through in blocks whose columns stay in the
 * second-level cache, since each step takes the products of all pairs of columns.
 */
export interface LogisticProblem {
  /** Prepared: of mean 0 and deviation 1. */
  readonly columns: readonly Float64Array[];
  /** 0 or 1. */
  readonly labels: Float32Array;
  /** Of the squared coefficients, but for the intercept's: half of it times their sum is added to the log-loss. */
  readonly penalty: number;
}

const MOST_STEPS = 50;
const TOLERANCE = 1e-10;
/** 8 KB per column. */
const BLOCK_ROWS = 1024;
/** The first steps are taken on about this many rows: where they end is near enough for the last few on all. */
const FIRST_ROWS = 8192;

/**
 * The intercept and then the coefficients, where the gain of a step falls below 10⁻¹⁰ of the loss. The same rows give the
 * same digits.
 */
export function solveNewton(problem: LogisticProblem): Float64Array {
  const start = new Float64Array(problem.columns.length + 1);
  const step = Math.floor(problem.labels.length / FIRST_ROWS);
  return descend(problem, step > 1 ? descend(everyNth(problem, step), start) : start);
}

function everyNth({ columns, labels, penalty }: LogisticProblem, step: number): LogisticProblem {
  const isTaken = (_: number, row: number) => row % step === 0;
  return {
    columns: columns.map((column) => column.filter(isTaken)),
    labels: labels.filter(isTaken),
    penalty: penalty / step,
  };
}

function descend(problem: LogisticProblem, start: Float64Array): Float64Array {
  let weights = start;
  let loss = lossOf(problem, weights);
  for (let step = 0; step < MOST_STEPS; step++) {
    const { gradient, hessian } = derivatives(problem, weights);
    const direction = solveSymmetric(hessian, gradient);
    // A full step may overshoot if the classes part cleanly.
    let scale = 1;
    let next = weights;
    let nextLoss = Number.POSITIVE_INFINITY;
    for (; scale > 1e-6 && !(nextLoss <= loss); scale /= 2) {
      const shrunk = scale;
      next = weights.map((weight, i) => weight - shrunk * direction[i]);
      nextLoss = lossOf(problem, next);
    }
    if (!(nextLoss <= loss)) break;
    const gain = loss - nextLoss;
    weights = next;
    loss = nextLoss;
    if (gain <= TOLERANCE * (1 + loss)) break;
  }
  return weights;
}

/** Log-odds of rows `from` … `to`, the last one left out. */
function marginsOf(columns: readonly Float64Array[], weights: Float64Array, from: number, to: number) {
  const margins = new Float64Array(to - from).fill(weights[0]);
  for (const [i, column] of columns.entries()) {
    const weight = weights[i + 1];
    for (let row = from; row < to; row++) margins[row - from] += weight * column[row];
  }
  return margins;
}

function lossOf({ columns, labels, penalty }: LogisticProblem, weights: Float64Array): number {
  let loss = 0;
  for (let from = 0; from < labels.length; from += BLOCK_ROWS) {
    const margins = marginsOf(columns, weights, from, Math.min(from + BLOCK_ROWS, labels.length));
    for (const [i, margin] of margins.entries()) {
      // ln(1 + e^z) − y·z, without overflow.
      loss += Math.max(margin, 0) + Math.log1p(Math.exp(-Math.abs(margin))) - labels[from + i] * margin;
    }
  }
  for (let i = 1; i < weights.length; i++) loss += (penalty / 2) * weights[i] ** 2;
  return loss;
}

/** The gradient and the (symmetric) matrix of second derivatives of the loss. */
function derivatives({ columns, labels, penalty }: LogisticProblem, weights: Float64Array) {
  const size = weights.length;
  const gradient = new Float64Array(size);
  const hessian = Array.from({ length: size }, () => new Float64Array(size));
  for (let from = 0; from < labels.length; from += BLOCK_ROWS) {
    addBlock({ columns, labels, penalty }, weights, from, { gradient, hessian });
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) hessian[j][i] = hessian[i][j];
    if (i === 0) continue;
    gradient[i] += penalty * weights[i];
    hessian[i][i] += penalty;
  }
  // The intercept has no penalty: with all probabilities at 0 or 1 its curvature vanishes.
  hessian[0][0] += 1e-9;
  return { gradient, hessian };
}

interface Sums {
  readonly gradient: Float64Array;
  /** Written below the diagonal and on it. */
  readonly hessian: readonly Float64Array[];
}

/** Adds what the block of rows that begins at `from` gives. */
function addBlock(
  { columns, labels }: LogisticProblem,
  weights: Float64Array,
  from: number,
  { gradient, hessian }: Sums,
): void {
  const to = Math.min(from + BLOCK_ROWS, labels.length);
  const rows = to - from;
  const margins = marginsOf(columns, weights, from, to);
  const block = [new Float64Array(rows).fill(1), ...columns.map((column) => column.subarray(from, to))];
  const residuals = new Float64Array(rows);
  const curvatures = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const probability = 1 / (1 + Math.exp(-margins[row]));
    residuals[row] = probability - labels[from + row];
    curvatures[row] = probability * (1 - probability);
  }
  const weighted = new Float64Array(rows);
  for (const [i, column] of block.entries()) {
    gradient[i] += dot(residuals, column);
    for (let row = 0; row < rows; row++) weighted[row] = curvatures[row] * column[row];
    for (let j = 0; j <= i; j += 4) addDots(weighted, block, j, hessian[i]);
  }
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < one.length; row++) sum += one[row] * other[row];
  return sum;
}

/** Adds to `sums[j]` … `sums[j + 3]` the products of a column with four others: four sums that do not wait for each other. */
function addDots(column: Float64Array, others: readonly Float64Array[], j: number, sums: Float64Array): void {
  const last = others.length - 1;
  const a = others[j];
  const b = others[Math.min(j + 1, last)];
  const c = others[Math.min(j + 2, last)];
  const d = others[Math.min(j + 3, last)];
  let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0];
  for (let row = 0; row < column.length; row++) {
    const value = column[row];
    sumA += value * a[row];
    sumB += value * b[row];
    sumC += value * c[row];
    sumD += value * d[row];
  }
  // Beyond the end a typed array takes no writes.
  sums[j] += sumA;
  sums[j + 1] += sumB;
  sums[j + 2] += sumC;
  sums[j + 3] += sumD;
}

/** Solves A·x = b for a symmetric positive definite A, by Cholesky's decomposition. */
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
