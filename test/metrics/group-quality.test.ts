import { describe, expect, it } from 'vitest';
import { groupQuality } from '../../src/metrics/group-quality.ts';
import { rocAuc } from '../../src/metrics/ranked-scores.ts';

describe('quality by group', () => {
  const rows = Array.from({ length: 90 }, (_, row) => row);
  const labels = Float32Array.from(rows, (row) => (row % 3 === 0 ? 1 : 0));
  const probabilities = Float32Array.from(rows, (row) => ((row * 37) % 90) / 90);
  const nameOf = (row: number) => (row < 40 ? 'first' : row < 80 ? 'second' : 'few');

  it('is measured per group in the order of the names, without empty groups', () => {
    const groups = groupQuality(['few', 'none', 'first', 'second'], nameOf, { labels, probabilities });
    expect(groups.map(({ name, customers }) => [name, customers])).toEqual([
      ['few', 10],
      ['first', 40],
      ['second', 40],
    ]);
    const [few, first] = groups;
    expect(few.roc_auc).toBeUndefined();
    expect(first.roc_auc).toBe(rocAuc(labels.subarray(0, 40), probabilities.subarray(0, 40)));
    expect(first.churn_rate).toBeCloseTo(14 / 40, 6);
    const predicted = groups.reduce((sum, group) => sum + group.predicted_rate * group.customers, 0) / 90;
    expect(predicted).toBeCloseTo(probabilities.reduce((sum, p) => sum + p, 0) / 90, 6);
  });

  it('has no ROC-AUC if all customers of a group had the same outcome', () => {
    const [group] = groupQuality(['first'], () => 'first', {
      labels: new Float32Array(90),
      probabilities,
    });
    expect(group).toMatchObject({ churn_rate: 0, customers: 90 });
    expect(group.roc_auc).toBeUndefined();
  });
});
