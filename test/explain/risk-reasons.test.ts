import { describe, expect, it } from 'vitest';
import { reasonsOf } from '../../src/explain/risk-reasons.ts';

describe('reasons', () => {
  it('are sums of contributions per theme, strongest first in either direction', () => {
    const names = [
      'days_since_last_order',
      'orders_last_90_days',
      'recency_over_mean_gap',
      'orders_last_365_days',
    ];
    expect(reasonsOf(names, [0.5, -1, 0.25, -0.5])).toEqual([
      { theme: 'pace', contribution: -1.5 },
      { theme: 'recency', contribution: 0.75 },
    ]);
  });

  it('leave out themes without effect, themes that cancel out and unknown features', () => {
    const names = ['total_orders', 'active_days', 'total_spent', 'a_feature_of_old'];
    expect(reasonsOf(names, [1, -1, 0, 3])).toEqual([]);
  });
});
