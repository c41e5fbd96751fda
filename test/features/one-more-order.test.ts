import { describe, expect, it } from 'vitest';
import { FORWARD_FEATURES } from '../../src/features/churn-features.ts';
import { readFeatureValues, withOneMoreOrder } from '../../src/features/one-more-order.ts';
import { readChurnFeatures } from '../../src/features/read-churn-features.ts';
import { leavingCustomers } from '../helpers/leaving-customers.ts';
import { makeSnapshot } from '../helpers/snapshot.ts';

describe('one more order', () => {
  it('gives the features as if every customer had placed it', async () => {
    const shop = leavingCustomers({ customers: 80 });
    await using before = await makeSnapshot(shop);
    const { lastOrderDate } = before.summary;
    const table = await readChurnFeatures(before.data, { asOf: lastOrderDate });
    const ids = table.ids('customer_id');
    const averages = table.float64('avg_order_value');
    const more = ids.map((customer_id, row) => ({
      order_id: `more ${row}`,
      customer_id,
      order_date: `${lastOrderDate} 18:00:00`,
      total_amount: Math.round(averages[row] * 10_000) / 10_000,
    }));
    await using after = await makeSnapshot({ orders: [...shop.orders, ...more] });
    const expected = await readChurnFeatures(after.data, { asOf: lastOrderDate });
    expect(expected.ids('customer_id')).toEqual(ids);
    let gapless = 0;
    for (const row of ids.keys()) {
      const had = readFeatureValues(table, row);
      if (Number.isNaN(had.get('mean_gap_days'))) gapless++;
      const values = withOneMoreOrder(had);
      for (const feature of FORWARD_FEATURES) {
        const wanted = readFeatureValues(expected, row).get(feature) ?? Number.NEGATIVE_INFINITY;
        if (Number.isNaN(wanted)) expect(values.get(feature)).toBeNaN();
        else expect(values.get(feature)).toBeCloseTo(wanted, 3);
      }
    }
    expect(gapless).toBeGreaterThan(0);
  });
});
