import { describe, expect, it } from 'vitest';
import { fitSpendModel, type SpendHistory, spendIfStaying } from '../../src/baselines/spend-model.ts';
import { customersUntil, readOrderDays, spendHistoryOf } from '../helpers/order-days.ts';
import { spearman } from '../helpers/rank-agreement.ts';
import { sharedData } from '../helpers/shared-data.ts';

const HORIZON_DAYS = 90;

/** Total spent per day since the first order, over the horizon. */
function paceOf({ purchases, values }: SpendHistory): Float64Array {
  return values.meanValue.map(
    (mean, i) => (mean * values.orders[i] * HORIZON_DAYS) / Math.max(purchases.age[i] * 7 + 1, HORIZON_DAYS),
  );
}

const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

/** How the model and the pace do on those who ordered in the horizon: rank correlation, and sum said over sum spent. */
function compare(dataSet: string, cutoff: string) {
  const customers = customersUntil(readOrderDays(sharedData(dataSet) ?? ''), cutoff, HORIZON_DAYS);
  const history = spendHistoryOf(customers, cutoff);
  const model = fitSpendModel(history);
  if (model === undefined) throw new Error('no spend model');
  const stayed = (_: number, i: number) => customers[i].spentAfter > 0;
  const spent = Float64Array.from(customers, ({ spentAfter }) => spentAfter).filter(stayed);
  const judge = (said: Float64Array) => {
    const ofStayers = said.filter(stayed);
    return { correlation: spearman(ofStayers, spent), ratio: total(ofStayers) / total(spent) };
  };
  return { model: judge(spendIfStaying(model, history, HORIZON_DAYS / 7)), pace: judge(paceOf(history)) };
}

describe('the spend model', () => {
  it('is undefined if no customer came back', () => {
    const once = Float64Array.from({ length: 100 }, () => 1);
    const values = { orders: once, meanValue: once.map((_, i) => 5 + (i % 7)) };
    const purchases = { repeats: once.map(() => 0), recency: once.map(() => 0), age: once.map((_, i) => i) };
    expect(fitSpendModel({ purchases, values })).toBeUndefined();
  });

  it.skipIf(sharedData('cdnow') === undefined).each([
    ['cdnow', '1997-09-30'],
    ['cdnow', '1997-12-31'],
    ['cdnow', '1998-03-31'],
    ['online_retail', '2010-05-31'],
    ['online_retail', '2010-06-30'],
    ['online_retail', '2010-07-31'],
  ])(
    'ranks the customers of %s who stayed after %s better than their past pace does, and comes closer in total',
    (dataSet, cutoff) => {
      const { model, pace } = compare(dataSet, cutoff);
      expect(model.correlation).toBeGreaterThan(pace.correlation);
      expect(Math.abs(Math.log(model.ratio))).toBeLessThan(Math.max(0.1, Math.abs(Math.log(pace.ratio))));
    },
  );
});
