import { describe, expect, it } from 'vitest';
import { fakeServices } from '../helpers/fake-services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { sampleCard } from '../helpers/sample-cards.ts';

describe('train_churn_model', () => {
  it('says how good the model is, compares it with simple rules, and says whether it is the champion', async () => {
    const client = await connectClient(
      fakeServices({
        churn: {
          train: async (request) => {
            expect(request).toEqual({ label: 'forward', horizonDays: 60, params: { max_depth: 4 } });
            return {
              card: sampleCard,
              promoted: true,
              promotion: 'It is the first version, so it is the champion.',
            };
          },
        },
      }),
    );
    const { text, structuredContent } = await callText(client, 'train_churn_model', {
      label: 'forward',
      horizon_days: 60,
      params: { max_depth: 4 },
    });
    expect(text).toMatchInlineSnapshot(`
      "Of 100 customers in the tenth that it rated riskiest, about 97 left; of any 100, about 70 did. Of 100 that it says will leave, about 84 did; of 100 who left, it had named about 90.
      Predicts who will not order in the next 90 days, from data up to 2025-12-31.


      Model: customer_churn_forecast v_20260105_101500.
      Trained on 12,000 rows (customers as of each of 2 days, 2025-06-04 to 2025-07-04), judged on 2,000 from a later period (after 2025-10-02). The model that answers was then fitted again, with the latest customers whose outcome is known.
      Ranking: ROC-AUC 0.831 (a simple recency rule reaches 0.801); PR-AUC 0.902. The top tenth by score holds 1.4 times as many churners as average.
      Caught: 1,260 of 1,390 churners (recall 90.0%), with 240 false alarms (precision 84.0%, F1 0.869).
                        said active  said churned
        really active           370           240
        really churned          130         1,260
      Accuracy: 81.5%; always predicting the more common outcome is right 70.0% of the time.
      Probabilities: Brier score 0.1312; the base rate alone has 0.2100 (lower is better). Log-loss 0.410.
      Calibration: probabilities are off by 2.5 points on average, at most where 31.0% was predicted and 28.0% came true.
      Share of churners among those judged: 70.0%.
      What it goes by: days_since_last_order 75%, total_orders 25%

      Trained in 1.2 s. It is the first version, so it is the champion."
    `);
    expect(structuredContent).toMatchObject({
      model: 'customer_churn_forecast',
      version: 'v_20260105_101500',
      label: 'forward',
      horizon_days: 90,
      roc_auc: 0.8312,
      majority_rate: 0.7,
      brier_base: 0.21,
      confusion_matrix: { tn: 370, fp: 240, fn: 130, tp: 1260 },
      promoted: true,
      text,
    });
    await client.close();
  });
});
