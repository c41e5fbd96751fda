import { describe, expect, it } from 'vitest';
import { type MonthOfChurn, readChurnByMonth } from '../../src/customers/churn-by-month.ts';
import { addDays, dayNumber } from '../../src/features/calendar-day.ts';
import { readOverview } from '../../src/scoring/shop-overview.ts';
import { makeSnapshot } from '../helpers/snapshot.ts';

/** Customers who order at every pace from daily to yearly; the same in every run. */
const orders = Array.from({ length: 60 }, (_, customer) =>
  Array.from({ length: 1 + ((customer * 7) % 11) }, (_, at) => ({
    order_id: `${customer}-${at}`,
    customer_id: customer + 1,
    order_date: addDays('2024-01-05', (customer * 13 + at * (1 + ((customer * customer * 5) % 173))) % 700),
    total_amount: 10,
  })),
).flat();
const lastDay = orders
  .map(({ order_date }) => order_date)
  .sort()
  .reverse()[0];

/** By the definition alone: who had ordered within the horizon on two days. */
function naiveMonth(month: string, asOf: string, horizonDays: number): MonthOfChurn {
  const start = addDays(`${month}-01`, -1);
  const end = [31, 30, 29, 28]
    .map((days) => addDays(`${month}-01`, days - 1))
    .find((day) => day.startsWith(month));
  const until = end === undefined || end > asOf ? asOf : end;
  const isActive = (customer: number, day: string) => {
    const days = orders
      .filter(({ customer_id, order_date }) => customer_id === customer && order_date <= day)
      .map(({ order_date }) => dayNumber(day) - dayNumber(order_date));
    return days.length === 0 ? undefined : Math.min(...days) < horizonDays;
  };
  const states = [...new Set(orders.map(({ customer_id }) => customer_id))].map((customer) => ({
    before: isActive(customer, start),
    after: isActive(customer, until),
  }));
  const countOf = (before: boolean, after?: boolean) =>
    states.filter((one) => one.before === before && (after === undefined || one.after === after)).length;
  return { month, activeAtStart: countOf(true), lapsed: countOf(true, false), wonBack: countOf(false, true) };
}

describe('churn by month', () => {
  it.each([
    [10, lastDay],
    [30, lastDay],
    [90, lastDay],
    [200, lastDay],
    [30, '2025-02-28'],
    [90, '2025-03-01'],
  ])('counts who lapsed and who came back with a horizon of %i days, as of %s', async (horizonDays, asOf) => {
    await using shop = await makeSnapshot({ orders });
    const months = await readChurnByMonth(shop.data, { filter: {}, asOf, horizonDays, most: 12 });
    expect(months.length).toBeGreaterThan(6);
    expect(months.at(-1)?.month).toBe(asOf.slice(0, 7));
    expect(months).toEqual(months.map(({ month }) => naiveMonth(month, asOf, horizonDays)));
  });

  it('says of a month what the overview says of its two ends', async () => {
    await using shop = await makeSnapshot({ orders });
    const asOf = '2025-05-31';
    const months = await readChurnByMonth(shop.data, { filter: {}, asOf, horizonDays: 90, most: 1 });
    const request = { filter: {}, asOf, compareWith: '2025-04-30', months: 1 };
    const overview = await readOverview(request, { data: shop.data, forecast: undefined });
    expect(overview.horizonDays).toBe(90);
    expect(months).toEqual([
      {
        month: '2025-05',
        activeAtStart: overview.activeBefore,
        lapsed: overview.newlyLapsed,
        wonBack: overview.wonBack,
      },
    ]);
  });

  it('begins with the first month in which anybody can have lapsed', async () => {
    await using shop = await makeSnapshot({ orders });
    const of = (filter: object, horizonDays: number, most = 36) =>
      readChurnByMonth(shop.data, { filter, asOf: lastDay, horizonDays, most });
    expect((await of({}, 90)).at(0)?.month).toBe('2024-04');
    expect(await of({}, 90, 3)).toHaveLength(3);
    expect(await of({}, 3000)).toEqual([]);
    expect(await of({ minOrders: 1000 }, 90)).toEqual([]);
  });

  it('counts those who match alone', async () => {
    await using shop = await makeSnapshot({ orders });
    const request = { asOf: lastDay, horizonDays: 90, most: 3 };
    const all = await readChurnByMonth(shop.data, { filter: {}, ...request });
    const few = await readChurnByMonth(shop.data, { filter: { maxOrders: 3 }, ...request });
    const many = await readChurnByMonth(shop.data, { filter: { minOrders: 4 }, ...request });
    const sum = (at: number, key: 'activeAtStart' | 'lapsed' | 'wonBack') =>
      (few.at(at)?.[key] ?? 0) + (many.at(at)?.[key] ?? 0);
    expect(few[0].activeAtStart).toBeGreaterThan(0);
    expect(all.map(({ lapsed }) => lapsed)).toEqual(all.map((_, at) => sum(at, 'lapsed')));
    expect(all.map(({ wonBack }) => wonBack)).toEqual(all.map((_, at) => sum(at, 'wonBack')));
  });
});
