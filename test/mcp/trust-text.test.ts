import { describe, expect, it } from 'vitest';
import { conciseMetricsText, metricsText } from '../../src/mcp/metrics-text.ts';
import { periodLines, seasonText, trustWarnings } from '../../src/mcp/trust-text.ts';
import type { ModelCard } from '../../src/registry/model-card.ts';
import { judgedCard, misjudgedCard, sampleCard } from '../helpers/sample-cards.ts';

const linesOf = (text: string) => text.split('\n');

describe('the figures of a forecast', () => {
  it('show past predictions for active customers, and what happened', () => {
    const lines = linesOf(metricsText(judgedCard));
    const from = lines.indexOf('Said and happened, active customers only:');
    expect(lines.slice(from, from + 8).join('\n')).toMatchInlineSnapshot(`
      "Said and happened, active customers only:
      - after 2025-10-02, 780 customers: said 30% (22% to 38%), 32% left; said 150,300 at stake, 161,900 was lost
      - after 2025-07-04, 780 customers: said 36% (22% to 38%), 34% left; said 171,000 at stake, 160,100 was lost
      By what they were given, over these periods:
      - given about 15%: 16% of 330 left
      - given about 64%: 61% of 331 left
      Left is not lost: of 120 active customers who did not order in the 90 days after 2025-04-05, 41% had ordered again by day 270.
      Season: customers are expected to order 1.10 times as fast as in the periods learnt from, by the same weeks of earlier years; 60% of a year’s ups and downs are taken to repeat."
    `);
  });

  it('begin with the direction of the latest error if it was more than five points', () => {
    expect(metricsText(misjudgedCard)).toContain('When last tested, these probabilities were too high:');
    expect(metricsText(judgedCard)).not.toContain('these probabilities were');
  });

  it('leave out past days and seasons for an older card', () => {
    expect(metricsText(sampleCard)).not.toMatch(/Said and happened|Season:/);
    expect(periodLines([])).toEqual([]);
  });

  it('say that the season is unknown if it is', () => {
    const season = { is_known: false, factor: 1, repeats: 0, years: 0, pairs: 0, deviation: 0.35 };
    expect(seasonText(season)).toMatchInlineSnapshot(
      `"Season: unknown. It takes about 18 months of orders, without a jump in how often customers come back. If your sales have seasons, the probabilities may be off."`,
    );
  });
});

describe('the ranking of a model', () => {
  const rankedAs = (roc_auc: number, recency: number, [left, stayed]: readonly [number, number]) => ({
    ...judgedCard,
    metrics: {
      ...judgedCard.metrics,
      roc_auc,
      confusion_matrix: { tp: left, fn: 0, fp: stayed, tn: 0 },
    },
    details: { ...judgedCard.details, baselines: { recency_rule: { roc_auc: recency } } },
  });
  const warning = (card: ModelCard) => trustWarnings(card).join('\n');

  it('is said to be a coin’s if it is', () => {
    expect(warning(rankedAs(0.487, 0.579, [125, 171]))).toMatchInlineSnapshot(
      `"This model ranks no better than a coin: judged on 125 customers who left and 171 who stayed, its ROC-AUC is 0.49 (0.5 is a coin). There days since the last order alone ranked better (0.58). Do not go by the order of the list."`,
    );
    expect(metricsText(rankedAs(0.487, 0.579, [125, 171]))).toContain('no better than a coin');
    expect(conciseMetricsText(rankedAs(0.487, 0.579, [125, 171]))).toContain('no better than a coin');
  });

  it('is said to be beaten if a simple rule was better', () => {
    expect(warning(rankedAs(0.61, 0.65, [125, 171]))).toMatchInlineSnapshot(
      `"A simple rule did better: judged on 125 customers who left and 171 who stayed, days since the last order alone ranked better (0.65) than this model (0.61). The difference may be chance; do not rely on the order of the list."`,
    );
  });

  it('carries its interval if fewer than 30 customers left or stayed', () => {
    expect(warning(rankedAs(0.8, 0.6, [12, 240]))).toMatchInlineSnapshot(
      `"This model was judged on few customers: 12 customers who left and 240 who stayed, so its ROC-AUC of 0.80 may be anything from 0.65 to 0.95."`,
    );
  });

  it('needs no warning otherwise', () => {
    expect(warning(rankedAs(0.8, 0.6, [125, 171]))).toBe('');
  });
});
