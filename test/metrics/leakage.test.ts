import { describe, expect, it } from 'vitest';
import { sharedColumn } from '../../src/dataset/column-rows.ts';
import { leakageWarnings, singleFeatureScores } from '../../src/metrics/leakage.ts';

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

  it('warns about the strongest feature if it nearly gives the label away, and ends with advice', () => {
    expect(leakageWarnings([{ feature: 'total_orders', rocAuc: 0.95 }], ': do this.')).toEqual([]);
    const scores = [
      { feature: 'total_orders', rocAuc: 0.96 },
      { feature: 'customer_tenure_days', rocAuc: 0.978 },
    ];
    expect(leakageWarnings(scores, ': do this.')).toEqual([
      { code: 'LEAKAGE', message: 'customer_tenure_days alone reaches ROC-AUC 0.978: do this.' },
    ]);
  });
});
