import { describe, expect, it } from 'vitest';
import { compareGroups } from '../../src/campaigns/results.ts';
import type { Difference } from '../../src/campaigns/statistics/interval.ts';
import { type SimulationRequest, simulateCampaign } from '../helpers/simulated-campaign.ts';

const CAMPAIGNS = 2000;
const FREE = { contactCost: 0, offerCost: 0, margin: 0.4 };
const END = { isFinal: true, horizonDays: 90 };

type Holds = 'orderShare' | 'spent' | 'profit';

/** The share of campaigns whose interval holds what is true; campaigns that say nothing count as such. */
function coverage(request: Omit<SimulationRequest, 'seed'>): Record<Holds, number> & { silent: number } {
  const held = { orderShare: 0, spent: 0, profit: 0, silent: 0 };
  for (let seed = 1; seed <= CAMPAIGNS; seed++) {
    const { truth, outcomesAt } = simulateCampaign({ ...request, seed });
    const results = compareGroups(outcomesAt(1), FREE, END);
    const profit = truth.spent * FREE.margin * results.contacted.customers;
    if (results.spent === undefined) held.silent += 1;
    if (holds(results.orderShare, truth.orderShare)) held.orderShare += 1;
    if (holds(results.spent, truth.spent)) held.spent += 1;
    if (holds(results.profit, profit)) held.profit += 1;
  }
  const said = CAMPAIGNS - held.silent;
  return {
    orderShare: held.orderShare / CAMPAIGNS,
    spent: held.spent / said,
    profit: held.profit / said,
    silent: held.silent / CAMPAIGNS,
  };
}

function holds(difference: Difference | undefined, truth: number): boolean {
  return difference !== undefined && difference.low <= truth && truth <= difference.high;
}

describe('intervals at the end of a campaign', () => {
  it.each([
    ['of usual size', { customers: 300, heldOut: 80, keeps: 0.2 }],
    ['with few held out', { customers: 240, heldOut: 40, keeps: 0.3 }],
    ['of an offer that does nothing', { customers: 200, heldOut: 60, keeps: 0 }],
  ])('hold the truth in 93 to 97 of 100 campaigns %s', (_, request) => {
    const { orderShare, spent, profit, silent } = coverage(request);
    expect(silent).toBeLessThan(0.2);
    for (const share of [orderShare, spent, profit]) {
      expect(share).toBeGreaterThanOrEqual(0.93);
      expect(share).toBeLessThanOrEqual(0.97);
    }
  });
});

describe('looks before the end', () => {
  it('raise at most 5 false alarms in 100 campaigns whose offer does nothing', () => {
    const alarms = { orderShare: 0, spent: 0, profit: 0 };
    for (let seed = 1; seed <= CAMPAIGNS; seed++) {
      const { outcomesAt } = simulateCampaign({ customers: 150, heldOut: 60, keeps: 0, seed });
      const looks = [0.4, 0.6, 0.8, 1].map((passed) =>
        compareGroups(outcomesAt(passed), FREE, { isFinal: passed === 1, horizonDays: 30 }),
      );
      for (const measure of ['orderShare', 'spent', 'profit'] as const) {
        if (looks.some((look) => look[measure] !== undefined && !holds(look[measure], 0)))
          alarms[measure] += 1;
      }
    }
    for (const count of Object.values(alarms)) expect(count / CAMPAIGNS).toBeLessThanOrEqual(0.05);
  });
});
