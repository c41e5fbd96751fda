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

/** The orders of customers, with a text of their own for each `column`. */
const ordersOf = (customers: readonly string[], column = 'orders') => {
  const selected = `select count(*) as ${column}, sum(total_amount) as spent, max('it''s ?') as quoted from raw.orders`;
  return {
    // What's this? A ? in a comment is no place for a value.
    text: `${selected} where total_amount >= ? and customer_id in (${customers.map(() => '?').join(', ')})`,
    values: [1, ...customers],
    lookup: {
      statement: {
        text: `-- Isn't this a ?\n${selected} inner join asked using (customer_id) where total_amount >= ?`,
        values: [1],
      },
      tables: [{ name: 'asked', columns: ['customer_id'], rows: customers.map((id) => [id]) }],
    },
  } satisfies Query;
};

const NONSENSE = { text: 'select nonsense', values: [] };

describe('a lookup', () => {
  it('gives the same as the statement that is no lookup, whatever rows it is given', async () => {
    await using shop = await makeSnapshot({ orders: ORDERS });
    for (const customers of [['c0'], ['c3', 'c5'], ['nobody'], ["c'0"], ['c0']]) {
      const query = ordersOf(customers);
      const found = await shop.data.columns(query);
      const plain = await shop.data.columns({ text: query.text, values: query.values });
      expect([
        found.columnNames,
        found.float64('orders'),
        found.float64('spent'),
        found.text('quoted'),
      ]).toEqual([plain.columnNames, plain.float64('orders'), plain.float64('spent'), plain.text('quoted')]);
    }
  });

  it('binds values that are no days or counts, and never writes them into its text', async () => {
    await using shop = await makeSnapshot({ orders: ORDERS });
    const { text, values, lookup } = ordersOf(['c1']);
    for (const other of ["c1' or 'a' = 'a", 'c1', 0.5, 10n, true, null]) {
      const statement = { text: 'select nonsense where ? is null', values: [other] };
      const found = await shop.data.columns({ text, values, lookup: { ...lookup, statement } });
      expect(found.float64('orders')[0]).toBe(9);
    }
  });

  it('goes on after more rows than a connection is given', async () => {
    await using shop = await makeSnapshot({ orders: ORDERS });
    const many = Array.from({ length: 20_000 }, (_, i) => `c${i}`);
    for (let turn = 0; turn < 4; turn++) {
      expect((await shop.data.columns(ordersOf(many))).float64('orders')[0]).toBe(ORDERS.length - 1);
    }
    expect((await shop.data.columns(ordersOf(['c1']))).float64('orders')[0]).toBe(9);
  });

  it('is answered beside others, and after more texts than stay prepared', async () => {
    await using shop = await makeSnapshot({ orders: ORDERS });
    const asked = Array.from({ length: 40 }, (_, i) => ({
      customer: `c${i % 7}`,
      column: `orders_${i % 25}`,
    }));
    const counts = await Promise.all(
      asked.map(async ({ customer, column }) => {
        const found = await shop.data.columns(ordersOf([customer], column));
        return found.float64(column)[0];
      }),
    );
    expect(counts).toEqual(
      asked.map(
        ({ customer }) =>
          ORDERS.filter((order) => order.customer_id === customer && order.total_amount >= 1).length,
      ),
    );
  });

  it('is answered from a snapshot whose file has gone since it was opened', async () => {
    await using shop = await makeSnapshot({ orders: ORDERS });
    await rm(homeLayout(shop.home).snapshot(shop.snapshotId));
    const found = await shop.data.columns(ordersOf(['c1']));
    expect(found.float64('orders')[0]).toBe(ORDERS.filter((order) => order.customer_id === 'c1').length);
  });

  it('that fails or is cut short leaves the next one alone', async () => {
    await using shop = await makeSnapshot({ orders: ORDERS });
    await expect(
      shop.data.columns({ ...ordersOf(['c1']), lookup: { ...ordersOf(['c1']).lookup, statement: NONSENSE } }),
    ).rejects.toThrow();
    const endless = {
      text: 'select count(*) as n from range(?) as a (i), range(100000) as b (j) where hash(i, j) = 7',
      values: [10_000_000],
    };
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const lookup = { statement: endless, tables: [] };
    await expect(shop.data.columns({ ...endless, lookup, signal: stop.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect((await shop.data.columns(ordersOf(['c2']))).float64('orders')[0]).toBe(9);
  });
});
