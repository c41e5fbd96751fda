import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rocAuc } from '../../src/metrics/ranked-scores.ts';
import { compareRocAuc } from '../../src/metrics/roc-comparison.ts';
import { seededRandom } from '../helpers/random-trees.ts';

const rows = fc
  .array(fc.tuple(fc.nat(1), fc.nat(6), fc.nat(6)), { minLength: 4, maxLength: 40 })
  .filter((all) => all.some(([label]) => label === 1) && all.some(([label]) => label === 0));

/** The definition: kernels over all pairs of a positive and a negative. */
function naive(labels: number[], one: number[], other: number[]) {
  const above = (a: number, b: number) => (a > b ? 1 : a === b ? 0.5 : 0);
  const of = (wanted: number) => [...labels.keys()].filter((row) => labels[row] === wanted);
  const [positives, negatives] = [of(1), of(0)];
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = (values: number[]) =>
    values.length < 2
      ? 0
      : values.reduce((sum, v) => sum + (v - mean(values)) ** 2, 0) / (values.length - 1) / values.length;
  const gap = (p: number, n: number) => above(one[p], one[n]) - above(other[p], other[n]);
  const byPositive = positives.map((p) => mean(negatives.map((n) => gap(p, n))));
  const byNegative = negatives.map((n) => mean(positives.map((p) => gap(p, n))));
  const spread = 1.959964 * Math.sqrt(variance(byPositive) + variance(byNegative));
  return { low: mean(byPositive) - spread, high: mean(byPositive) + spread };
}

describe('the comparison of two rankings', () => {
  it('follows the definition, and gives the difference of the two areas', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const [labels, one, other] = [0, 1, 2].map((column) => all.map((row) => row[column]));
        const { difference, low, high } = compareRocAuc(labels, one, other);
        expect(difference).toBeCloseTo(rocAuc(labels, one) - rocAuc(labels, other), 12);
        const expected = naive(labels, one, other);
        expect(low).toBeCloseTo(expected.low, 10);
        expect(high).toBeCloseTo(expected.high, 10);
        const mirrored = compareRocAuc(labels, other, one);
        expect(mirrored.low).toBeCloseTo(-high, 12);
      }),
    );
  });

  it('finds no difference between a score and itself, and covers the true one about 19 times of 20', () => {
    const random = seededRandom(9);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    let held = 0;
    for (let trial = 0; trial < 200; trial++) {
      const labels = Array.from({ length: 300 }, () => (random() < 0.4 ? 1 : 0));
      // Two equally good noisy views of the same thing.
      const base = labels.map((label) => label + normal());
      const one = base.map((value) => value + normal());
      const other = base.map((value) => value + normal());
      const { low, high } = compareRocAuc(labels, one, other);
      if (low <= 0 && high >= 0) held++;
      expect(compareRocAuc(labels, one, one)).toEqual({ difference: 0, low: 0, high: 0 });
    }
    expect(held).toBeGreaterThan(180);
    expect(held).toBeLessThan(200);
  });
});
