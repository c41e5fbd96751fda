import { describe, expect, it } from 'vitest';
import { amount, count, percent, score, words } from '../../app/numbers.ts';
import { baselineName, days, importanceMeaning, termsOf } from '../../app/terms.ts';
import { formatPercent } from '../../src/text/format.ts';

describe('figures and names of the dashboard', () => {
  it('are written as the answers of the tools write them', () => {
    expect([count(1234567), amount(1234.5), percent(0.1234), percent(0.1234, 1), score(0.98765)]).toEqual([
      '1,234,567',
      '1,234.50',
      '12%',
      '12.3%',
      '0.988',
    ]);
    expect([words('days_since_last_order'), days(1), days(30)]).toEqual([
      'days since last order',
      '1 day',
      '30 days',
    ]);
    expect(['bg_nbd', 'recency_rule', 'item_cosine'].map(baselineName)).toEqual([
      'BG/NBD',
      'a simple recency rule',
      'item cosine',
    ]);
  });

  it('never show a small share as 0 %, or a large one as 100 %', () => {
    const shares = [0, 0.0004, 0.5, 0.9996, 1];
    expect(shares.map((share) => percent(share))).toEqual(shares.map((share) => formatPercent(share, 0)));
    expect(shares.map((share) => percent(share, 1))).toEqual(shares.map((share) => formatPercent(share, 1)));
    expect(percent(0.0004)).toBe('<1%');
  });

  it('mention trees only if the model has boosted trees', () => {
    expect([undefined, 'trees', 'trees_and_logistic_regression'].map(importanceMeaning)).toEqual(
      Array(3).fill('Share of the boosted trees’ gain that comes from each feature.'),
    );
    expect(['logistic_regression', 'recency_rule', 'bg_nbd'].map(importanceMeaning)).toEqual(
      Array(3).fill('How much each feature changes the score, as a share of all.'),
    );
  });

  it('mention purchases instead of churn for a recommendation model', () => {
    expect(['inactivity', 'forward', 'column', 'purchase'].map((label) => termsOf(label).positives)).toEqual([
      'churners',
      'churners',
      'churners',
      'purchases',
    ]);
  });
});
