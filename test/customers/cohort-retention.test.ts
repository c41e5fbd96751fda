import { describe, expect, it } from 'vitest';
import { readCohorts, readTradeByMonth } from '../../src/customers/cohort-retention.ts';
import { makeSnapshot } from '../helpers/snapshot.ts';

const order = (order_id: string, customer_id: number, order_date: string, total_amount: number) => ({
  order_id,
  customer_id,
  order_date,
  total_amount,
});
const orders = [
  order('a', 1, '2025-10-31', 10),
  order('b', 1, '2025-12-01', 20),
  order('c', 1, '2025-12-30', 5),
  order('d', 2, '2025-10-01', 40),
  order('e', 3, '2025-12-31', 7),
];

describe('retention by month of the first order', () => {
  it('counts who ordered in each month since, and a month without orders as nobody', async () => {
    await using shop = await makeSnapshot({ orders });
    expect(await readCohorts(shop.data, { filter: {}, asOf: '2025-12-31', most: 12 })).toEqual([
      {
        month: '2025-10',
        customers: 2,
        months: [
          { customers: 2, orders: 2, revenue: 50 },
          { customers: 0, orders: 0, revenue: 0 },
          { customers: 1, orders: 2, revenue: 25 },
        ],
      },
      { month: '2025-12', customers: 1, months: [{ customers: 1, orders: 1, revenue: 7 }] },
    ]);
  });

  it('sees the latest cohorts alone, those who match alone, and nothing after the day', async () => {
    await using shop = await makeSnapshot({ orders });
    const cohorts = async (filter: object, asOf: string, most: number) =>
      (await readCohorts(shop.data, { filter, asOf, most })).map(({ month, customers, months }) => [
        month,
        customers,
        months.length,
      ]);
    expect(await cohorts({}, '2025-12-31', 1)).toEqual([['2025-12', 1, 1]]);
    expect(await cohorts({ minSpent: 30 }, '2025-12-31', 12)).toEqual([['2025-10', 2, 3]]);
    expect(await cohorts({}, '2025-11-02', 12)).toEqual([['2025-10', 2, 2]]);
  });
});

describe('a product that the shop does not sell', () => {
  const wrong = { filter: { bought: 'no such thing' }, most: 12 };

  it.each(['2025-12-31', '2025-11-02'])('is named, and is not taken for nobody, as of %s', async (asOf) => {
    await using shop = await makeSnapshot({ orders });
    const refused = { code: 'UNKNOWN_PRODUCT', message: expect.stringContaining('no such thing') };
    await expect(readCohorts(shop.data, { ...wrong, asOf })).rejects.toMatchObject(refused);
    await expect(readTradeByMonth(shop.data, { ...wrong, asOf })).rejects.toMatchObject(refused);
  });

  it('is named before the tables of the day are made', async () => {
    await using shop = await makeSnapshot({ orders });
    const { data } = shop;
    const noTables = new Proxy(data, {
      get: (source, key) => {
        if (key === 'withRelations') throw new Error('the tables of the day are made');
        const value = Reflect.get(source, key);
        return typeof value === 'function' ? value.bind(source) : value;
      },
    });
    const asOf = '2025-11-02';
    await expect(readCohorts(noTables, { ...wrong, asOf })).rejects.toMatchObject({
      code: 'UNKNOWN_PRODUCT',
    });
  });
});

describe('trade by month', () => {
  it('tells who ordered, who of them for the first time, and for how much', async () => {
    await using shop = await makeSnapshot({ orders });
    expect(await readTradeByMonth(shop.data, { filter: {}, asOf: '2025-12-31', most: 2 })).toEqual([
      { order_month: '2025-10', customers: 2, new_customers: 2, orders: 2, revenue: 50 },
      { order_month: '2025-12', customers: 2, new_customers: 1, orders: 3, revenue: 32 },
    ]);
  });
});
