import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hitRateAtK, intraListDiversities, ndcgAtK, recallAtK, topRows } from '../../src/metrics/ranking.ts';

describe('ranking metrics', () => {
  it('follow their definitions on a list worked out by hand', () => {
    const hits = [false, true, false, true];
    expect(hitRateAtK(hits, 1)).toBe(0);
    expect(hitRateAtK(hits, 2)).toBe(1);
    expect(recallAtK(hits, 4, 2)).toBe(0.25);
    expect(recallAtK(hits, 4, 10)).toBe(0.5);
    const gain = 1 / Math.log2(3) + 1 / Math.log2(5);
    const ideal = 1 + 1 / Math.log2(3) + 1 / Math.log2(4);
    expect(ndcgAtK(hits, 3, 10)).toBeCloseTo(gain / ideal, 12);
  });

  it('stay between 0 and 1; NDCG is 1 only for the best possible list', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 20 }), fc.nat(20), (hits, more) => {
        const bought = hits.filter(Boolean).length + more;
        for (const value of [recallAtK(hits, bought, 10), ndcgAtK(hits, bought, 10)]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1 + 1e-12);
        }
        const best = Array.from({ length: Math.min(10, bought) }, () => true);
        if (bought > 0) expect(ndcgAtK(best, bought, 10)).toBeCloseTo(1, 12);
      }),
    );
  });
});

describe('topRows', () => {
  it('gives the first rows of a full stable sort', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (scores, k) => {
        const expected = scores
          .map((score, row) => ({ score, row }))
          .filter(({ row }) => row % 3 !== 0)
          .sort((one, other) => other.score - one.score || one.row - other.row)
          .slice(0, k)
          .map(({ row }) => row);
        expect(topRows(scores, { begin: 0, end: scores.length }, k, (row) => row % 3 !== 0)).toEqual(
          expected,
        );
      }),
    );
  });
});

describe('the diversity of a list', () => {
  const wordsOf = (...names: string[]) => names.map((name) => name.split(' '));

  it('is 0 for variants of one thing, 1 for things that share no word, and unknown for one thing', () => {
    expect(intraListDiversities(wordsOf('red mug', 'red mug', 'mug red'))).toEqual([
      undefined,
      undefined,
      0,
      0,
    ]);
    expect(intraListDiversities(wordsOf('mug', 'lamp', 'chair'))).toEqual([undefined, undefined, 1, 1]);
    const [, , ofTwo, ofThree] = intraListDiversities(wordsOf('red mug', 'blue mug', 'lamp'));
    expect(ofTwo).toBeCloseTo(2 / 3, 12);
    expect(ofThree).toBeCloseTo((2 / 3 + 1 + 1) / 3, 12);
  });
});
