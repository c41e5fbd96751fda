import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_BINS } from '../../src/gbdt/binning.ts';
import {
  addToHistogram,
  histogramLength,
  reduceHistogram,
  subtractHistogram,
} from '../../src/gbdt/histogram.ts';

const FEATURES = 3;
const row = fc.record({
  bins: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: FEATURES, maxLength: FEATURES }),
  gradient: fc.integer({ min: -32_767, max: 32_767 }),
  hessian: fc.integer({ min: 0, max: 65_535 }),
  isLeft: fc.boolean(),
});
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;

function build(rows: readonly Row[]): Float64Array {
  const histogram = new Float64Array(histogramLength(FEATURES));
  for (const { bins, gradient, hessian } of rows) {
    const rows = { bins: Uint8Array.from(bins), rowStride: FEATURES, featureCount: FEATURES };
    addToHistogram(histogram, rows, 0, (gradient << 16) | hessian);
  }
  return histogram;
}

describe('histograms', () => {
  it('hold the sums of the rows of each bin', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 80 }), (rows) => {
        const histogram = build(rows);
        for (const { bins } of rows) {
          for (let feature = 0; feature < FEATURES; feature++) {
            const alike = rows.filter((other) => other.bins[feature] === bins[feature]);
            const at = (feature * MAX_BINS + bins[feature]) * 2;
            expect(histogram[at]).toBe(alike.reduce((sum, { gradient }) => sum + gradient, 0));
            expect(histogram[at + 1]).toBe(alike.reduce((sum, { hessian }) => sum + hessian, 0));
          }
        }
      }),
    );
  });

  it('give the same sibling by subtraction as by building, in any order of the rows', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 80 }), (rows) => {
        const parent = build(rows);
        const left = build(rows.filter(({ isLeft }) => isLeft));
        const right = build(rows.filter(({ isLeft }) => !isLeft));
        const sum = new Float64Array(parent.length);
        const sibling = new Float64Array(parent.length);
        for (let feature = 0; feature < FEATURES; feature++) {
          reduceHistogram([left, right], sum, { feature, binCount: MAX_BINS });
          subtractHistogram(parent, left, sibling, { feature, binCount: MAX_BINS });
        }
        expect(sum).toEqual(parent);
        expect(sibling).toEqual(right);
        expect(build([...rows].reverse())).toEqual(parent);
      }),
    );
  });
});
