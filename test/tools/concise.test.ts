import { describe, expect, it } from 'vitest';
import { fakeServices } from '../helpers/fake-services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { judgedCard, recommendationCard, sampleCard } from '../helpers/sample-cards.ts';

const models = {
  card: async () => sampleCard,
  list: async () => [
    { card: sampleCard, aliases: ['champion'] },
    { card: { ...sampleCard, version: 'v_20250101_000000' }, aliases: [] },
  ],
};
const outcome = {
  card: sampleCard,
  promoted: true,
  promotion: 'It is the first version, so it is the champion.',
};
const unmoved = { drift: async () => undefined, outcomes: async () => undefined };

async function concise(
  services: ReturnType<typeof fakeServices>,
  name: string,
  args: Record<string, unknown> = {},
) {
  const client = await connectClient(services);
  const answer = await callText(client, name, { ...args, response_format: 'concise' });
  await client.close();
  return answer;
}

describe('concise answers', () => {
  it('give the main figures and every warning for get_churn_metrics', async () => {
    const { text } = await concise(fakeServices({ models, churn: unmoved }), 'get_churn_metrics', {
      label: 'forward',
    });
    expect(text).toMatchInlineSnapshot(`
      "Of 100 customers in the tenth that it rated riskiest, about 97 left; of any 100, about 70 did. Of 100 that it says will leave, about 84 did; of 100 who left, it had named about 90.
      Predicts who will not order in the next 90 days, from data up to 2025-12-31.
      Model: customer_churn_forecast v_20260105_101500."
    `);
  });

  it('say how far to trust a forecast, and what it knows of the season, for get_churn_metrics', async () => {
    const judged = { ...models, card: async () => judgedCard };
    const { text, structuredContent } = await concise(
      fakeServices({ models: judged, churn: unmoved }),
      'get_churn_metrics',
    );
    expect(text).toMatchInlineSnapshot(`
      "Of 100 customers in the tenth that it rated riskiest, about 97 left; of any 100, about 70 did. Of 100 that it says will leave, about 84 did; of 100 who left, it had named about 90.
      Predicts who will not order in the next 90 days, from data up to 2025-12-31.
      What to do: contact customers from the top of get_at_risk_customers. Nothing stands against its order or its amounts.
      How far to trust it: of 331 earlier active customers given about 64%, 61% left; of 330 given about 15%, 16%.
      Model: customer_churn_forecast v_20260105_101500."
    `);
    expect(structuredContent).toMatchObject({ season: { is_known: true, factor: 1.1, deviation: 0.15 } });
  });

  it('say whether the model is the champion for train_churn_model', async () => {
    const { text, structuredContent } = await concise(
      fakeServices({ churn: { train: async () => outcome } }),
      'train_churn_model',
    );
    expect(text).toMatchInlineSnapshot(`
      "Of 100 customers in the tenth that it rated riskiest, about 97 left; of any 100, about 70 did. Of 100 that it says will leave, about 84 did; of 100 who left, it had named about 90.
      Predicts who will not order in the next 90 days, from data up to 2025-12-31.
      Model: customer_churn_forecast v_20260105_101500.

      Trained in 1.2 s. It is the first version, so it is the champion."
    `);
    expect(structuredContent).toMatchObject({ promoted: true, roc_auc: sampleCard.metrics.roc_auc });
  });

  it('name the versions in use for list_models', async () => {
    const { text, structuredContent } = await concise(fakeServices({ models }), 'list_models');
    expect(text).toMatchInlineSnapshot(`
      "customer_churn_forecast
        v_20260105_101500 [champion]: ROC-AUC 0.831, data up to 2025-12-31"
    `);
    expect(structuredContent).toMatchObject({ models: [{ version: sampleCard.version }], next_offset: null });
  });

  it('have one line per customer for get_product_recommendations', async () => {
    const product = { productId: 1, productCategory: 'Skis', purchaseProbability: 0.971 };
    const { text } = await concise(
      fakeServices({
        recommendations: {
          recommend: async () => ({
            segment: 'AT_RISK',
            asOf: '2025-12-31',
            card: recommendationCard,
            trainedNow: false,
            text: 'the text',
            chosen: 2,
            customers: [10_045, 10_046].map((customerId) => ({
              customerId,
              recommendations: [
                { ...product, rank: 1, productName: 'Powder Skis' },
                { ...product, rank: 2, productName: 'Ski\nPoles', purchaseProbability: 0.5 },
              ],
            })),
          }),
        },
      }),
      'get_product_recommendations',
      { segment: 'AT_RISK', n_customers: 2 },
    );
    expect(text).toMatchInlineSnapshot(`
      "Offers for 2 customers. Each chance is that of a purchase in the 30 days after 2025-12-31, up to 2026-01-30.
      Customer 10045: Powder Skis 97.1%; Ski Poles 50.0%
      Customer 10046: Powder Skis 97.1%; Ski Poles 50.0%
      Model: product_recommendation v_20260105_101500."
    `);
  });
});

describe('the next page of a list', () => {
  it('leaves out what was shown before', async () => {
    const client = await connectClient(fakeServices({ models }));
    const first = await callText(client, 'list_models', { limit: 1 });
    expect(first.structuredContent).toMatchObject({ next_offset: 1 });
    expect(first.text).toMatchInlineSnapshot(`
      "customer_churn_forecast
        v_20260105_101500 [champion]: ROC-AUC 0.831, data up to 2025-12-31
        and 1 older version"
    `);
    const second = await callText(client, 'list_models', { limit: 1, offset: 1 });
    expect(second.structuredContent).toMatchObject({ next_offset: null });
    expect(second.text).toMatchInlineSnapshot(`
      "customer_churn_forecast
        v_20250101_000000: ROC-AUC 0.831, data up to 2025-12-31"
    `);
    expect((await callText(client, 'list_models', { offset: 5 })).text).toBe(
      'The list has no more versions.',
    );
    await client.close();
  });

  it('asks for as many customers as fit for recommendations', async () => {
    const asked: number[] = [];
    const client = await connectClient(
      fakeServices({
        recommendations: {
          recommend: async ({ nCustomers, offset = 0 }) => {
            asked.push(nCustomers);
            return {
              segment: 'REGULAR',
              asOf: '2025-12-31',
              card: recommendationCard,
              trainedNow: false,
              text: 'x'.repeat(100 * nCustomers),
              chosen: nCustomers,
              customers: Array.from({ length: nCustomers }, (_, i) => ({
                customerId: offset + i,
                recommendations: Array.from({ length: 5 }, (_, rank) => ({
                  rank: rank + 1,
                  productId: rank,
                  productName: 'Powder Skis',
                  productCategory: 'Skis',
                  purchaseProbability: 0.5,
                })),
              })),
            };
          },
        },
      }),
    );
    const { structuredContent } = await callText(client, 'get_product_recommendations', {
      n_customers: 1000,
      n_products: 5,
      segment: 'REGULAR',
    });
    const [first, second] = asked;
    expect(first).toBe(1000);
    expect(second).toBeLessThan(200);
    expect(structuredContent).toMatchObject({
      total_customers: second,
      next_offset: second,
      note: `More customers do not fit into one answer. Ask again with offset ${second} for the next.`,
    });
    await client.close();
  });
});

describe('show_churn_dashboard', () => {
  it('says in one line what the page shows', async () => {
    const client = await connectClient(fakeServices({ models }));
    expect((await callText(client, 'show_churn_dashboard')).text).toMatchInlineSnapshot(
      `"The dashboard shows 2 versions of the models. In use: customer_churn_forecast (ROC-AUC 0.831). If it does not open here, "churn-mcp dashboard" opens it in a browser."`,
    );
    await client.close();
    const empty = await connectClient(fakeServices({ models: { list: async () => [] } }));
    expect((await callText(empty, 'show_churn_dashboard')).text).toMatchInlineSnapshot(
      `"No model has been trained yet. The dashboard shows sales, segments and retention once orders are imported (import_data), and customers at risk once a forecast is trained (get_at_risk_customers)."`,
    );
    await empty.close();
  });
});
