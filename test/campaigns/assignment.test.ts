import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignHoldout, riskBandOf } from '../../src/campaigns/assignment.ts';
import { seededRandom } from '../../src/dataset/seeded-random.ts';

function audienceOf(customers: number, seed: number) {
  const random = seededRandom(seed);
  const rows = Array.from({ length: customers }, (_, row) => row);
  return {
    ids: rows.map((row) => `C${row}`),
    churnProbabilities: rows.map(() => random()),
    expectedSpend: rows.map(() => 100 * random()),
  };
}

describe('assignHoldout', () => {
  it('leaves out exactly as many as asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.nat(), fc.nat(), (customers, heldOut, seed) => {
        const wanted = 1 + (heldOut % (customers - 1));
        const assigned = assignHoldout(audienceOf(customers, 1), wanted, seed);
        expect(assigned.reduce((sum, each) => sum + each, 0)).toBe(wanted);
      }),
    );
  });

  it('takes from every band of risk its share, to within the bands of value it has', () => {
    const audience = audienceOf(1000, 3);
    const assigned = assignHoldout(audience, 200, 7);
    for (let band = 0; band < 4; band++) {
      const rows = audience.churnProbabilities.flatMap((p, row) => (riskBandOf(p) === band ? [row] : []));
      const heldOut = rows.reduce((sum, row) => sum + assigned[row], 0);
      expect(Math.abs(heldOut - rows.length / 5)).toBeLessThanOrEqual(1);
    }
  });

  it('gives each customer the same chance', () => {
    const audience = audienceOf(40, 5);
    const counts = new Float64Array(40);
    for (let seed = 0; seed < 2000; seed++) {
      for (const [row, isHeldOut] of assignHoldout(audience, 10, seed).entries()) counts[row] += isHeldOut;
    }
    // Standard deviation of each: √(2000 · 0.25 · 0.75) = 19.4.
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(4.5 * 19.4);
  });

  it('gives the same answer whatever the order of the customers', () => {
    const audience = audienceOf(60, 9);
    const reversed = {
      ids: [...audience.ids].reverse(),
      churnProbabilities: [...audience.churnProbabilities].reverse(),
      expectedSpend: [...audience.expectedSpend].reverse(),
    };
    expect([...assignHoldout(reversed, 20, 11)].reverse()).toEqual([...assignHoldout(audience, 20, 11)]);
  });
});
