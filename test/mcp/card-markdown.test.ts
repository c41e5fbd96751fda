import { describe, expect, it } from 'vitest';
import { cardMarkdown } from '../../src/mcp/card-markdown.ts';
import { inactivityCard, recommendationCard, sampleCard, settledCard } from '../helpers/sample-cards.ts';

describe('a model card', () => {
  it('says what a model is for, what it learnt from, how good it is and what its limits are', () => {
    expect(cardMarkdown(settledCard)).toMatchInlineSnapshot(`
      "# customer_churn_forecast v_20260105_101500

      Registered 2026-01-05T10:15:00.000Z.

      ## Intended use

      Predicts who will not order in the next 90 days, from data up to 2025-12-31. Ranks customers by the risk that they stop ordering, so that the most valuable ones at risk are contacted first. Risk is not persuadability: whether a contact helps has to be tested.

      ## Data

      |  |  |
      | --- | --- |
      | data up to | 2025-12-31 |
      | customers | 2,000 |
      | orders | 9,000, 2024-01-01 to 2025-12-31 |
      | trained on | 12,000 rows as of 2025-06-04, 2025-07-04 |
      | judged on | 2,000 rows after 2025-10-02 |
      | fitted again on | 2025-06-04, 2025-07-04, 2025-10-02 |

      ## How good it is

      \`\`\`
      customer_churn_forecast v_20260105_101500, on 2,000 rows of the period after 2025-10-02, none of them learnt from
      Predicts who will not order in the next 90 days, from data up to 2025-12-31.

                    ROC-AUC  PR-AUC   Brier  log-loss
      this model      0.831   0.902  0.1312     0.410
      recency rule    0.801
      base rate       0.500   0.700  0.2100
      \`\`\`

      | probability | predicted | came true | rows |
      | --- | --- | --- | --- |
      | 1 | 31.0% | 28.0% | 1,000 |
      | 2 | 95.0% | 93.0% | 1,000 |

      ## What it goes by

      | feature | share of gain |
      | --- | --- |
      | days\\_since\\_last\\_order | 75.0% |
      | total\\_orders | 25.0% |

      ## Limits

      - No warning was found in training.
      - Judged on a later period; figures of another shop or season may differ.

      ## Made of

      2 features, trees_and_logistic_regression; n_estimators 100, max_depth 3.

      | file | SHA-256 |
      | --- | --- |

      Data fingerprint \`f00d\`.
      "
    `);
  });

  it('says that the test rows were drawn at random if they were', () => {
    const text = cardMarkdown(inactivityCard);
    expect(text).toContain('| judged on | 2,000 rows set aside at random |');
    expect(text).not.toContain('rows after');
  });

  it('can be shown for each kind of model', () => {
    for (const card of [inactivityCard, recommendationCard]) {
      expect(cardMarkdown(card)).toMatch(/^# [a-z_]+ v_\d{8}_\d{6}\n\nRegistered /);
    }
  });

  it('shows names from the data as text, not as Markdown', () => {
    const hostile = '](http://x) | **bold** <img src=x>\n# Title';
    const text = cardMarkdown({
      ...sampleCard,
      comment: hostile,
      feature_importance: [{ feature: hostile, importance: 1 }],
      details: {
        kind: 'column',
        target: 'Churn',
        positive: 'yes',
        recipe: 'trees',
        baselines: {},
        table: { id_column: 'id', columns: [], left_out: [{ name: hostile, reason: 'no value in any row' }] },
      },
    });
    expect(text).not.toContain('](http');
    expect(text).not.toMatch(/[^\\]<img/);
    expect(text).not.toContain('\n# Title');
    expect(text).not.toContain('**bold**');
  });
});
