import { describe, expect, it } from 'vitest';
import type { LabelledDataset } from '../../../src/dataset/feature-matrix.ts';
import { paceSpend } from '../../../src/scoring/expected-spend.ts';
import { chooseSpend } from '../../../src/training/churn/spend-choice.ts';
import { shared } from '../../helpers/learner.ts';
import { seededRandom } from '../../helpers/random-trees.ts';

const HORIZON = 90;

/** Customers who order at rates of their own for 30 to 700 days, and are worth something of their own per order. */
function customers(count: number): { matrix: LabelledDataset; spent: Float64Array } {
  const random = seededRandom(23);
  const exponential = (mean: number) => -mean * Math.log(1 - random());
  const rows = Array.from({ length: count }, () => {
    const age = 30 + Math.floor(670 * random());
    const rate = (exponential(1) + exponential(1)) / 100;
    const worth = 20 + exponential(30);
    const days: number[] = [0];
    const times: number[] = [];
    for (let time = exponential(1 / rate); time < age + HORIZON; time += exponential(1 / rate)) {
      if (time < age) days.push(Math.floor(time));
      else times.push(time);
      if (random() < 0.1) break;
    }
    const order = () => worth * (0.5 + random());
    const orderDays = [...new Set(days)];
    return {
      values: [
        orderDays.length,
        age - Math.max(...orderDays),
        Math.max(...orderDays),
        age,
        orderDays.reduce((sum) => sum + order(), 0),
      ],
      spent: times.reduce((sum) => sum + order(), 0),
    };
  });
  const featureNames = [
    'active_days',
    'days_since_last_order',
    'customer_tenure_days',
    'days_since_first_order',
    'total_spent',
  ];
  const matrix = {
    featureNames,
    rowCount: count,
    columns: featureNames.map((_, i) => shared(rows.map(({ values }) => values[i]))),
    labels: shared(rows.map(({ spent }) => (spent === 0 ? 1 : 0))),
  };
  return { matrix, spent: Float64Array.from(rows, ({ spent }) => spent) };
}

describe('what says how much customers spend', () => {
  const { matrix, spent } = customers(1500);
  // A forecast that knows how many leave, and nothing of each.
  const share = matrix.labels.reduce((sum, one) => sum + one, 0) / matrix.rowCount;
  const probabilities = matrix.labels.map(() => share);
  const trial = { evaluation: matrix, spent, probabilities, today: matrix, horizonDays: HORIZON };

  it('is the spend model if it was nearer to what they spent later', () => {
    const { spend } = chooseSpend(trial);
    expect(Object.keys(spend ?? {})).toEqual(['r', 'alpha', 'a', 'b', 'p', 'q', 'gamma']);
    expect(spend?.q).toBeGreaterThan(1);
  });

  it('is the pace so far if that was nearer, and over a year the model all the same', () => {
    const asPace = paceSpend(matrix, HORIZON).map((amount, row) => (spent[row] > 0 ? amount : 0));
    const { spend, value } = chooseSpend({ ...trial, spent: asPace });
    expect(spend).toBeUndefined();
    expect(value?.q).toBeGreaterThan(1);
  });

  it('is surer of a year the less the last period was missed by, and never quite sure', () => {
    const deviationAt = (factor: number) =>
      chooseSpend({ ...trial, spent: spent.map((amount) => amount * factor) }).value?.deviation ?? 0;
    expect(deviationAt(4)).toBeGreaterThan(deviationAt(2));
    expect(deviationAt(1)).toBeGreaterThan(0.1);
    const unchecked = chooseSpend({ ...trial, spent: undefined });
    expect(unchecked).toEqual({ value: expect.objectContaining({ deviation: 0.17 }) });
    expect(deviationAt(0)).toBe(0.17);
  });
});
