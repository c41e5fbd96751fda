import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fitLogisticRegression, predictLogistic } from '../../src/baselines/logistic-regression.ts';
import { packageRoot } from '../../src/package-root.ts';
import { makeDataset, shared } from '../helpers/learner.ts';
import { seededRandom } from '../helpers/random-trees.ts';

const fixtureSchema = z.object({
  columns: z.array(z.array(z.number().nullable())),
  labels: z.array(z.number()),
  intercept: z.number(),
  coefficients: z.array(z.number()),
  probabilities: z.array(z.number()),
});

describe('logistic regression', () => {
  it('finds the coefficients that scikit-learn finds', () => {
    const file = join(packageRoot(), 'test', 'fixtures', 'logistic-regression.json');
    const fixture = fixtureSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const dataset = {
      featureNames: ['amount', 'signed', 'count'],
      rowCount: fixture.labels.length,
      columns: fixture.columns.map((column) => shared(column.map((value) => value ?? Number.NaN))),
      labels: shared(fixture.labels),
    };
    const model = fitLogisticRegression(dataset);
    expect(model.intercept).toBeCloseTo(fixture.intercept, 6);
    for (const [i, coefficient] of fixture.coefficients.entries()) {
      expect(model.coefficients[i]).toBeCloseTo(coefficient, 6);
    }
    const probabilities = predictLogistic(model, dataset);
    for (const [row, probability] of fixture.probabilities.entries()) {
      expect(probabilities[row]).toBeCloseTo(probability, 6);
    }
  });

  it('gives probabilities whose mean is the share of positives, even if the classes separate perfectly', () => {
    const random = seededRandom(3);
    const noisy = makeDataset(
      { rows: 2000, features: 4, levels: 50, missingShare: 0.1, isWeighted: false },
      random,
    );
    const column = shared(Array.from({ length: 200 }, (_, row) => row));
    const clean = {
      featureNames: ['x', 'same', 'constant'],
      rowCount: 200,
      columns: [column, column, shared(new Float32Array(200))],
      labels: shared(Array.from({ length: 200 }, (_, row) => (row < 60 ? 1 : 0))),
    };
    for (const dataset of [noisy, clean]) {
      const probabilities = predictLogistic(fitLogisticRegression(dataset), dataset);
      const mean = (values: ArrayLike<number>) =>
        Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
      expect(mean(probabilities)).toBeCloseTo(mean(dataset.labels), 6);
    }
  });

  it('finds the same coefficients for many rows as for the few that they repeat', () => {
    const few = makeDataset(
      { rows: 2000, features: 4, levels: 50, missingShare: 0, isWeighted: false },
      seededRandom(5),
    );
    const times = 15;
    const repeated = (column: Float32Array) =>
      shared(Array.from({ length: times * column.length }, (_, row) => column[Math.floor(row / times)]));
    const many = {
      ...few,
      rowCount: times * few.rowCount,
      columns: few.columns.map(repeated),
      labels: repeated(few.labels),
    };
    // The penalty grows with the rows: many rows have one of 30, and few one of 2.
    const [ofFew, ofMany] = [few, many].map(fitLogisticRegression);
    for (const [i, coefficient] of ofFew.coefficients.entries()) {
      expect(ofMany.coefficients[i]).toBeCloseTo(coefficient, 6);
    }
  });
});
