import { describe, expect, it } from 'vitest';
import { fakeServices } from '../helpers/fake-services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { sampleCard } from '../helpers/sample-cards.ts';
import { sampleProfile } from '../helpers/sample-profile.ts';

describe('explain_churn_risk', () => {
  const explanation = {
    card: sampleCard,
    asOf: '2025-12-31',
    trainedNow: false,
    customerId: 10_045,
    profile: sampleProfile,
    churnProbability: 0.61,
    typicalProbability: 0.35,
    rawScore: 0.4473,
    contributions: [
      { feature: 'days_since_last_order', value: 41, contribution: 0.9 },
      { feature: 'mean_gap_days', value: undefined, contribution: -0.2 },
    ],
    reasons: [
      { theme: 'recency', contribution: 0.9 },
      { theme: 'spend', contribution: 0.3 },
      { theme: 'rhythm', contribution: -0.2 },
    ],
    similar: { predicted: 0.6, observed: 0.58, count: 1200 },
    afterOrders: [0.52, 0.4],
  } as const;

  it('says what raises and lowers the risk, what happened to similar customers, and what would help', async () => {
    const client = await connectClient(
      fakeServices({
        churn: {
          explain: async (request) => {
            expect(request).toEqual({ customerId: '10045', line: 0.5 });
            return explanation;
          },
        },
      }),
    );
    const { text, structuredContent } = await callText(client, 'explain_churn_risk', { customer_id: 10_045 });
    expect(text).toMatchInlineSnapshot(`
      "Customer 10045: 61% likely not to order in the 90 days after 2025-12-31; the typical active customer is at 35%.
      7 orders from 2025-03-01 to 2025-11-20, 5,678.90 in all, 811.27 each.

      Against the typical active customer, the risk is raised by:
      - no order for 41 days, usually one every 44 days (odds × 2.5)
      - spent 640.25 in the last 90 days, 5,678.90 in all (odds × 1.3)
      It is lowered by:
      - orders about every 44 days, the longest pause 80 days (odds ÷ 1.2)

      Of 1,200 earlier customers who were given about 60%, 58% left.
      2 orders of the usual value now would bring it from 61% to 40%, below 50%.
      The figures say how the model reasons from past orders, not what caused anything; risk is not persuadability.
      Model: customer_churn_forecast v_20260105_101500."
    `);
    expect(structuredContent).toMatchObject({
      customer_id: 10_045,
      contributions: [{ value: 41 }, { value: null }],
      similar_customers: { left: 0.58 },
      after_orders: [0.52, 0.4],
    });
    await client.close();
  });

  it('says so if nothing would help, or nothing is needed', async () => {
    const texts: string[] = [];
    for (const change of [
      { afterOrders: [0.6, 0.58, 0.55] },
      { afterOrders: [], similar: undefined, reasons: [], trainedNow: true },
    ]) {
      const client = await connectClient(
        fakeServices({ churn: { explain: async () => ({ ...explanation, ...change }) } }),
      );
      texts.push((await callText(client, 'explain_churn_risk', { customer_id: 'A' })).text);
      await client.close();
    }
    expect(texts[0].split('\n').slice(-4)).toMatchInlineSnapshot(`
      [
        "Of 1,200 earlier customers who were given about 60%, 58% left.",
        "3 orders of the usual value now would bring it from 61% to 55%, still not below 50%.",
        "The figures say how the model reasons from past orders, not what caused anything; risk is not persuadability.",
        "Model: customer_churn_forecast v_20260105_101500.",
      ]
    `);
    expect(texts[1]).toMatchInlineSnapshot(`
      "There was no forward model yet, so v_20260105_101500 was trained first.

      Customer 10045: 61% likely not to order in the 90 days after 2025-12-31; the typical active customer is at 35%.
      7 orders from 2025-03-01 to 2025-11-20, 5,678.90 in all, 811.27 each.

      Against the typical active customer, the risk is raised by: nothing.
      It is lowered by: nothing.

      The risk is below 50% as it is.
      The figures say how the model reasons from past orders, not what caused anything; risk is not persuadability.
      Model: customer_churn_forecast v_20260105_101500."
    `);
  });
});
