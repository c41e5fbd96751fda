import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedProfit, planCampaign } from '../../src/scoring/campaign.ts';
import { seededRandom } from '../helpers/random-trees.ts';

const costs = { contactCost: 1, offerCost: 5, successRate: 0.3, margin: 0.5 };
/** Probabilities that are exactly right. */
const CERTAIN = { isOff: undefined, deviation: 0 };

describe('a campaign', () => {
  it('earns the kept spend minus contacts and offers, also for customers who would have stayed anyway', () => {
    // Of 100 such customers 40 would leave, 12 of whom are won over; 60 + 12 take the offer.
    const profit = 100 * expectedProfit({ churnProbability: 0.4, expectedSpend: 100 }, costs);
    expect(profit).toBeCloseTo(12 * 100 * 0.5 - 100 - 72 * 5, 9);
  });

  it('contacts exactly the customers who are worth it', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const amount = fc.double({ min: 0, max: 1000, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.record({ churnProbability: share, expectedSpend: amount }), { maxLength: 20 }),
        fc.record({ contactCost: amount, offerCost: amount, successRate: share, margin: share }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (prospects, prices, deviation) => {
          const trust = { isOff: undefined, deviation };
          const campaign = planCampaign(prospects, prices, trust);
          const worthIt = prospects.filter((prospect) => expectedProfit(prospect, prices) > 0);
          expect(campaign.customers).toBe(worthIt.length);
          const { expected = -1, low = 1, high = -1 } = campaign.profit ?? {};
          expect(expected).toBeGreaterThanOrEqual(0);
          expect(low).toBeLessThanOrEqual(expected);
          expect(high).toBeGreaterThanOrEqual(expected);
          expect(planCampaign(worthIt, prices, trust)).toEqual(campaign);
        },
      ),
    );
  });

  it('has an interval that contains the result of about 19 campaigns in 20', () => {
    const random = seededRandom(5);
    const prospects = Array.from({ length: 400 }, () => ({
      churnProbability: 0.2 + 0.6 * random(),
      expectedSpend: 50 + 100 * random(),
    }));
    const { low = 0, high = 0 } = planCampaign(prospects, costs, CERTAIN).profit ?? {};
    const worthIt = prospects.filter((prospect) => expectedProfit(prospect, costs) > 0);
    let within = 0;
    for (let campaign = 0; campaign < 400; campaign++) {
      let profit = 0;
      for (const { churnProbability, expectedSpend } of worthIt) {
        const leaves = random() < churnProbability;
        const won = leaves && random() < costs.successRate;
        profit -= costs.contactCost + (!leaves || won ? costs.offerCost : 0);
        if (won) profit += expectedSpend * costs.margin;
      }
      if (profit >= low && profit <= high) within++;
    }
    expect(within).toBeGreaterThan(365);
    expect(within).toBeLessThan(395);
  });

  it('has a wider interval if the season may shift all probabilities together', () => {
    const prospects = Array.from({ length: 400 }, () => ({ churnProbability: 0.4, expectedSpend: 100 }));
    const widthAt = (deviation: number) => {
      const { low = 0, high = 0 } =
        planCampaign(prospects, costs, { isOff: undefined, deviation }).profit ?? {};
      return high - low;
    };
    expect(widthAt(0.35)).toBeGreaterThan(2 * widthAt(0));
  });

  it('has no total if the latest probabilities were wrong by more than five points', () => {
    const prospects = [{ churnProbability: 0.4, expectedSpend: 100 }];
    expect(planCampaign(prospects, costs, { isOff: 'too high', deviation: 0.3 })).toEqual({
      customers: 1,
      profit: undefined,
    });
  });
});
