import { describe, expect, it } from 'vitest';
import { sharedColumn } from '../../src/dataset/column-rows.ts';
import { inactivityWarning, leakageWarnings, singleFeatureScores } from '../../src/metrics/leakage.ts';

function column(values: readonly number[]) {
  const shared = sharedColumn(values.length);
  shared.set(values);
  return shared;
}

describe('leakage', () => {
  it('finds a feature that gives the label away in either direction, missing values included', () => {
    const dataset = {
      featureNames: ['falling', 'noise'],
      rowCount: 4,
      columns: [column([9, 8, 1, Number.NaN]), column([1, 2, 1, 2])],
      labels: column([0, 0, 1, 1]),
    };
    expect(singleFeatureScores(dataset)).toEqual([
      { feature: 'falling', rocAuc: 1 },
      { feature: 'noise', rocAuc: 0.5 },
    ]);
  });

  it('says in one sentence what a leak means and what to do', () => {
    expect(leakageWarnings([{ feature: 'total_orders', rocAuc: 0.95 }])).toEqual([]);
    const [warning] = leakageWarnings([
      { feature: 'total_orders', rocAuc: 0.96 },
      { feature: 'customer_tenure_days', rocAuc: 0.978 },
    ]);
    expect(warning.message).toMatchInlineSnapshot(
      `"customer_tenure_days alone reaches ROC-AUC 0.978, so it all but states the label and the score says little about who will leave next: train with label "forward" to predict that."`,
    );
    expect(inactivityWarning(7).message).toMatchInlineSnapshot(
      `"This label says who has not ordered for more than 7 days, which is already known, and not who will stop ordering: train with label "forward" before acting on it."`,
    );
  });
});
