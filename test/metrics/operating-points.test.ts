import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateClassification } from '../../src/metrics/classification.ts';
import { operatingPoints } from '../../src/metrics/operating-points.ts';

/** Labels and scores on a coarse grid, so that ties are common. */
const evaluations = fc
  .array(fc.record({ label: fc.integer({ min: 0, max: 1 }), score: fc.integer({ min: 0, max: 40 }) }), {
    minLength: 2,
    maxLength: 200,
  })
  .filter((rows) => new Set(rows.map(({ label }) => label)).size === 2)
  .map((rows) => ({
    labels: Float32Array.from(rows, ({ label }) => label),
    probabilities: Float32Array.from(rows, ({ score }) => score / 40),
  }));

describe('operatingPoints', () => {
  it('counts the rows above each threshold, as counting row by row does', () => {
    fc.assert(
      fc.property(evaluations, ({ labels, probabilities }) => {
        for (const { threshold, tp, fp } of operatingPoints(labels, probabilities)) {
          const above = [...labels].filter((_, row) => probabilities[row] > threshold);
          expect([tp, fp]).toEqual([
            above.filter((label) => label === 1).length,
            above.filter((label) => label === 0).length,
          ]);
        }
      }),
    );
  });

  it('runs from the highest threshold to the lowest, and agrees with the confusion matrix at one half', () => {
    fc.assert(
      fc.property(evaluations, ({ labels, probabilities }) => {
        const points = operatingPoints(labels, probabilities);
        const thresholds = points.map(({ threshold }) => threshold);
        expect(thresholds).toEqual([...new Set(thresholds)].sort((a, b) => b - a));
        const { tp, fp } = evaluateClassification({
          labels,
          probabilities,
          trainingBaseRate: 0.5,
        }).confusion_matrix;
        expect(points).toContainEqual({ threshold: 0.5, tp, fp });
      }),
    );
  });

  it('covers the whole curve if all scores are small', () => {
    const labels = Float32Array.from({ length: 1000 }, (_, row) => (row % 10 === 0 ? 1 : 0));
    const probabilities = Float32Array.from({ length: 1000 }, (_, row) => row / 1e6);
    const steps = new Set(operatingPoints(labels, probabilities).map(({ tp, fp }) => `${tp}/${fp}`));
    expect(steps.size).toBeGreaterThanOrEqual(100);
  });
});
