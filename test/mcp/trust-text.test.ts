import { describe, expect, it } from 'vitest';
import { metricsText } from '../../src/mcp/metrics-text.ts';
import { periodLines, seasonText } from '../../src/mcp/trust-text.ts';
import { judgedCard, misjudgedCard, sampleCard } from '../helpers/sample-cards.ts';

const linesOf = (text: string) => text.split('\n');

describe('the figures of a forecast', () => {
  it('show past predictions for active customers, and what happened', () => {
    const lines = linesOf(metricsText(judgedCard));
    const from = lines.indexOf('Said and happened, active customers only:');
    expect(lines.slice(from, from + 7).join('\n')).toMatchInlineSnapshot(`
      "Said and happened, active customers only:
      - after 2025-10-02, 780 customers: said 30% (22% to 38%), 32% left; said 150,300 at stake, 161,900 was lost
      - after 2025-07-04, 780 customers: said 36% (22% to 38%), 34% left; said 171,000 at stake, 160,100 was lost
      By what they were given, over these periods:
      - given about 15%: 16% of 330 left
      - given about 64%: 61% of 331 left
      Season: customers are expected to come back 1.10 times as fast as in the periods learnt from, by the same weeks of earlier years; 60% of a year’s ups and downs are taken to repeat."
    `);
  });

  it('begin with the direction of the latest error if it was more than five points', () => {
    expect(metricsText(misjudgedCard)).toContain('These probabilities are too high:');
    expect(metricsText(judgedCard)).not.toContain('These probabilities are');
  });

  it('leave out past days and seasons for an older card', () => {
    expect(metricsText(sampleCard)).not.toMatch(/Said and happened|Season:/);
    expect(periodLines([])).toEqual([]);
  });

  it('say that the season is unknown if it is', () => {
    const season = { is_known: false, factor: 1, repeats: 0, years: 0, pairs: 0, deviation: 0.35 };
    expect(seasonText(season)).toMatchInlineSnapshot(
      `"Season: unknown, because the orders span less than about 18 months. If your sales have seasons, the probabilities may be off."`,
    );
  });
});
