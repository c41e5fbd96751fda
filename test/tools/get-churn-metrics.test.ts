import { describe, expect, it } from 'vitest';
import type { ModelCard } from '../../src/registry/model-card.ts';
import { fakeServices } from '../helpers/fake-services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import {
  inactivityCard,
  purchaseDetails,
  recommendationCard,
  sampleCard,
  settledCard,
} from '../helpers/sample-cards.ts';

describe('get_churn_metrics', () => {
  it('shows the inactivity model with its warnings if it is the only one there is', async () => {
    const client = await connectClient(
      fakeServices({
        churn: {
          drift: async () => ({
            asOf: '2026-03-31',
            scorePsi: 0.31,
            features: [
              { feature: 'total_orders', psi: 0.27 },
              { feature: 'total_spent', psi: 0.02 },
            ],
          }),
          outcomes: async () => undefined,
        },
        models: {
          list: async (model) =>
            model === 'customer_churn_predictor' ? [{ card: inactivityCard, aliases: [] }] : [],
          card: async () => inactivityCard,
        },
      }),
    );
    const { text } = await callText(client, 'get_churn_metrics');
    expect(text).toMatchInlineSnapshot(`
      "Of 100 customers that it calls churned, about 84 are; of 100 who are, it calls about 90 so.
      Tells who has not ordered for more than 7 days, as of 2025-12-31: the reference system’s definition of churn.
      Warning: Tenure alone gives the label away: train with label "forward".


      Model: customer_churn_predictor v_20260104_090000.
      Trained on 12,000 rows (customers as of 2025-12-31), judged on 2,000 set aside at random.
      Ranking: ROC-AUC 0.831 (customer_tenure_days alone reaches 0.970); PR-AUC 0.902. The top tenth by score holds 1.4 times as many churners as average.
      Caught: 1,260 of 1,390 churners (recall 90.0%), with 240 false alarms (precision 84.0%, F1 0.869).
                        said active  said churned
        really active           370           240
        really churned          130         1,260
      Accuracy: 81.5%; always predicting the more common outcome is right 70.0% of the time.
      Probabilities: Brier score 0.2500; the base rate alone has 0.2100 (lower is better), so use the order of the scores, not their values. Log-loss 0.410.
      Calibration: probabilities are off by 2.5 points on average, at most where 31.0% was predicted and 28.0% came true.
      Share of churners among those judged: 70.0%.
      What it goes by: days_since_last_order 75%, total_orders 25%
      Drift: scores of customers as of 2026-03-31 have moved much since training (PSI 0.31; 0.1 is some, 0.25 much); features that moved: total_orders 0.27. Train a new version on the current data."
    `);
    await client.close();
  });

  it('shows two versions side by side', async () => {
    const client = await connectClient(
      fakeServices({
        models: {
          card: async (_, version) => ({ ...sampleCard, version: version ?? sampleCard.version }),
        },
      }),
    );
    const { text, structuredContent } = await callText(client, 'get_churn_metrics', {
      label: 'forward',
      compare_with: 'v_20250101_000000',
    });
    expect(text).toMatchInlineSnapshot(`
      "customer_churn_forecast: two versions side by side
                       v_20260105_101500  v_20250101_000000
      ROC-AUC          0.831              0.831
      PR-AUC           0.902              0.902
      Lift, top tenth  1.4                1.4
      Recall           90.0%              90.0%
      Precision        84.0%              84.0%
      Accuracy         81.5%              81.5%
      Majority rate    70.0%              70.0%
      Brier score      0.1312             0.1312
      Base rate Brier  0.2100             0.2100
      Data up to       2025-12-31         2025-12-31
      Judged on        2025-10-02         2025-10-02
      Rows judged      2,000              2,000

      Both were judged on the same rows."
    `);
    expect(structuredContent).toMatchObject({ compared: { version: 'v_20250101_000000' } });
    await client.close();
  });

  it('says how two versions differ in label, evaluation and warnings', async () => {
    const other: ModelCard = {
      ...recommendationCard,
      version: 'v_20250101_000000',
      details: { ...purchaseDetails, horizon_days: 60 },
      test_samples: 41_000,
      warnings: [{ code: 'FEW_BUYERS', message: 'Only 40 customers bought.' }],
    };
    const client = await connectClient(
      fakeServices({
        models: { card: async (_, version) => (version === other.version ? other : recommendationCard) },
      }),
    );
    const { text } = await callText(client, 'get_churn_metrics', {
      model: 'product_recommendation',
      compare_with: other.version,
    });
    expect(text).toMatchInlineSnapshot(`
      "product_recommendation: two versions side by side
                       v_20260105_101500  v_20250101_000000
      Hit rate at 5    70.0%              70.0%
      Recall at 10     18.0%              18.0%
      NDCG at 10       0.340              0.340
      ROC-AUC          0.831              0.831
      PR-AUC           0.902              0.902
      Lift, top tenth  1.4                1.4
      Recall           90.0%              90.0%
      Precision        84.0%              84.0%
      Accuracy         81.5%              81.5%
      Majority rate    70.0%              70.0%
      Brier score      0.1312             0.1312
      Base rate Brier  0.2100             0.2100
      Data up to       2025-12-31         2025-12-31
      Judged on        2025-10-02         2025-10-02
      Rows judged      2,000              41,000

      They answer different questions. Predicts what customers will buy in the next 30 days, from data up to 2025-12-31. The other: Predicts what customers will buy in the next 60 days, from data up to 2025-12-31.
      They were judged on different rows, so small differences mean little.
      Warning for v_20250101_000000: Only 40 customers bought."
    `);
    await client.close();
  });

  it.each([
    ['the forecast', {}, ['customer_churn_forecast', 'customer_churn_predictor']],
    ['the only one there is', {}, ['customer_churn_predictor']],
    [
      'the one that has the version',
      { version: sampleCard.version },
      ['customer_churn_forecast', 'customer_churn_predictor'],
    ],
    ['the forecast, to say that there is none', {}, []],
  ])('takes %s if no model is named', async (_, args, trained) => {
    const asked: string[] = [];
    const cards = [inactivityCard, sampleCard].filter(({ model }) => trained.includes(model));
    const client = await connectClient(
      fakeServices({
        churn: { drift: async () => undefined, outcomes: async () => undefined },
        models: {
          list: async (model) =>
            cards.filter((card) => card.model === model).map((card) => ({ card, aliases: [] })),
          card: async (model) => {
            asked.push(model);
            return sampleCard;
          },
        },
      }),
    );
    await callText(client, 'get_churn_metrics', args);
    expect(asked).toEqual([trained[0] ?? 'customer_churn_forecast']);
    await client.close();
  });

  it.each([
    [0.482, 0.417, ', so it was 6.5 points too high'],
    [0.312, 0.412, ', so it was 10 points too low'],
  ])(
    'says by how much predictions in use were off: %f said, %f left',
    async (predictedRate, churnRate, miss) => {
      const live = { asOf: '2025-12-31', customers: 3299, missing: 0, predictedRate, churnRate, brier: 0.2 };
      const client = await connectClient(
        fakeServices({
          models: { card: async () => settledCard },
          churn: { drift: async () => undefined, outcomes: async () => ({ live, damagedDays: [] }) },
        }),
      );
      const { text } = await callText(client, 'get_churn_metrics', { model: 'customer_churn_forecast' });
      expect(text).toContain(`stayed away${miss}, Brier score 0.2000.`);
      await client.close();
    },
  );

  it('explains the horizon, the scores and the calibration, and reports the live accuracy', async () => {
    const client = await connectClient(
      fakeServices({
        models: { card: async () => settledCard },
        churn: {
          drift: async () => undefined,
          outcomes: async () => ({
            live: {
              asOf: '2025-12-31',
              customers: 1980,
              missing: 20,
              predictedRate: 0.312,
              churnRate: 0.294,
              rocAuc: 0.812,
              brier: 0.1433,
            },
            damagedDays: ['2026-01-31'],
          }),
        },
      }),
    );
    const { text } = await callText(client, 'get_churn_metrics', { model: 'customer_churn_forecast' });
    expect(text.split('\n').at(-1)).toBe(
      'The kept predictions of 2026-01-31 are damaged and left out. "churn-mcp doctor --repair" sets them aside.',
    );
    expect(text.split('\n').at(-2)).toMatchInlineSnapshot(
      `"In use: as of 2025-12-31 it gave 1,980 customers, silent ones too, a risk of 31.2% on average, and 29.4% stayed away, ROC-AUC 0.812, Brier score 0.1433. 20 customers of these predictions are not in the current data."`,
    );
    const lines = text.split('\n');
    const model = lines.findIndex((line) => line.startsWith('Model: '));
    expect(lines.slice(model + 1, model + 5).join('\n')).toMatchInlineSnapshot(`
      "Why 90 days: of customers who come back, 80% do so within 71 days, and this is the nearest usual planning period that the history allows. Set horizon_days to choose another.
      Trained on 12,000 rows (customers as of each of 2 days, 2025-06-04 to 2025-07-04), judged on 2,000 from a later period (after 2025-10-02). The model that answers was then fitted again, with the latest customers whose outcome is known.
      Scores are the mean of boosted trees and a logistic regression.
      Correcting the probabilities by how earlier periods turned out made 3 of 4 later periods better, so it is left out."
    `);
  });

  it('shows the recommendation model with its baselines', async () => {
    const client = await connectClient(fakeServices({ models: { card: async () => recommendationCard } }));
    const { text } = await callText(client, 'get_churn_metrics', { model: 'product_recommendation' });
    expect(text).toMatchInlineSnapshot(`
      "Of 100 later buyers, about 70 bought one of their first 5 recommendations.
      Predicts what customers will buy in the next 30 days, from data up to 2025-12-31.


      Model: product_recommendation v_20260105_101500.
      Trained on 12,000 rows (customers and products as of each of 2 days, 2025-06-04 to 2025-07-04), judged on 2,000 from a later period (after 2025-10-02). The model that answers was then fitted again, with the latest customers whose outcome is known.
      Recommendations, judged on 500 later buyers (hit rate at 5 / recall at 10 / NDCG at 10):
        this model: 70.0% / 18.0% / 0.340; new to the customer 36.0% / 7.0%
        popularity last 30 days: 50.0% / 18.0% / 0.140; new to the customer 36.0% / 7.0%
      Ranking: ROC-AUC 0.831; PR-AUC 0.902. The top tenth by score holds 1.4 times as many purchases as average.
      Caught: 1,260 of 1,390 purchases (recall 90.0%), with 240 false alarms (precision 84.0%, F1 0.869).
                           said not bought  said bought
        really not bought              370          240
        really bought                  130        1,260
      Accuracy: 81.5%; always predicting the more common outcome is right 70.0% of the time.
      Probabilities: Brier score 0.1312; the base rate alone has 0.2100 (lower is better). Log-loss 0.410.
      Calibration: probabilities are off by 2.5 points on average, at most where 31.0% was predicted and 28.0% came true.
      Share of purchases among those judged: 70.0%.
      What it goes by: days_since_last_order 75%, total_orders 25%"
    `);
    await client.close();
  });
});
