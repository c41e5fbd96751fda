import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactDifferenceInShares } from '../../../src/campaigns/statistics/difference-in-shares.ts';

const counts = fc
  .integer({ min: 1, max: 25 })
  .chain((customers) =>
    fc.record({ customers: fc.constant(customers), ordered: fc.nat({ max: customers }) }),
  );

describe('the exact difference in shares', () => {
  it('lies within its interval, and the interval within -1 and 1', () => {
    fc.assert(
      fc.property(counts, counts, (contacted, heldOut) => {
        const { value, low, high } = exactDifferenceInShares({ contacted, heldOut }, 0.05);
        expect(low).toBeLessThanOrEqual(value + 1e-9);
        expect(high).toBeGreaterThanOrEqual(value - 1e-9);
        expect(Math.min(low, -high)).toBeGreaterThanOrEqual(-1);
      }),
      { numRuns: 40 },
    );
  });

  it('turns round when the groups do', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const there = exactDifferenceInShares({ contacted: a, heldOut: b }, 0.05);
        const back = exactDifferenceInShares({ contacted: b, heldOut: a }, 0.05);
        expect(back.low).toBeCloseTo(-there.high, 2);
        expect(back.high).toBeCloseTo(-there.low, 2);
      }),
      { numRuns: 20 },
    );
  });

  it('misses the truth at most as often as it says, counted over every outcome of two small groups', () => {
    const [m, n, p, q] = [12, 8, 0.7, 0.4];
    const chance = (count: number, of: number, share: number) => {
      let ways = 1;
      for (let i = 0; i < count; i++) ways = (ways * (of - i)) / (i + 1);
      return ways * share ** count * (1 - share) ** (of - count);
    };
    let missed = 0;
    for (let x = 0; x <= m; x++) {
      for (let y = 0; y <= n; y++) {
        const { low, high } = exactDifferenceInShares(
          { contacted: { customers: m, ordered: x }, heldOut: { customers: n, ordered: y } },
          0.05,
        );
        if (p - q < low || p - q > high) missed += chance(x, m, p) * chance(y, n, q);
      }
    }
    expect(missed).toBeGreaterThan(0);
    expect(missed).toBeLessThanOrEqual(0.05);
  });
});
