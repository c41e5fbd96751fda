import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadSql } from '../../../src/data/load-sql.ts';
import { addDays } from '../../../src/features/calendar-day.ts';
import { OBSERVED_CUSTOMERS, openSpans, openTaughtDay } from '../../../src/training/purchase/taught-day.ts';
import { makeRepetitiveShop, REPETITIVE_FIRST_DAY } from '../../helpers/repetitive-shop.ts';
import { makeSnapshot, type TestSnapshot } from '../../helpers/snapshot.ts';

const HORIZON_DAYS = 9;
const anyRow = z.record(z.string(), z.unknown());

let snapshot: TestSnapshot;
beforeAll(async () => {
  const shop = makeRepetitiveShop(4);
  // Of one product no amounts were known at first: lines may lack them.
  const firstDays = addDays(REPETITIVE_FIRST_DAY, 20);
  const isEarly = new Set(
    shop.orders.filter(({ order_date }) => order_date < firstDays).map(({ order_id }) => order_id),
  );
  const orderItems = shop.orderItems.map((line) =>
    line.product_id === 1 && isEarly.has(line.order_id)
      ? { ...line, unit_price: null, line_total: null }
      : line,
  );
  snapshot = await makeSnapshot({ ...shop, orderItems });
});
afterAll(() => snapshot[Symbol.asyncDispose]());

/** The last day of the shop's orders, and earlier ones, after which orders follow that nobody must see. */
describe.each([59, 50])('days to learn from, up to day %i', (daysOn) => {
  const asOf = addDays(REPETITIVE_FIRST_DAY, daysOn);
  const cutoff = (windows: number) => addDays(asOf, -windows * HORIZON_DAYS);
  const plan = {
    asOf,
    horizonDays: HORIZON_DAYS,
    trainCutoffs: [cutoff(2), cutoff(3), cutoff(4)],
  } as const;

  it.each([1, 4])('are what the lines up to them say, %i windows back', async (windows) => {
    const day = cutoff(windows);
    await using spans = await openSpans(snapshot.data, plan, undefined);
    await using taught = await openTaughtDay(spans, plan, { cutoff: day, customers: 4 }, undefined);
    await using expected = await snapshot.data.withRelations([
      { name: 'pairs', file: 'portable/tables/purchased_pairs', values: [day] },
      { name: 'totals', file: 'portable/tables/product_line_totals', values: [day] },
    ]);
    const rowsOf = (table: string) => ({ text: `select * from ${table} order by all`, values: [] });
    const pairs = await taught.data.rows(rowsOf('purchased_pairs_as_of'), anyRow);
    expect(pairs.length).toBeGreaterThan(5);
    expect(pairs).toEqual(await expected.rows(rowsOf('pairs'), anyRow));
    const described = {
      text: `select product_id, max(product_category) as product_category, max(highest_price) as highest_price
        from totals group by product_id order by all`,
      values: [],
    };
    const totals = await taught.data.rows(rowsOf('product_line_totals_as_of'), anyRow);
    expect(totals).toEqual(await expected.rows(described, anyRow));
  });

  it.each([1, 4])(
    'know what their customers bought in the horizon after them, %i windows back',
    async (windows) => {
      const day = cutoff(windows);
      await using spans = await openSpans(snapshot.data, plan, undefined);
      await using taught = await openTaughtDay(spans, plan, { cutoff: day, customers: 4 }, undefined);
      const later = await taught.data.rows(
        { text: 'select * from later_purchases order by all', values: [] },
        anyRow,
      );
      const known = await taught.data.rows(
        { text: 'select customer_id from taught_customers', values: [] },
        anyRow,
      );
      const bought = await snapshot.data.rows(
        {
          text: `select distinct customer_id, product_id from raw.orders inner join raw.order_items using (order_id)
          where cast(order_date as date) > cast(? as date) and cast(order_date as date) <= cast(? as date) order by all`,
          values: [day, addDays(day, HORIZON_DAYS)],
        },
        anyRow,
      );
      const ids = new Set(known.map(({ customer_id }) => customer_id));
      expect(ids.size).toBe(4);
      expect(later.length).toBeGreaterThan(3);
      expect(later).toEqual(bought.filter(({ customer_id }) => ids.has(customer_id)));
    },
  );

  it.each([1, 4])('are those of drawn customers in a larger shop, %i windows back', async (windows) => {
    const day = cutoff(windows);
    const rowsOf = (table: string) => ({ text: `select * from ${table} order by all`, values: [] });
    await using spans = await openSpans(snapshot.data, plan, undefined);
    await using all = await openTaughtDay(spans, plan, { cutoff: day, customers: 4 }, undefined);
    await using drawn = await openTaughtDay(
      spans,
      plan,
      { cutoff: day, customers: 1, observed: 2 },
      undefined,
    );
    const customers = await all.data.rows(
      {
        text: 'select customer_id from recommendation_customers_as_of order by md5(customer_id::varchar)',
        values: [],
      },
      anyRow,
    );
    const ids = new Set(customers.slice(0, 2).map(({ customer_id }) => customer_id));
    for (const table of ['purchased_pairs_as_of', 'recommendation_customers_as_of']) {
      const expected = await all.data.rows(rowsOf(table), anyRow);
      const ofDrawn = expected.filter(({ customer_id }) => ids.has(customer_id));
      expect(ofDrawn.length).toBeLessThan(expected.length);
      expect(await drawn.data.rows(rowsOf(table), anyRow)).toEqual(ofDrawn);
    }
    for (const table of ['product_sales_as_of', 'recommendation_products_as_of']) {
      expect(await drawn.data.rows(rowsOf(table), anyRow)).toEqual(
        await all.data.rows(rowsOf(table), anyRow),
      );
    }
    const taught = await drawn.data.rows(rowsOf('taught_customers'), anyRow);
    const [first] = await all.data.rows(rowsOf('taught_customers where customer_position = 1'), anyRow);
    expect(taught).toEqual([first]);
  });
});

it('a taught day counts products bought together of as many customers as observed baskets do', () => {
  expect(loadSql('portable/tables/observed_baskets')).toContain(`limit ${OBSERVED_CUSTOMERS}\n`);
});
