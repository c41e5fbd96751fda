import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distributionOf, populationStabilityIndex } from '../../src/metrics/drift.ts';

const values = fc.array(
  fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constant(Number.NaN)),
  {
    minLength: 1,
    maxLength: 300,
  },
);

describe('drift', () => {
  it('has shares that sum to 1 over ascending edges, and is 0 against the same data', () => {
    fc.assert(
      fc.property(values, (numbers) => {
        const column = Float32Array.from(numbers);
        const { edges, shares, missing } = distributionOf(column);
        expect(shares).toHaveLength(edges.length + 1);
        expect(shares.reduce((sum, share) => sum + share, missing)).toBeCloseTo(1, 9);
        expect(edges).toEqual([...new Set(edges)].sort((a, b) => a - b));
        expect(populationStabilityIndex({ edges, shares, missing }, column)).toBeCloseTo(0, 12);
      }),
    );
  });

  it('counts 0 and -0 as one value', () => {
    expect(distributionOf(Float32Array.of(-0, -1)).edges).toEqual([0]);
  });

  it('is never negative, and follows its definition', () => {
    fc.assert(
      fc.property(values, values, (then, now) => {
        const expected = distributionOf(Float32Array.from(then));
        expect(populationStabilityIndex(expected, Float32Array.from(now))).toBeGreaterThanOrEqual(0);
      }),
    );
    const expected = distributionOf(Float32Array.of(1, 2));
    // Half and half before, a quarter and three quarters now.
    const psi = populationStabilityIndex(expected, Float32Array.of(1, 2, 2, 2));
    expect(psi).toBeCloseTo(-0.25 * Math.log(0.5) + 0.25 * Math.log(1.5), 9);
  });

  it('tells a shifted distribution from a stable one', () => {
    const normal = (shift: number) =>
      Float32Array.from({ length: 5000 }, (_, i) => Math.sin(i * 12.9898) * 2 + Math.cos(i * 78.233) + shift);
    const expected = distributionOf(normal(0));
    expect(populationStabilityIndex(expected, normal(0.05))).toBeLessThan(0.1);
    expect(populationStabilityIndex(expected, normal(1.5))).toBeGreaterThan(0.25);
  });
});
