import { describe, expect, it } from 'vitest';
import { fakeServices } from '../helpers/fake-services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { sampleCard } from '../helpers/sample-cards.ts';
import { sampleProfile } from '../helpers/sample-profile.ts';

/** No model of recommendations. */
const recommendations = { offersIfAny: async () => [] };

describe('explain_churn_risk', () => {
  const explanation = {
    card: sampleCard,
    asOf: '2025-12-31',
    trainedNow: false,
    customerId: 10_045,
    profile: sampleProfile,
    churnProbability: 0.61,
    value: {
      expected: 412.4,
      low: 0,
      high: 1203.7,
      chance: 0.72,
      days: 365,
      nextOrder: { early: '2026-01-20', expected: '2026-03-12', late: '2026-07-04' },
    },
    typicalProbability: 0.35,
    atRiskFrom: 0.42,
    line: 0.42,
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
    orderDays: [
      { day: '2025-10-01', orders: 1, amount: 812.5 },
      { day: '2025-11-20', orders: 2, amount: 640 },
    ],
    afterOrders: [0.52, 0.4],
  } as const;

  it('says what raises and lowers the risk, what happened to similar customers, and what would help', async () => {
    const client = await connectClient(
      fakeServices({
        recommendations,
        churn: {
          explain: async (request) => {
            expect(request).toEqual({ customerId: '10045' });
            return explanation;
          },
        },
      }),
    );
    const { text, structuredContent } = await callText(client, 'explain_churn_risk', { customer_id: 10_045 });
    expect(text).toMatchInlineSnapshot(`
      "Customer 10045: 61% likely not to order in the 90 days after 2025-12-31; the typical active customer is at 35%. They are at risk, as all from 42% up: consider them when you choose whom to contact.
      7 orders from 2025-03-01 to 2025-11-20 (41 days ago), 5,678.90 in all, 811.27 each.
      Expected to spend 412 in the 12 months after 2025-12-31; for eight of ten such customers it is between 0 and 1,204. 72% likely to order in that time; if so, next around 2026-03-12, between 2026-01-20 and 2026-07-04 in eight of ten cases.

      Speaks for leaving:
      - spends less than before: 640.25 in the last 90 days, 5,678.90 in all
      Speaks for staying:
      - orders steadily: about every 44 days, never more than 80 days apart

      Of 1,200 earlier customers who were given about 60%, 58% left.
      2 orders of the usual value now would bring it from 61% to 40%, below 42%.

      Both lists compare with the typical active customer, the strongest reason first.
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
      {
        afterOrders: [],
        similar: undefined,
        reasons: [],
        trainedNow: true,
        value: { ...explanation.value, days: 210 },
      },
    ]) {
      const client = await connectClient(
        fakeServices({ recommendations, churn: { explain: async () => ({ ...explanation, ...change }) } }),
      );
      texts.push((await callText(client, 'explain_churn_risk', { customer_id: 'A' })).text);
      await client.close();
    }
    expect(texts[0].split('\n').slice(-4)).toMatchInlineSnapshot(`
      [
        "",
        "Both lists compare with the typical active customer, the strongest reason first.",
        "The figures say how the model reasons from past orders, not what caused anything; risk is not persuadability.",
        "Model: customer_churn_forecast v_20260105_101500.",
      ]
    `);
    expect(texts[1]).toMatchInlineSnapshot(`
      "Customer 10045: 61% likely not to order in the 90 days after 2025-12-31; the typical active customer is at 35%. They are at risk, as all from 42% up: consider them when you choose whom to contact.
      7 orders from 2025-03-01 to 2025-11-20 (41 days ago), 5,678.90 in all, 811.27 each.
      Expected to spend 412 in the 210 days after 2025-12-31; for eight of ten such customers it is between 0 and 1,204. 72% likely to order in that time; if so, next around 2026-03-12, between 2026-01-20 and 2026-07-04 in eight of ten cases. Orders go back 210 days, too short to look 12 months ahead.

      Speaks for leaving: nothing that stands out.
      Speaks for staying: nothing that stands out.


      Both lists compare with the typical active customer, the strongest reason first.
      The figures say how the model reasons from past orders, not what caused anything; risk is not persuadability.
      Model: customer_churn_forecast v_20260105_101500, trained just now because there was none."
    `);
  });

  it('tells what to offer, with price, chance and reason, if there is a model of recommendations', async () => {
    const reason = { price: 499, boughtWith: 'Alpine Bindings', share: 0.31, buyers: 12 };
    const product = { rank: 1, productId: 7, productName: 'Powder Skis', productCategory: 'Skis' };
    const offersIfAny = async () => [{ ...product, purchaseProbability: 0.123, reason }];
    const client = await connectClient(
      fakeServices({ recommendations: { offersIfAny }, churn: { explain: async () => explanation } }),
    );
    const { text, structuredContent } = await callText(client, 'explain_churn_risk', {
      customer_id: '10045',
    });
    expect(text).toContain(
      'To offer, the best first, with the chance that they buy it:\n  1. Powder Skis (Skis), 499.00: 12.3%; bought with Alpine Bindings by 31% of those who bought that',
    );
    expect(structuredContent).toMatchObject({ offers: [{ product_id: 7, price: 499 }] });
    await client.close();
  });
});
