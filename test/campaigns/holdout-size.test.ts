import { describe, expect, it } from 'vitest';
import { holdoutSize, smallestVisibleDifference } from '../../src/campaigns/holdout-size.ts';
import { compareGroups } from '../../src/campaigns/results.ts';
import { simulateCampaign } from '../helpers/simulated-campaign.ts';

const even = (customers: number, risk: number) => Array.from({ length: customers }, () => risk);

describe('the size of the hold-out', () => {
  it('sees a smaller difference with more customers, and the textbook one for two even groups', () => {
    // 1.96 + 0.84 standard errors of two shares of a half in groups of 100 are 20 points.
    expect(smallestVisibleDifference(even(200, 0.5), 100)).toBeCloseTo(0.2, 1);
    const differences = [10, 20, 50, 100].map((heldOut) =>
      smallestVisibleDifference(even(500, 0.6), heldOut),
    );
    expect(differences).toEqual([...differences].sort((a, b) => b - a));
  });

  it('is the smallest with which the difference is seen', () => {
    const audience = even(2000, 0.6);
    const heldOut = holdoutSize(audience, 0.08);
    expect(smallestVisibleDifference(audience, heldOut)).toBeLessThanOrEqual(0.08);
    expect(smallestVisibleDifference(audience, heldOut - 1)).toBeGreaterThan(0.08);
  });

  it('is two fifths at most, or half of a few, however small the difference', () => {
    expect(holdoutSize(even(100, 0.6), 0.001)).toBe(40);
    expect(holdoutSize(even(28, 0.6), 0.001)).toBe(14);
    expect(holdoutSize(even(3, 0.6), 0.001)).toBe(1);
  });

  it('shows the difference that it promises in about eight of ten campaigns', () => {
    const request = { customers: 400, heldOut: 120, risk: 0.7 };
    const audience = simulateCampaign({ ...request, keeps: 0, seed: 1 }).outcomesAt(1);
    const difference = smallestVisibleDifference(
      audience.map(({ churnProbability }) => churnProbability),
      request.heldOut,
    );
    const seen = Array.from({ length: 300 }, (_, seed) => {
      const { outcomesAt } = simulateCampaign({ ...request, keeps: difference / 0.7, seed });
      const { orderShare } = compareGroups(
        outcomesAt(1),
        { contactCost: 0, offerCost: 0, margin: 1 },
        { isFinal: true, horizonDays: 90 },
      );
      return orderShare !== undefined && orderShare.low > 0;
    });
    const share = seen.filter(Boolean).length / seen.length;
    expect(share).toBeGreaterThan(0.72);
    expect(share).toBeLessThan(0.88);
  });
});
