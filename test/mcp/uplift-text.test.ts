import { describe, expect, it } from 'vitest';
import { upliftAdviceLines, upliftAnswerLines, upliftQualityLines } from '../../src/mcp/uplift-text.ts';

const DETAILS = {
  kind: 'uplift',
  horizon_days: 60,
  orders: { count: 90_000, first_date: '2024-01-01', last_date: '2026-01-31' },
  campaigns: ['c_20260101_000000_0000', 'c_20251001_000000_0000'],
  uplift: {
    contacted: 3200,
    held_out: 800,
    effect: { value: 0.042, low: 0.011, high: 0.073 },
    qini: { value: 0.091, low: 0.032, high: 0.148 },
    qini_of_risk: { value: 0.02, low: -0.04, high: 0.08 },
    qini_ahead: { value: 0.071, low: 0.002, high: 0.139 },
    curve: [
      {
        share: 0.5,
        orders: 141.2,
        orders_low: 82.4,
        orders_high: 199.6,
        profit: 1840.4,
        profit_low: -210.2,
        profit_high: 3920.8,
      },
      { share: 1, orders: 168, profit: 1320.7 },
    ],
    scale: { mean: 0.04, slope: 0.83 },
  },
} as const satisfies Parameters<typeof upliftAnswerLines>[0];

describe('an uplift model in words', () => {
  it('begins with what offers changed and whom to contact; statistics come last', () => {
    expect(
      [...upliftAnswerLines(DETAILS), ...upliftAdviceLines(DETAILS), ...upliftQualityLines(DETAILS)].join(
        '\n',
      ),
    ).toMatchInlineSnapshot(`
      "The offers of 2 campaigns made 4.2 more of 100 contacted customers order (between 1.1 and 7.3).
      Contacting only the half that this model ranks first would have brought 141 (82 to 200) additional orders and a profit of 1,840 (-210 to 3,921); contacting all 4,000 customers, 168 and 1,321.
      What to do: plan_campaign with rank_by "uplift" contacts those whom an offer persuades most.
      Learnt from 3,200 contacted customers and 800 held out. Each was judged by a model that had not seen them; the model that answers was then fitted on all.
      Qini coefficient 0.0910 (0.0320 to 0.1480); of the risk to leave 0.0200 (-0.0400 to 0.0800); ahead by 0.0710 (0.0020 to 0.1390). 0 is a ranking by chance. Intervals hold in 19 cases of 20.
      Differences between customers are believed to 83%."
    `);
  });

  it('leaves ranges out that an earlier version did not keep', () => {
    const { uplift } = DETAILS;
    const curve = uplift.curve.map(({ share, orders, profit }) => ({ share, orders, profit }));
    expect(upliftAnswerLines({ ...DETAILS, uplift: { ...uplift, curve } })[1]).toBe(
      'Contacting only the half that this model ranks first would have brought 141 additional orders and a profit of 1,840; contacting all 4,000 customers, 168 and 1,321.',
    );
  });

  it('recommends nothing if the risk finds as many', () => {
    const { uplift } = DETAILS;
    const behind = { ...DETAILS, uplift: { ...uplift, qini_ahead: { value: -0.01, low: -0.1, high: 0.1 } } };
    expect(upliftAdviceLines(behind)).toEqual([]);
  });
});
