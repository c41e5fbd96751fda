import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Query } from '../../../src/data/data-source.ts';
import { homeLayout } from '../../../src/data/home-layout.ts';
import { makeSnapshot } from '../../helpers/snapshot.ts';

const ORDERS = Array.from({ length: 60 }, (_, i) => ({
  order_id: String(i),
  customer_id: `c${i % 7}`,
  order_date: '2026-01-01',
  total_amount: i,
}));

/** The orders of a customer, with a text of their own for each `column`. */
const ordersOf = (customer: string, column = 'orders'): Query => ({
  text: `select count(*) as ${column}, sum(total_amount) as spent from raw.orders where customer_id = ?`,
  values: [customer],
  isLookup: true,
});

describe('a lookup', () => {
  it('gives the same as the statement that is no lookup, for each value bound to it', async () => {
    await using shop = await makeSnapshot({ orders: ORDERS });
    for (const customer of ['c0', 'c3', 'nobody', 'c0']) {
      const query = ordersOf(customer);
      const found = await shop.data.columns(query);
      const plain = await shop.data.columns({ ...query, isLookup: false });
      expect([found.columnNames, found.float64('orders'), found.float64('spent')]).toEqual([
        plain.columnNames,
        plain.float64('orders'),
        plain.float64('spent'),
      ]);
    }
  });

  it('is answered beside others, and after more texts than stay prepared', async () => {
    await using shop = await makeSnapshot({ orders: ORDERS });
    const asked = Array.from({ length: 40 }, (_, i) => ({
      customer: `c${i % 7}`,
      column: `orders_${i % 25}`,
    }));
    const counts = await Promise.all(
      asked.map(async ({ customer, column }) => {
        const found = await shop.data.columns(ordersOf(customer, column));
        return found.float64(column)[0];
      }),
    );
    expect(counts).toEqual(
      asked.map(({ customer }) => ORDERS.filter((order) => order.customer_id === customer).length),
    );
  });

  it('is answered from a snapshot whose file has gone since it was opened', async () => {
    await using shop = await makeSnapshot({ orders: ORDERS });
    await rm(homeLayout(shop.home).snapshot(shop.snapshotId));
    const found = await shop.data.columns(ordersOf('c1'));
    expect(found.float64('orders')[0]).toBe(ORDERS.filter((order) => order.customer_id === 'c1').length);
  });

  it('that fails or is cut short leaves the next one alone', async () => {
    await using shop = await makeSnapshot({ orders: ORDERS });
    await expect(
      shop.data.columns({ text: 'select nonsense', values: [], isLookup: true }),
    ).rejects.toThrow();
    const endless: Query = {
      text: 'select count(*) as n from range(?) as a (i), range(100000) as b (j) where hash(i, j) = 7',
      values: [10_000_000],
      isLookup: true,
    };
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    await expect(shop.data.columns({ ...endless, signal: stop.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect((await shop.data.columns(ordersOf('c2'))).float64('orders')[0]).toBe(9);
  });
});
