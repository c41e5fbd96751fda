import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fakeServices } from '../helpers/fake-services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { judgedCard, misjudgedCard } from '../helpers/sample-cards.ts';
import { sampleProfile } from '../helpers/sample-profile.ts';

describe('get_at_risk_customers', () => {
  const customer = {
    customerId: 10_045,
    churnProbability: 0.61,
    valueAtRisk: 1234.5,
    valueRange: { low: 900, high: 1500 },
    profile: sampleProfile,
    reasons: [
      { theme: 'recency', contribution: 0.9 },
      { theme: 'pace', contribution: 0.4 },
    ],
  } as const;
  const found = {
    card: judgedCard,
    asOf: '2025-12-31',
    trainedNow: false,
    activeCustomers: 800,
    listableCustomers: 310,
    listable: { valueAtRisk: 1200, low: 900, high: 1500 },
    totals: {
      valueAtRisk: 155_020.4,
      low: 120_000,
      high: 190_000,
      moreLikelyThanNot: 212,
      averageProbability: 0.29,
    },
    leastProbability: 0.29,
    typicalProbability: 0.29,
  };

  it('lists customers with their probability and what is at stake', async () => {
    const client = await connectClient(
      fakeServices({
        churn: {
          atRisk: async (request) => {
            expect(request).toEqual({ limit: 2, minProbability: 0.5 });
            return {
              ...found,
              trainedNow: true,
              leastProbability: 0.5,
              customers: [
                customer,
                {
                  ...customer,
                  customerId: '00\u202e17\n9',
                  profile: {
                    ...sampleProfile,
                    totalOrders: 1,
                    meanGapDays: undefined,
                    longestGapDays: undefined,
                  },
                  reasons: [{ theme: 'history', contribution: 0.1 }],
                  valueAtRisk: 80,
                },
              ],
            };
          },
        },
      }),
    );
    const { text } = await callText(client, 'get_at_risk_customers', { limit: 2, min_probability: 0.5 });
    expect(text).toMatchInlineSnapshot(`
      "212 of your 800 active customers are more likely than not to stop buying in the next 90 days. At stake over all 800: about 155,020 (120,000 to 190,000).
      Whom to contact: 2 of 310 customers with a risk of 50% or more, most at stake first:

      1. Customer 10045: 61% likely to leave (typical: 29%), 1,235 at stake; spent 5,678.90 in 7 orders, the last on 2025-11-20 (41 days ago). Why: orders less often than before: 1 order in the last 90 days, 7 in the last 365.
      2. Customer 0017 9: 61% likely to leave (typical: 29%), 80 at stake; a single order of 5,678.90 on 2025-11-20 (41 days ago), so this is little more than a guess. Why: only one order so far.

      How far to trust it: of 331 earlier active customers given about 64%, 61% left.
      Last time: as of 2025-10-02 it said that 150,300 was at stake, between 118,000 and 181,000. In fact 161,900 was lost.
      Active: ordered in the 90 days before 2025-12-31. Leaving: no order in the 90 days after it; some come back later.
      Left is not lost: of 120 active customers who did not order in the 90 days after 2025-04-05, 41% had ordered again by day 270.
      At stake = chance of leaving × what the customer would spend in 90 days, and its range holds at nine of ten days. Risk is not persuadability: a high risk does not mean that an offer would keep them.
      Model: customer_churn_forecast v_20260105_101500, trained just now because there was none."
    `);
    await client.close();
  });

  it('gives a concise answer, and continues after the last row of the answer before', async () => {
    const client = await connectClient(
      fakeServices({
        churn: {
          atRisk: async (request) => {
            expect(request).toEqual({ limit: 1, offset: 10 });
            return {
              ...found,
              customers: [{ ...customer, contact: { name: 'Ann Lee', email: 'ann@example.com' } }],
            };
          },
        },
      }),
    );
    const { text, structuredContent } = await callText(client, 'get_at_risk_customers', {
      limit: 1,
      offset: 10,
      response_format: 'concise',
    });
    expect(text).toMatchInlineSnapshot(
      `
      "212 of your 800 active customers are more likely than not to stop buying in the next 90 days. At stake over all 800: about 155,020 (120,000 to 190,000).
      11. Customer 10045, Ann Lee, ann@example.com: 61% likely to leave (typical: 29%), 1,235 at stake; orders less often than before: 1 order in the last 90 days, 7 in the last 365.
      Model: customer_churn_forecast v_20260105_101500."
    `,
    );
    expect(structuredContent).toMatchObject({
      next_offset: 11,
      customers: [{ name: 'Ann Lee', email: 'ann@example.com', reasons: [expect.any(String)] }],
    });
    await client.close();
  });

  it('lists as many customers as fit into an answer, and says how to get the rest', async () => {
    const client = await connectClient(
      fakeServices({
        churn: {
          atRisk: async () => ({
            ...found,
            activeCustomers: 5000,
            listableCustomers: 5000,
            listable: { valueAtRisk: 1200, low: 900, high: 1500 },
            customers: Array.from({ length: 1000 }, (_, i) => ({ ...customer, customerId: i })),
          }),
        },
      }),
    );
    const { text, structuredContent } = await callText(client, 'get_at_risk_customers', { limit: 1000 });
    const { customers, next_offset } = z
      .object({ customers: z.array(z.unknown()), next_offset: z.int() })
      .parse(structuredContent);
    expect(customers.length).toBeGreaterThan(50);
    expect(next_offset).toBe(customers.length);
    expect(text).toContain(
      `More customers do not fit into one answer. Ask again with offset ${next_offset} for the next.`,
    );
    expect(Buffer.byteLength(JSON.stringify(structuredContent))).toBeLessThanOrEqual(20_000 * 2.9);
    await client.close();
  });

  it('lists the customers a campaign should contact, and what it would earn', async () => {
    const client = await connectClient(
      fakeServices({
        churn: {
          atRisk: async (request) => {
            expect(request).toEqual({
              limit: 10,
              costs: { contactCost: 1, offerCost: 5, successRate: 0.2, margin: 0.3 },
            });
            return {
              ...found,
              customers: [{ ...customer, expectedProfit: 243.25 }],
              campaign: { customers: 310, profit: { expected: 9120.4, low: 7800, high: 10_440.8 } },
            };
          },
        },
      }),
    );
    const campaign = { contact_cost: 1, offer_cost: 5, success_rate: 0.2, margin: 0.3 };
    const { text, structuredContent } = await callText(client, 'get_at_risk_customers', { campaign });
    expect(text).toMatchInlineSnapshot(`
      "212 of your 800 active customers are more likely than not to stop buying in the next 90 days. At stake over all 800: about 155,020 (120,000 to 190,000).
      310 active customers worth contacting at these costs, 1 listed, the most profitable first. Contacting all 310 is expected to earn a profit of about 9,120, between 7,800 and 10,441 in 19 campaigns of 20 if the margin and the success rate are right.

      1. Customer 10045: 61% likely to leave (typical: 29%), 1,235 at stake, 243 of profit expected from contacting them; spent 5,678.90 in 7 orders, the last on 2025-11-20 (41 days ago). Why: orders less often than before: 1 order in the last 90 days, 7 in the last 365.

      How far to trust it: of 331 earlier active customers given about 64%, 61% left.
      Last time: as of 2025-10-02 it said that 150,300 was at stake, between 118,000 and 181,000. In fact 161,900 was lost.
      Active: ordered in the 90 days before 2025-12-31. Leaving: no order in the 90 days after it; some come back later.
      Left is not lost: of 120 active customers who did not order in the 90 days after 2025-04-05, 41% had ordered again by day 270.
      At stake = chance of leaving × what the customer would spend in 90 days, and its range holds at nine of ten days. Risk is not persuadability: a high risk does not mean that an offer would keep them.
      Model: customer_churn_forecast v_20260105_101500."
    `);
    expect(structuredContent).toMatchObject({
      campaign: { customers: 310, expected_profit: 9120.4 },
      customers: [{ expected_profit: 243.25 }],
    });
    await client.close();
  });

  it('names the order of the list if the call asks for another one than the most profitable first', async () => {
    const client = await connectClient(
      fakeServices({
        churn: {
          atRisk: async () => ({
            ...found,
            customers: [customer],
            campaign: { customers: 310, profit: { expected: 9120.4, low: 7800, high: 10_440.8 } },
          }),
        },
      }),
    );
    const campaign = { contact_cost: 1, offer_cost: 5, success_rate: 0.2, margin: 0.3 };
    const { text } = await callText(client, 'get_at_risk_customers', { campaign, sort_by: 'total_spent' });
    expect(text).toContain(
      '310 active customers worth contacting at these costs, 1 listed, highest spend first.',
    );
    await client.close();
  });

  it('begins with the direction of the latest error, and gives ranges but no campaign total', async () => {
    const client = await connectClient(
      fakeServices({
        churn: {
          atRisk: async () => ({
            ...found,
            card: misjudgedCard,
            customers: [{ ...customer, expectedProfit: 243.25 }],
            campaign: { customers: 310, profit: undefined },
          }),
        },
      }),
    );
    const campaign = { contact_cost: 1, offer_cost: 5, success_rate: 0.2, margin: 0.3 };
    const { text, structuredContent } = await callText(client, 'get_at_risk_customers', { campaign });
    expect(text).toMatchInlineSnapshot(`
      "212 of your 800 active customers are more likely than not to stop buying in the next 90 days. At stake over all 800: 120,000 to 190,000.
      When last tested, these probabilities were too high: as of 2025-10-02 active customers were given 43% on average, and 8% left. Use the order of the list; take amounts as ranges.
      310 active customers worth contacting at these costs, 1 listed, the most profitable first. No total is given: the latest probabilities were too high (active customers were given 43% on average, and 8% left), and a total would be as wrong. Contact some of them first, leave others alone, and compare.

      1. Customer 10045: 61% likely to leave (typical: 29%), 900 to 1,500 at stake; spent 5,678.90 in 7 orders, the last on 2025-11-20 (41 days ago). Why: orders less often than before: 1 order in the last 90 days, 7 in the last 365.

      How far to trust it: of 331 earlier active customers given about 64%, 11% left.
      Last time: as of 2025-10-02 it said that 3,000,000 was at stake, between 118,000 and 181,000. In fact 390,000 was lost.
      Active: ordered in the 90 days before 2025-12-31. Leaving: no order in the 90 days after it; some come back later.
      At stake = chance of leaving × what the customer would spend in 90 days, and its range holds at nine of ten days. Risk is not persuadability: a high risk does not mean that an offer would keep them.
      Model: customer_churn_forecast v_20260105_101500."
    `);
    expect(structuredContent).toMatchObject({
      probabilities_are: 'too high',
      campaign: { customers: 310, expected_profit: null, low: null, high: null },
    });
    await client.close();
  });

  it('refuses a campaign without a margin, because revenue is not profit', async () => {
    const client = await connectClient(fakeServices());
    const campaign = { contact_cost: 1, offer_cost: 5, success_rate: 0.2 };
    const { isError, text } = await callText(client, 'get_at_risk_customers', { campaign });
    expect(isError).toBe(true);
    expect(text).toContain('campaign.margin');
    await client.close();
  });

  it.each([
    [
      0,
      'No customer ordered in the 90 days before 2025-12-31, so there are no active customers. Choose an earlier as_of, or import newer orders.',
    ],
    [12, 'None of the 12 active customers has so high a risk of leaving. Lower min_probability to see more.'],
  ])('says why the list is empty, with %i active customers', async (activeCustomers, expected) => {
    const client = await connectClient(
      fakeServices({
        churn: {
          atRisk: async () => ({
            ...found,
            activeCustomers,
            listableCustomers: 0,
            listable: { valueAtRisk: 1200, low: 900, high: 1500 },
            customers: [],
          }),
        },
      }),
    );
    expect((await callText(client, 'get_at_risk_customers')).text).toBe(expected);
    await client.close();
  });
});
