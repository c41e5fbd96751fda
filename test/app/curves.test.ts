import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countsAt, precisionRecallCurve, rocCurve, totalsOf } from '../../app/curves.ts';
import { evaluateClassification } from '../../src/metrics/classification.ts';
import { operatingPoints } from '../../src/metrics/operating-points.ts';

const evaluations = fc
  .array(fc.record({ label: fc.integer({ min: 0, max: 1 }), score: fc.integer({ min: 0, max: 50 }) }), {
    minLength: 4,
    maxLength: 150,
  })
  .filter((rows) => new Set(rows.map(({ label }) => label)).size === 2)
  .map((rows) => {
    const labels = Float32Array.from(rows, ({ label }) => label);
    const probabilities = Float32Array.from(rows, ({ score }) => score / 50);
    const metrics = evaluateClassification({ labels, probabilities, trainingBaseRate: 0.5 });
    return { metrics, labels, probabilities, points: operatingPoints(labels, probabilities) };
  });

describe('the curves of the dashboard', () => {
  it('enclose the same area as the metrics report', () => {
    fc.assert(
      fc.property(evaluations, ({ metrics, points }) => {
        const curve = rocCurve(points, totalsOf(metrics.confusion_matrix));
        let area = 0;
        for (let i = 1; i < curve.length; i++) {
          area += ((curve[i][0] - curve[i - 1][0]) * (curve[i][1] + curve[i - 1][1])) / 2;
        }
        expect(area).toBeCloseTo(metrics.roc_auc, 10);
      }),
    );
  });

  it('count at each threshold what counting row by row gives', () => {
    fc.assert(
      fc.property(
        evaluations,
        fc.integer({ min: 0, max: 100 }),
        ({ metrics, points, labels, probabilities }, step) => {
          const threshold = step / 100;
          const counts = countsAt(threshold, points, totalsOf(metrics.confusion_matrix));
          const rows = [...labels].map((label, row) => ({ label, above: probabilities[row] > threshold }));
          expect(counts).toEqual({
            tp: rows.filter(({ label, above }) => label === 1 && above).length,
            fp: rows.filter(({ label, above }) => label === 0 && above).length,
            fn: rows.filter(({ label, above }) => label === 1 && !above).length,
            tn: rows.filter(({ label, above }) => label === 0 && !above).length,
          });
        },
      ),
    );
  });

  it('leave out a threshold that no customer reaches: it has no precision', () => {
    const curve = precisionRecallCurve(
      [
        { threshold: 0.9, tp: 0, fp: 0 },
        { threshold: 0.5, tp: 3, fp: 1 },
      ],
      { positives: 4, negatives: 6 },
    );
    expect(curve).toEqual([[0.75, 0.75]]);
  });
});
