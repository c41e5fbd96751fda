import { describe, expect, it } from 'vitest';
import { givenSuccessRate } from '../../src/campaigns/success-rate.ts';
import { worthContacting } from '../../src/campaigns/worth-contacting.ts';

const rates = givenSuccessRate(0.5);
const costs = { contactCost: 1, offerCost: 0, margin: 0.5 };

const audienceOf = (spends: readonly number[]) => ({
  asOf: '2026-01-31',
  horizonDays: 60,
  outlook: undefined,
  who: '',
  leastProbability: 0.4,
  members: spends.map((expectedSpend, i) => ({
    customerId: i + 1,
    row: i,
    churnProbability: 0.4,
    expectedSpend,
    totalOrders: 2,
    totalSpent: 50,
  })),
});

const idsOf = (spends: readonly number[], busy: readonly string[] = []) =>
  worthContacting(audienceOf(spends), new Set(busy), { costs, rates }).map(({ customerId }) => customerId);

describe('the customers worth contacting', () => {
  it('are those who earn more than they cost, most first, then by id', () => {
    expect(idsOf([20, 5, 50, 20, 10])).toEqual([3, 1, 4]);
  });

  it('leave out the customers of other campaigns', () => {
    expect(idsOf([20, 30, 50], ['3'])).toEqual([2, 1]);
    expect(() => idsOf([20, 30, 50], ['1', '2', '3'])).toThrow(
      'Of 3 customers of this audience 3 are in campaigns that still run. A campaign needs at least two',
    );
    expect(() => idsOf([20, 30], ['1'])).toThrow(
      'Of 2 customers of this audience 1 is in a campaign that still runs. A campaign needs at least two',
    );
  });

  it('must be two, and the refusal says whether risk or profit leaves one only', () => {
    expect(() => idsOf([20])).toThrow('Only one customer still buys on 2026-01-31 and has so high a risk');
    expect(() => idsOf([20, 5])).toThrow(
      'Contacting pays for one customer only, who is expected to bring 1.00 after costs.',
    );
  });

  it('are nobody if even the best of 300,000 customers costs more than it earns', () => {
    expect(() => idsOf(Array.from({ length: 300_000 }, (_, i) => i % 5))).toThrow(
      expect.objectContaining({
        code: 'CAMPAIGN_REFUSED',
        message:
          'Contacting does not pay: if the offer keeps 50% of those about to leave, even the best customer is expected to bring -0.60 after costs.',
      }),
    );
  });
});
