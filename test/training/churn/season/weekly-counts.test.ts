import { describe, expect, it } from 'vitest';
import { addDays } from '../../../../src/features/calendar-day.ts';
import { readWeeklyCounts } from '../../../../src/training/churn/season/weekly-counts.ts';
import type { WeeklyCount } from '../../../../src/training/churn/season/weekly-index.ts';
import { makeSnapshot } from '../../../helpers/snapshot.ts';

const AS_OF = '2025-12-31';
/** Ages, in days before the as-of date, of each customer's days with orders. */
const ORDER_AGES: Readonly<Record<number, readonly number[]>> = {
  1: [200, 120, 100, 40, 39, 3],
  2: [150, 149],
  3: [60],
  4: [199],
};
const HISTORY_DAYS = 200;
const BANDS = [7, 14, 30, 60, 90, 180];

/** Customer by customer and week by week, as the comment of the statement says. */
function naiveCounts(): WeeklyCount[] {
  const counts = new Map<string, WeeklyCount>();
  for (const ages of Object.values(ORDER_AGES)) {
    for (let weeksAgo = 1; 7 * weeksAgo <= HISTORY_DAYS - 90; weeksAgo++) {
      const before = ages.filter((age) => age >= 7 * weeksAgo);
      if (before.length === 0) continue;
      const recency = Math.min(...before) - 7 * weeksAgo;
      const band = BANDS.filter((days) => recency >= days).length;
      const recent = before.filter((age) => age < 7 * (weeksAgo + 13)).length;
      const customerClass = 14 * band + 2 * Math.min(6, recent) + (before.length === 1 ? 1 : 0);
      const orderDays = ages.filter((age) => age >= 7 * (weeksAgo - 1) && age < 7 * weeksAgo).length;
      const key = `${weeksAgo} ${customerClass}`;
      const sum = counts.get(key) ?? { weeksAgo, customerClass, customers: 0, orderDays: 0 };
      counts.set(key, { ...sum, customers: sum.customers + 1, orderDays: sum.orderDays + orderDays });
    }
  }
  return [...counts.values()].sort((a, b) => a.weeksAgo - b.weeksAgo || a.customerClass - b.customerClass);
}

describe('order days by week and class of customer', () => {
  it('are those that a count customer by customer gives; two orders of a day are one', async () => {
    await using shop = await makeSnapshot({
      orders: Object.entries(ORDER_AGES).flatMap(([customer, ages]) =>
        [...ages, ages[0]].map((age, i) => ({
          order_id: `${customer}-${i}`,
          customer_id: Number(customer),
          order_date: `${addDays(AS_OF, -age)} ${10 + i}:00:00`,
          total_amount: 10,
        })),
      ),
    });
    expect(await readWeeklyCounts(shop.data, AS_OF, undefined)).toEqual(naiveCounts());
  });
});
