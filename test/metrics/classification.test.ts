import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { evaluateClassification } from '../../src/metrics/classification.ts';

const fixtures = z
  .array(
    z.object({
      labels: z.array(z.number()),
      probabilities: z.array(z.number()),
      expected: z.record(z.string(), z.number()),
      confusion_matrix: z.record(z.string(), z.number()),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL('../fixtures/metrics.json', import.meta.url), 'utf8')));

/** Labels and scores on a coarse grid, so that ties are common; both classes present. */
const evaluations = fc
  .array(fc.record({ label: fc.integer({ min: 0, max: 1 }), score: fc.integer({ min: 0, max: 8 }) }), {
    minLength: 2,
    maxLength: 60,
  })
  .filter((rows) => new Set(rows.map(({ label }) => label)).size === 2)
  .map((rows) => ({
    labels: Float32Array.from(rows, ({ label }) => label),
    probabilities: Float32Array.from(rows, ({ score }) => score / 8),
  }));

describe('evaluateClassification', () => {
  it.each(fixtures.map((fixture, index) => ({ index, ...fixture })))(
    'gives the same figures as scikit-learn, case $index',
    ({ labels, probabilities, expected, confusion_matrix }) => {
      const metrics = evaluateClassification({
        labels: Float32Array.from(labels),
        probabilities: Float32Array.from(probabilities),
        trainingBaseRate: 0.5,
      });
      expect(metrics.confusion_matrix).toEqual(confusion_matrix);
      for (const [name, value] of Object.entries(expected))
        expect(metrics).toHaveProperty(name, expect.closeTo(value, 9));
    },
  );

  it('counts every pair once in ROC-AUC, ties half', () => {
    fc.assert(
      fc.property(evaluations, ({ labels, probabilities }) => {
        const { roc_auc } = evaluateClassification({ labels, probabilities, trainingBaseRate: 0.5 });
        expect(roc_auc).toBeCloseTo(naiveRocAuc(labels, probabilities), 12);
      }),
    );
  });

  it('does not depend on the order of rows', () => {
    fc.assert(
      fc.property(evaluations, ({ labels, probabilities }) => {
        const forwards = evaluateClassification({ labels, probabilities, trainingBaseRate: 0.5 });
        const backwards = evaluateClassification({
          labels: labels.toReversed(),
          probabilities: probabilities.toReversed(),
          trainingBaseRate: 0.5,
        });
        expect(backwards.pr_auc).toBe(forwards.pr_auc);
        expect(backwards.lift_top_decile).toBe(forwards.lift_top_decile);
        expect(backwards.calibration).toEqual(forwards.calibration);
      }),
    );
  });

  it('puts every row into one bin of the reliability table, lowest first', () => {
    fc.assert(
      fc.property(evaluations, ({ labels, probabilities }) => {
        const { calibration } = evaluateClassification({ labels, probabilities, trainingBaseRate: 0.5 });
        const predicted = calibration.map((bin) => bin.predicted);
        expect(calibration.reduce((sum, { count }) => sum + count, 0)).toBe(labels.length);
        expect(calibration.length).toBeLessThanOrEqual(10);
        expect(predicted).toEqual(predicted.toSorted((a, b) => a - b));
      }),
    );
  });

  it('reports accuracy with the majority rate, and Brier with the training base rate', () => {
    const labels = Float32Array.of(1, 1, 1, 0);
    const metrics = evaluateClassification({
      labels,
      probabilities: Float32Array.of(0.9, 0.9, 0.9, 0.9),
      trainingBaseRate: 0.5,
    });
    expect(metrics).toMatchObject({ accuracy: 0.75, majority_rate: 0.75, roc_auc: 0.5, brier_base: 0.25 });
  });
});

function naiveRocAuc(labels: Float32Array, scores: Float32Array): number {
  let wins = 0;
  let pairs = 0;
  for (let one = 0; one < labels.length; one++) {
    for (let other = 0; other < labels.length; other++) {
      if (labels[one] !== 1 || labels[other] !== 0) continue;
      pairs++;
      if (scores[one] > scores[other]) wins++;
      else if (scores[one] === scores[other]) wins += 0.5;
    }
  }
  return wins / pairs;
}
