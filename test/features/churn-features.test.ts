import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addDays, dayNumber } from '../../src/features/calendar-day.ts';
import {
  CHURN_FEATURES,
  type ChurnFeature,
  FEATURES,
  FORWARD_FEATURES,
} from '../../src/features/churn-features.ts';
import { readChurnFeatures, readForwardLabels } from '../../src/features/read-churn-features.ts';
import { makeSnapshot } from '../helpers/snapshot.ts';
import { filesNaming } from '../helpers/source-code.ts';

const shop = {
  orders: [
    { order_id: 'a', customer_id: 1, order_date: '2026-01-01 10:00:00', total_amount: 10.1 },
    { order_id: 'b', customer_id: 1, order_date: '2026-01-01 18:00:00', total_amount: 0.2 },
    { order_id: 'c', customer_id: 1, order_date: '2026-01-11 23:59:59', total_amount: 20 },
    { order_id: 'd', customer_id: 1, order_date: '2026-01-31 00:00:00', total_amount: 5 },
    { order_id: 'e', customer_id: 2, order_date: '2026-01-31 09:00:00', total_amount: 7 },
    { order_id: 'f', customer_id: 3, order_date: '2026-03-01 09:00:00', total_amount: 9 },
    { order_id: 'g', customer_id: 2, order_date: '2026-03-02 09:00:00', total_amount: 9 },
  ],
  orderItems: [
    { order_item_id: '1', order_id: 'a', product_id: 5, quantity: 1, unit_price: 10.1, line_total: 10.1 },
    { order_item_id: '2', order_id: 'c', product_id: 5, quantity: 1, unit_price: 20, line_total: 20 },
    { order_item_id: '3', order_id: 'g', product_id: 6, quantity: 1, unit_price: 9, line_total: 9 },
  ],
};

describe('churn features', () => {
  it('start with the six of the reference, in order, and each has a unique name and a description', () => {
    expect(FORWARD_FEATURES.slice(0, 6)).toEqual(CHURN_FEATURES);
    expect(new Set(FORWARD_FEATURES).size).toBe(FORWARD_FEATURES.length);
    for (const { description } of FEATURES) expect(description).toMatch(/^\S.{9,200}\S$/);
  });

  it('are the columns of their statement, together with the customer and two dates', async () => {
    await using snapshot = await makeSnapshot(shop);
    const { columnNames } = await readChurnFeatures(snapshot.data, { asOf: '2026-01-31' });
    const beside = ['customer_id', 'first_order_date', 'last_order_date'];
    expect(columnNames.filter((name) => !beside.includes(name)).sort()).toEqual([...FORWARD_FEATURES].sort());
  });

  // CONTRIBUTING says that a new feature is its SQL, its record and its test. One more list would make that untrue.
  it('are listed only in their statement, their records and this test', () => {
    const lists = filesNaming(['src', 'tools', 'app', 'sql', 'test', 'bench'], FORWARD_FEATURES)
      .filter(({ named }) => named > FORWARD_FEATURES.length / 2)
      .map(({ path }) => path);
    expect(lists).toEqual([
      join('sql', 'portable', 'tables', 'churn_features.sql'),
      join('src', 'features', 'churn-features.ts'),
      join('test', 'features', 'churn-features.test.ts'),
    ]);
  });

  it('describe what a customer did up to a day, and nothing after it', async () => {
    await using snapshot = await makeSnapshot(shop);
    const table = await readChurnFeatures(snapshot.data, { asOf: '2026-01-31' });
    expect(table.ids('customer_id')).toEqual([1, 2]);
    const value = (name: ChurnFeature) => table.float64(name)[0];
    // The customer's orders: two on the first day, one after 10 days, one after 20 more, on the as-of day.
    const exact: readonly (readonly [ChurnFeature, number])[] = [
      ['total_orders', 4],
      ['active_days', 3],
      ['customer_tenure_days', 30],
      ['days_since_first_order', 30],
      ['days_since_last_order', 0],
      ['orders_last_30_days', 2],
      ['orders_last_90_days', 4],
      ['orders_last_180_days', 4],
      ['orders_last_365_days', 4],
      ['orders_same_season_last_year', 0],
      ['last_gap_days', 20],
      ['longest_gap_days', 20],
      ['recency_over_mean_gap', 0],
      ['longer_gap_share', 1],
      ['distinct_products', 1],
      ['distinct_categories', 0],
      ['returned_orders', 0],
      ['as_of_day_of_year', 31],
    ];
    for (const [name, expected] of exact) expect(`${name} ${value(name)}`).toBe(`${name} ${expected}`);
    expect(value('total_spent')).toBeCloseTo(35.3, 9);
    expect(value('avg_order_value')).toBeCloseTo(35.3 / 4, 9);
    expect(value('revenue_per_order')).toBeCloseTo(35.3 / 4, 9);
    expect(value('spent_last_30_days')).toBeCloseTo(25, 9);
    expect(value('spent_last_90_days')).toBeCloseTo(35.3, 9);
    expect(value('spent_last_180_days')).toBeCloseTo(35.3, 9);
    expect(value('spent_last_365_days')).toBeCloseTo(35.3, 9);
    expect(value('spent_share_last_90_days')).toBeCloseTo(1, 9);
    expect(value('order_frequency')).toBeCloseTo(4 / 31, 9);
    expect(value('active_day_rate')).toBeCloseTo(3 / 31, 9);
    expect(value('mean_gap_days')).toBeCloseTo(15, 9);
    expect(value('gap_spread_days')).toBeCloseTo(Math.sqrt(50), 9);
    expect(value('recent_gap_days')).toBeCloseTo((20 + 0.8 * 10) / 1.8, 6);
    expect(value('gap_survival')).toBeCloseTo(3 / 4, 9);
    expect(value('mean_discount_percent')).toBeNaN();
    expect(table.float64('mean_gap_days')[1]).toBeNaN();
    expect(table.float64('distinct_products')[1]).toBe(0);
  });

  it('count returns, discounts, categories, and the orders of the coming season a year ago', async () => {
    const order = (order_id: string, order_date: string, more: object = {}) => ({
      order_id,
      customer_id: 1,
      order_date: `${order_date} 12:00:00`,
      total_amount: 10,
      ...more,
    });
    await using snapshot = await makeSnapshot({
      orders: [
        order('a', '2025-01-31'),
        order('b', '2025-02-01', { discount_percent: 10 }),
        order('c', '2025-05-01', { discount_percent: 20, order_status: 'Returned' }),
        order('d', '2025-05-02', { order_status: 'partially refunded' }),
        order('e', '2026-01-31', { order_status: 'delivered' }),
      ],
      orderItems: [
        { order_id: 'a', product_id: 1, product_category: 'Skis' },
        { order_id: 'a', product_id: 2, product_category: 'Skis' },
        { order_id: 'b', product_id: 3, product_category: 'Boots' },
        { order_id: 'c', product_id: 4 },
      ].map((item, i) => ({ order_item_id: `${i}`, quantity: 1, unit_price: 1, line_total: 1, ...item })),
    });
    const table = await readChurnFeatures(snapshot.data, { asOf: '2026-01-31' });
    const value = (name: string) => table.float64(name)[0];
    // The 90 days after 2025-01-31: that day's own order is not among them.
    expect(value('orders_same_season_last_year')).toBe(2);
    expect(value('mean_discount_percent')).toBe(15);
    expect(value('returned_orders')).toBe(2);
    expect([value('distinct_products'), value('distinct_categories')]).toEqual([4, 2]);
  });

  it('weigh older gaps between orders less, and judge a silence cautiously after few gaps', async () => {
    const days = ['2025-01-01', '2025-01-11', '2025-02-10', '2025-02-15'];
    const orders = days.map((day, i) => ({
      order_id: `${i}`,
      customer_id: 1,
      order_date: `${day} 12:00:00`,
      total_amount: 1,
    }));
    await using snapshot = await makeSnapshot({ orders });
    const table = await readChurnFeatures(snapshot.data, { asOf: '2025-02-22' });
    const value = (name: string) => table.float64(name)[0];
    // Gaps of 10, 30 and 5 days, oldest first, and a silence of 7.
    const recent = (5 + 0.8 * 30 + 0.64 * 10) / (1 + 0.8 + 0.64);
    expect(value('recent_gap_days')).toBeCloseTo(recent, 6);
    expect(value('last_gap_days')).toBe(5);
    expect(value('recency_over_last_gap')).toBeCloseTo(7 / 5, 12);
    expect(value('recency_over_recent_gap')).toBeCloseTo(7 / recent, 6);
    expect(value('longer_gap_share')).toBeCloseTo(2 / 3, 12);
    expect(value('gap_survival')).toBeCloseTo(3 / 5, 12);
    expect(value('as_of_day_of_year')).toBe(53);
  });

  it('are served from the snapshot at the last day, by the same SQL text', async () => {
    await using snapshot = await makeSnapshot(shop);
    const served = await readChurnFeatures(snapshot.data, { asOf: '2026-03-02' });
    const computed = await snapshot.data.columns({
      file: 'portable/tables/churn_features',
      values: ['2026-03-02'],
    });
    expect(served.columnNames).toEqual(computed.columnNames);
    expect(served.ids('customer_id')).toEqual(computed.ids('customer_id'));
    for (const name of FORWARD_FEATURES) expect(served.float64(name)).toEqual(computed.float64(name));
  });

  it('have labels for the same customers: no order after the cutoff, up to the horizon', async () => {
    await using snapshot = await makeSnapshot(shop);
    const labels = async (horizonDays: number) => {
      const table = await readForwardLabels(snapshot.data, { cutoff: '2026-01-31', horizonDays });
      expect(table.ids('customer_id')).toEqual([1, 2]);
      return [...table.float32('is_churned')];
    };
    expect(await labels(29)).toEqual([1, 1]);
    expect(await labels(30)).toEqual([1, 0]);
  });
});

describe('calendar days', () => {
  it('are added correctly over months and leap years', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  });

  it.each(['2026-02-30', '2026-1-1', 'yesterday', '', '2026-01-01T00:00:00Z'])(
    'are refused if they are no date: %j',
    (text) => {
      expect(() => dayNumber(text)).toThrow('not a day of the calendar');
    },
  );
});
