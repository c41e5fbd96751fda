import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { raisingReasons } from '../../src/explain/risk-reasons.ts';
import { readChurnFeatures } from '../../src/features/read-churn-features.ts';
import { findAtRiskCustomers } from '../../src/scoring/at-risk-customers.ts';
import type { AtRiskCustomer } from '../../src/scoring/at-risk-result.ts';
import { expectedProfit } from '../../src/scoring/campaign.ts';
import { explainCustomer } from '../../src/scoring/explain-customer.ts';
import { type ScoringEnvironment, scoreCustomers } from '../../src/scoring/score-customers.ts';
import { leavingCustomers } from '../helpers/leaving-customers.ts';
import { scoringOf } from '../helpers/scoring.ts';
import { makeSnapshot, type TestSnapshot } from '../helpers/snapshot.ts';

/** Nothing here changes the shop or its model. */
let shop: TestSnapshot;
let env: ScoringEnvironment;
beforeAll(async () => {
  shop = await makeSnapshot(leavingCustomers());
  env = await scoringOf(shop);
});
afterAll(() => shop[Symbol.asyncDispose]());

describe('customers at risk', () => {
  it('are active, ordered by money at stake, and counted', async () => {
    const all = { limit: 1000, minProbability: 0 };
    const { customers, activeCustomers, asOf, totals } = await findAtRiskCustomers(all, env);
    expect(asOf).toBe(shop.summary.lastOrderDate);
    expect(customers).toHaveLength(activeCustomers);
    expect(activeCustomers).toBeLessThan(300);
    for (const { profile } of customers) expect(profile.daysSinceLastOrder).toBeLessThan(60);
    const values = customers.map(({ valueAtRisk }) => valueAtRisk);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    const few = await findAtRiskCustomers({ limit: 3, minProbability: 0 }, env);
    expect(few.totals).toEqual(totals);
    expect(totals.valueAtRisk).toBeCloseTo(
      values.reduce((sum, value) => sum + value, 0),
      6,
    );
    expect(totals.low).toBeLessThan(totals.valueAtRisk);
    expect(totals.high).toBeGreaterThan(totals.valueAtRisk);
    expect(few.customers).toEqual(customers.slice(0, 3));
    const risks = customers.map(({ churnProbability }) => churnProbability);
    const average = risks.reduce((sum, risk) => sum + risk, 0) / risks.length;
    const byDefault = await findAtRiskCustomers({ limit: 1000 }, env);
    expect(byDefault.leastProbability).toBeCloseTo(average, 9);
    expect(byDefault.customers).toEqual(
      customers.filter(({ churnProbability }) => churnProbability >= byDefault.leastProbability),
    );
    const likely = await findAtRiskCustomers({ limit: 1000, minProbability: 0.5 }, env);
    expect(likely.customers).toEqual(customers.filter(({ churnProbability }) => churnProbability >= 0.5));
  });

  it.each([
    ['churn_probability', (one: AtRiskCustomer) => one.churnProbability],
    ['days_since_last_order', (one: AtRiskCustomer) => one.profile.daysSinceLastOrder],
    ['total_spent', (one: AtRiskCustomer) => one.profile.totalSpent],
  ] as const)('are the same customers sorted by %s if asked', async (sortBy, of) => {
    const all = { limit: 1000, withReasons: false };
    const byMoney = await findAtRiskCustomers(all, env);
    const { customers } = await findAtRiskCustomers({ ...all, sortBy }, env);
    expect(customers.map(of)).toEqual(byMoney.customers.map(of).toSorted((a, b) => b - a));
    const ids = (list: readonly AtRiskCustomer[]) => list.map(({ customerId }) => customerId).toSorted();
    expect(ids(customers)).toEqual(ids(byMoney.customers));
  });

  it('come with the same reasons as their explanations, strongest first', async () => {
    const { customers } = await findAtRiskCustomers({ limit: 20 }, env);
    expect(customers.some(({ reasons }) => reasons.length > 0)).toBe(true);
    for (const { customerId, reasons, profile } of customers) {
      const explained = await explainCustomer({ customerId, line: 0.5 }, { ...env, atRiskFrom: 0.3 });
      const raising = raisingReasons(explained.reasons);
      expect(reasons).toEqual(raising);
      expect(profile).toEqual(explained.profile);
    }
  });

  it('are those worth contacting if costs are given, the most profitable first', async () => {
    const costs = { contactCost: 0.5, offerCost: 1, successRate: 0.3, margin: 0.6 };
    const { customers, campaign } = await findAtRiskCustomers({ limit: 1000, costs }, env);
    expect(campaign?.customers).toBe(customers.length);
    expect(customers.length).toBeGreaterThan(0);
    const profits = customers.map(({ churnProbability, valueAtRisk }) =>
      expectedProfit({ churnProbability, expectedSpend: valueAtRisk / churnProbability }, costs),
    );
    expect(customers.map((customer) => customer.expectedProfit)).toEqual(
      profits.map((profit) => expect.closeTo(profit, 9)),
    );
    expect(profits).toEqual(profits.toSorted((a, b) => b - a));
    expect(profits.every((profit) => profit > 0)).toBe(true);
    const ruinous = { contactCost: 1e6, offerCost: 0, successRate: 1, margin: 1 };
    const nobody = await findAtRiskCustomers({ limit: 10, costs: ruinous }, env);
    expect(nobody).toMatchObject({ customers: [], campaign: { customers: 0 } });
  });

  it('have at stake the probability times the past pace of one horizon if the card has no model of spend', async () => {
    const { version, keptProspects: _, ...others } = env;
    const { spend, ...details } = { spend: undefined, ...version.card.details };
    expect(spend).toBeDefined();
    const paced = { ...others, version: { ...version, card: { ...version.card, details } } };
    const { customers } = await findAtRiskCustomers({ limit: 1000, minProbability: 0 }, paced);
    const table = await readChurnFeatures(shop.data, { asOf: shop.summary.lastOrderDate });
    const ids = table.ids('customer_id');
    const age = table.float64('days_since_first_order');
    for (const { customerId, churnProbability, profile, valueAtRisk } of customers) {
      const days = Math.max(60, age[ids.indexOf(customerId)] + 1);
      expect(valueAtRisk).toBeCloseTo(churnProbability * (profile.totalSpent / days) * 60, 6);
    }
  });
});

describe('scores', () => {
  it('are given to every customer with an order by the day, in order of id', async () => {
    const everybody = await scoreCustomers({}, env);
    expect(everybody.customerIds).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    expect(everybody.probabilities.every((probability) => probability > 0 && probability < 1)).toBe(true);
    const early = await scoreCustomers({ asOf: '2025-02-01' }, env);
    expect(early.customerIds.length).toBeGreaterThan(0);
    expect(early.customerIds.length).toBeLessThan(300);
    await expect(scoreCustomers({ asOf: '2024-01-01' }, env)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});
