import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BinMapper, binOf, findBinThresholds, MAX_BINS, missingBin } from '../../src/gbdt/binning.ts';

function mapperOf(column: Float32Array, maxBins = 256): BinMapper {
  const mapper = { binThresholds: new Float32Array(MAX_BINS), thresholdCounts: new Int32Array(1) };
  findBinThresholds(column, 0, maxBins, mapper);
  return mapper;
}

const finite = fc.float({
  noDefaultInfinity: true,
  noNaN: true,
  max: Math.fround(3e38),
  min: Math.fround(-3e38),
});
const tied = fc.integer({ min: -5, max: 5 }).map((value) => value / 4);
const values = fc.array(fc.oneof(finite, tied, fc.constant(Number.NaN)), { minLength: 1, maxLength: 600 });
const maxBins = fc.constantFrom(2, 3, 16, 255, 256);

describe('binning', () => {
  it('has ascending thresholds, and "bin at most k" means "value below threshold k"', () => {
    fc.assert(
      fc.property(values, maxBins, fc.array(finite, { maxLength: 20 }), (numbers, bins, others) => {
        const mapper = mapperOf(Float32Array.from(numbers), bins);
        const count = mapper.thresholdCounts[0];
        const thresholds = mapper.binThresholds.subarray(0, count);
        for (let k = 1; k < count; k++) expect(thresholds[k]).toBeGreaterThan(thresholds[k - 1]);
        expect(count + 1).toBeLessThanOrEqual(Math.max(1, bins - 1));
        for (const value of [...numbers, ...others].map(Math.fround)) {
          const bin = binOf(value, mapper, 0);
          if (Number.isNaN(value)) expect(bin).toBe(missingBin(mapper, 0));
          else for (let k = 0; k < count; k++) expect(bin <= k).toBe(value < thresholds[k]);
        }
      }),
    );
  });

  it('gives every distinct value a bin of its own while there are enough bins', () => {
    fc.assert(
      fc.property(fc.uniqueArray(finite, { minLength: 1, maxLength: 255 }), (numbers) => {
        const distinct = new Set(numbers.map((value) => Math.fround(value) + 0));
        const mapper = mapperOf(Float32Array.from(numbers));
        const bins = new Set(numbers.map((value) => binOf(Math.fround(value), mapper, 0)));
        expect(bins.size).toBe(distinct.size);
      }),
    );
  });

  it('parts values one step of float32 apart, and holds 0 and -0 together', () => {
    const one = Math.fround(1);
    const next = Math.fround(1 + 2 ** -23);
    const mapper = mapperOf(Float32Array.of(one, next, 1e-45, 0, -0));
    expect(binOf(one, mapper, 0)).not.toBe(binOf(next, mapper, 0));
    expect(binOf(0, mapper, 0)).toBe(binOf(-0, mapper, 0));
    expect(binOf(Math.fround(1e-45), mapper, 0)).not.toBe(binOf(0, mapper, 0));
  });

  it('fills bins about equally where there are more values than bins', () => {
    const column = Float32Array.from({ length: 40_000 }, (_, i) => (i * 7919) % 40_000);
    const mapper = mapperOf(column);
    const counts = new Array<number>(255).fill(0);
    for (const value of column) counts[binOf(value, mapper, 0)]++;
    expect(Math.min(...counts)).toBeGreaterThan(150);
    expect(Math.max(...counts)).toBeLessThan(165);
  });

  it('has one value bin for a constant column, and one for a column with no values', () => {
    expect(mapperOf(Float32Array.of(3, 3, 3)).thresholdCounts[0]).toBe(0);
    expect(mapperOf(Float32Array.of(Number.NaN, Number.NaN)).thresholdCounts[0]).toBe(0);
  });
});
