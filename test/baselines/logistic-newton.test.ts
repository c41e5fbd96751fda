import { describe, expect, it } from 'vitest';
import { type LogisticProblem, marginsOf, solveNewton } from '../../src/baselines/logistic-newton.ts';
import { seededRandom } from '../../src/dataset/seeded-random.ts';

describe('solveNewton', () => {
  it.each([
    { what: 'few rows', rows: 400, weighted: false, steepness: 1 },
    { what: 'many rows, which begin at a sample', rows: 30_000, weighted: false, steepness: 1 },
    { what: 'many weighted rows', rows: 30_000, weighted: true, steepness: 1 },
    { what: 'rows that part almost cleanly', rows: 30_000, weighted: false, steepness: 40 },
  ])('ends where the gradient of the whole loss vanishes: $what', ({ rows, weighted, steepness }) => {
    const problem = randomProblem(rows, weighted, steepness);
    const found = solveNewton(problem);
    expect(steepestSlope(problem, found)).toBeLessThan(1e-6 * rows);
    expect(found).toEqual(solveNewton(problem));
  });
});

/** Six related columns; the label follows from two of them and a product that no straight line shows. */
function randomProblem(rows: number, weighted: boolean, steepness: number): LogisticProblem {
  const random = seededRandom(rows + steepness);
  const shared = Float64Array.from({ length: rows }, () => 2 * random() - 1);
  const columns = Array.from({ length: 6 }, (_, i) =>
    shared.map((value) => 0.9 * value + (0.2 + i / 5) * (2 * random() - 1)),
  );
  const labels = Float32Array.from({ length: rows }, (_, row) => {
    const margin = steepness * (columns[0][row] - columns[1][row] + columns[2][row] * columns[3][row] - 0.4);
    return random() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
  });
  return {
    columns,
    labels,
    weights: weighted ? Float32Array.from({ length: rows }, () => 2 * random()) : undefined,
    penalty: 2,
  };
}

/** The largest component of the gradient, by the definition of the loss. */
function steepestSlope({ columns, labels, weights, penalty }: LogisticProblem, found: Float64Array): number {
  const residuals = marginsOf(columns, found, labels.length).map(
    (margin, row) => (weights?.[row] ?? 1) * (1 / (1 + Math.exp(-margin)) - labels[row]),
  );
  const slopes = [
    residuals.reduce((sum, residual) => sum + residual, 0),
    ...columns.map((column, i) =>
      residuals.reduce((sum, residual, row) => sum + residual * column[row], penalty * found[i + 1]),
    ),
  ];
  return Math.max(...slopes.map(Math.abs));
}
