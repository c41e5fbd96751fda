import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogramLength } from '../../src/gbdt/histogram.ts';
import { findBestSplitOfFeature, leafWeight, type SplitConstraints } from '../../src/gbdt/splitting.ts';

const SCALE = { gradient: 100, hessian: 1000 };
const VALUE_BINS = 6;

const row = fc.record({
  bin: fc.integer({ min: 0, max: VALUE_BINS }),
  gradient: fc.integer({ min: -200, max: 200 }),
  hessian: fc.integer({ min: 1, max: 2000 }),
});
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;
const constraintsArbitrary = fc.record({
  reg_lambda: fc.constantFrom(0, 1, 3),
  reg_alpha: fc.constantFrom(0, 0.5),
  gamma: fc.constantFrom(0, 0.2, 5),
  min_child_weight: fc.constantFrom(0, 1, 4),
});

function score(rows: readonly Row[], { reg_lambda, reg_alpha }: SplitConstraints): number {
  const gradients = rows.reduce((sum, { gradient }) => sum + gradient, 0) / SCALE.gradient;
  const hessians = hessianOf(rows);
  const thresholded = Math.sign(gradients) * Math.max(Math.abs(gradients) - reg_alpha, 0);
  return thresholded ** 2 / (hessians + reg_lambda);
}

function hessianOf(rows: readonly Row[]): number {
  return rows.reduce((sum, { hessian }) => sum + hessian, 0) / SCALE.hessian;
}

/** The best gain over all ways to part the rows, from the rows themselves. */
function bruteForceGain(rows: readonly Row[], constraints: SplitConstraints): number {
  let best = 0;
  for (const missingLeft of [false, true]) {
    for (let last = 0; last < VALUE_BINS; last++) {
      const goesLeft = ({ bin }: Row) => (bin === VALUE_BINS ? missingLeft : bin <= last);
      const left = rows.filter(goesLeft);
      const right = rows.filter((one) => !goesLeft(one));
      if (left.length === 0 || right.length === 0) continue;
      if (Math.min(hessianOf(left), hessianOf(right)) < constraints.min_child_weight) continue;
      const gain = score(left, constraints) + score(right, constraints) - score(rows, constraints);
      if (gain > Math.max(1e-6, constraints.gamma)) best = Math.max(best, gain);
    }
  }
  return best;
}

function findSplit(rows: readonly Row[], constraints: SplitConstraints) {
  const histogram = new Float64Array(histogramLength(1));
  for (const { bin, gradient, hessian } of rows) {
    histogram[bin * 2] += gradient;
    histogram[bin * 2 + 1] += hessian;
  }
  const sums = {
    gradients: rows.reduce((sum, { gradient }) => sum + gradient, 0),
    hessians: rows.reduce((sum, { hessian }) => sum + hessian, 0),
  };
  return findBestSplitOfFeature(
    histogram,
    { feature: 0, binCount: VALUE_BINS + 1 },
    { sums, scale: SCALE, constraints },
  );
}

describe('the best split of a feature', () => {
  it('has the gain that trying every split on the rows finds', () => {
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 40 }),
        constraintsArbitrary,
        (rows, constraints) => {
          const split = findSplit(rows, constraints);
          expect(split.gain).toBeCloseTo(bruteForceGain(rows, constraints), 8);
          expect(split.feature).toBe(split.gain > 0 ? 0 : -1);
          if (split.feature < 0) return;
          const left = rows.filter(({ bin }) => (bin === VALUE_BINS ? split.defaultLeft : bin <= split.bin));
          expect(split.leftGradients).toBe(left.reduce((sum, { gradient }) => sum + gradient, 0));
          expect(split.leftHessians).toBe(left.reduce((sum, { hessian }) => sum + hessian, 0));
        },
      ),
    );
  });

  it('takes the lower bin of two equal gains, and sends missing values right if none was seen', () => {
    const constraints = { reg_lambda: 1, reg_alpha: 0, gamma: 0, min_child_weight: 0 };
    const rows = [
      { bin: 0, gradient: 100, hessian: 1000 },
      { bin: 3, gradient: -100, hessian: 1000 },
    ];
    expect(findSplit(rows, constraints)).toMatchObject({ bin: 0, defaultLeft: false });
  });

  it('weighs a leaf by the regularised mean', () => {
    const constraints = { reg_lambda: 1, reg_alpha: 0.5, gamma: 0, min_child_weight: 0 };
    expect(leafWeight(-3, 4, constraints)).toBeCloseTo(0.5);
    expect(leafWeight(3, 4, constraints)).toBeCloseTo(-0.5);
    expect(leafWeight(0.4, 4, constraints)).toBeCloseTo(0);
    expect(leafWeight(1, 0, { ...constraints, reg_lambda: 0 })).toBe(0);
  });
});
