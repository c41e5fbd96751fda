import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BINNING_SAMPLE_ROWS,
  type BinMapper,
  binOf,
  findBinThresholds,
  MAX_BINS,
  missingBin,
} from '../../src/gbdt/binning.ts';

function mapperOf(column: Float32Array, maxBins = 256): BinMapper {
  const mapper = { binThresholds: new Float32Array(MAX_BINS), thresholdCounts: new Int32Array(1) };
  findBinThresholds({ feature: 0, values: column }, maxBins, mapper);
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
        expect(count + 1).toBeLessThanOrEqual(Math.min(bins, MAX_BINS - 1));
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

  it('separates neighbouring float32 values, but not 0 from -0', () => {
    const one = Math.fround(1);
    const next = Math.fround(1 + 2 ** -23);
    const mapper = mapperOf(Float32Array.of(one, next, 1e-45, 0, -0));
    expect(binOf(one, mapper, 0)).not.toBe(binOf(next, mapper, 0));
    expect(binOf(0, mapper, 0)).toBe(binOf(-0, mapper, 0));
    expect(binOf(Math.fround(1e-45), mapper, 0)).not.toBe(binOf(0, mapper, 0));
  });

  it('fills bins about equally if there are more values than bins', () => {
    const column = Float32Array.from({ length: 40_000 }, (_, i) => (i * 7919) % 40_000);
    const mapper = mapperOf(column);
    const counts = new Array<number>(255).fill(0);
    for (const value of column) counts[binOf(value, mapper, 0)]++;
    expect(Math.min(...counts)).toBeGreaterThan(150);
    expect(Math.max(...counts)).toBeLessThan(165);
  });

  it('gives two values two bins, and missing values a third', () => {
    const mapper = mapperOf(Float32Array.of(1, 2, 2, 1, Number.NaN), 2);
    expect([1, 2, Number.NaN].map((value) => binOf(value, mapper, 0))).toEqual([0, 1, 2]);
  });

  it('gives a value that would fill two bins a bin of its own', () => {
    const heavyTies = fc.record({
      heavy: fc.array(fc.integer({ min: -1, max: 301 }), { minLength: 1, maxLength: 3 }),
      rows: fc.integer({ min: 30, max: 900 }),
      light: fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { minLength: 20, maxLength: 60 }),
      bins: fc.integer({ min: 4, max: 16 }),
    });
    fc.assert(
      fc.property(heavyTies, ({ heavy, rows, light, bins }) => {
        const column = Float32Array.from([...light, ...heavy.flatMap((value) => Array(rows).fill(value))]);
        const mapper = mapperOf(column, bins);
        expect(mapper.thresholdCounts[0] + 1).toBeLessThanOrEqual(bins);
        const counts = new Map<number, number>();
        for (const value of column) counts.set(value, (counts.get(value) ?? 0) + 1);
        for (const [value, count] of counts) {
          if (count * bins < 2 * column.length) continue;
          const companions = [...counts.keys()].filter(
            (other) => binOf(other, mapper, 0) === binOf(value, mapper, 0),
          );
          expect(companions).toEqual([value]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('separates zero from the rest if nine in ten rows are zero', () => {
    const column = Float32Array.from({ length: 10_000 }, (_, row) => (row < 9000 ? 0 : row - 8999));
    const mapper = mapperOf(column);
    expect(binOf(0, mapper, 0)).toBe(0);
    expect(binOf(1, mapper, 0)).toBe(1);
  });

  it('finds thresholds on a sample of very many rows', () => {
    const column = Float32Array.from(
      { length: BINNING_SAMPLE_ROWS * 2 + 77 },
      (_, row) => (row * 7919) % 100_003,
    );
    const mapper = mapperOf(column);
    const counts = new Array<number>(255).fill(0);
    for (const value of column) counts[binOf(value, mapper, 0)]++;
    const fair = column.length / 255;
    expect(Math.min(...counts)).toBeGreaterThan(0.8 * fair);
    expect(Math.max(...counts)).toBeLessThan(1.2 * fair);
  });

  it('separates the smallest and the largest float32 numbers', () => {
    const smallest = 2 ** -149;
    const greatest = Math.fround(3.4e38);
    const ascending = [-greatest, -1, -2 * smallest, -smallest, 0, smallest, 2 * smallest, 1, greatest];
    const mapper = mapperOf(Float32Array.from(ascending));
    expect(ascending.map((value) => binOf(Math.fround(value), mapper, 0))).toEqual(
      ascending.map((_, i) => i),
    );
  });

  it('makes one value bin for a constant column, and one for a column without values', () => {
    expect(mapperOf(Float32Array.of(3, 3, 3)).thresholdCounts[0]).toBe(0);
    expect(mapperOf(Float32Array.of(Number.NaN, Number.NaN)).thresholdCounts[0]).toBe(0);
  });
});
