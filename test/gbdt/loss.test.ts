import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeGradients, expFloat32, sigmoidFloat32, sumLogLoss } from '../../src/gbdt/loss.ts';

const margin = fc.double({ min: -80, max: 80, noNaN: true }).map(Math.fround);

describe('the logistic loss', () => {
  it('computes an increasing exponential within 2e-7 of the exact one', () => {
    fc.assert(
      fc.property(margin, (x) => {
        expect(Math.abs(expFloat32(x) / Math.exp(x) - 1)).toBeLessThan(2e-7);
        expect(expFloat32(x)).toBeLessThanOrEqual(expFloat32(Math.fround(x + 0.001)));
      }),
      { numRuns: 2000 },
    );
    expect(expFloat32(0)).toBe(1);
    expect(sigmoidFloat32(0)).toBe(0.5);
    expect(Number.isFinite(expFloat32(1000))).toBe(true);
    expect(expFloat32(-1000)).toBeGreaterThan(0);
  });

  it('computes the gradients and hessians of the formula, with weights and class weight', () => {
    fc.assert(
      fc.property(
        margin,
        fc.boolean(),
        fc.double({ min: 0, max: 5, noNaN: true }),
        fc.constantFrom(1, 0.02, 30),
        (x, isPositive, weight, scalePosWeight) => {
          const gradients = new Float32Array(1);
          const hessians = new Float32Array(1);
          const arrays = {
            rawScores: Float32Array.of(x),
            labels: Float32Array.of(isPositive ? 1 : 0),
            weights: Float32Array.of(weight),
            gradients,
            hessians,
          };
          const maxima = computeGradients(arrays, scalePosWeight, { from: 0, to: 1 });
          const p = 1 / (1 + Math.exp(-x));
          const w = weight * (isPositive ? scalePosWeight : 1);
          expect(gradients[0]).toBeCloseTo((p - (isPositive ? 1 : 0)) * w, 4);
          expect(hessians[0]).toBeCloseTo(p * (1 - p) * w, 4);
          expect(maxima).toEqual({ gradient: Math.abs(gradients[0]), hessian: hessians[0] });
        },
      ),
    );
  });

  it('sums log-loss without overflow at either end', () => {
    const labels = Float32Array.of(1, 0, 1, 0);
    const lossOf = (rawScores: number[], weights: number[] = []) =>
      sumLogLoss(
        { rawScores: Float32Array.from(rawScores), labels, weights: Float32Array.from(weights) },
        { from: 0, to: rawScores.length },
      );
    expect(lossOf([900, -900, 0, 0])).toBeCloseTo(2 * Math.LN2, 12);
    expect(lossOf([-900, 900])).toBeCloseTo(1800, 6);
    expect(lossOf([0, 0], [3, 1])).toBeCloseTo(4 * Math.LN2, 12);
  });
});
