import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openDataHome } from '../../../src/data/data-home.ts';
import type { DataSource, DataSourceProvider } from '../../../src/data/data-source.ts';
import {
  createDemoShop,
  type DemoShopReport,
  fillDemoShop,
} from '../../../src/data/demo/create-demo-shop.ts';
import { fingerprintOf } from '../../../src/data/duckdb/fingerprint.ts';
import { createTableSql, SHOP_TABLE_NAMES } from '../../../src/data/shop-tables.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

/** The last day of the sale: the shop then has the reference's figures. */
const AS_OF = '2025-11-26';
let report: DemoShopReport;
let provider: DataSourceProvider;
let data: DataSource;

beforeAll(async () => {
  const home = await newTestHome();
  report = await createDemoShop({ home, customers: 2000, asOf: AS_OF });
  provider = openDataHome(home);
  data = await provider.current();
});
afterAll(() => provider[Symbol.asyncDispose]());

/** The single number that a statement answers with. */
async function number(sql: string): Promise<number> {
  const [row] = await data.rows({ text: sql, values: [] }, z.object({ n: z.coerce.number() }));
  return row?.n ?? Number.NaN;
}

async function numbersBy(sql: string): Promise<Record<string, number>> {
  const rows = await data.rows(
    { text: sql, values: [] },
    z.object({ name: z.string(), n: z.coerce.number() }),
  );
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
}

/** The shop in memory, made by so many threads: the content of its tables, and of the truth. */
async function contentOf(
  threads: number,
  request: { customers: number; seed: number; asOf: string },
): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  const connection = await instance.connect();
  try {
    await connection.run('create schema raw');
    for (const table of SHOP_TABLE_NAMES) {
      await connection.run(createTableSql(table, { customerId: 'integer', productId: 'integer' }));
    }
    await fillDemoShop(connection, request);
    const truth = await connection.runAndReadAll(
      'select sum(md5_number_lower(truth::varchar)) from demo.truth as truth',
    );
    return `${await fingerprintOf(connection)} ${JSON.stringify(truth.getRowsJson())}`;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

describe('creating a demo shop twice', () => {
  const request = { customers: 300, seed: 7, asOf: AS_OF };

  test('gives the same shop, whatever the number of threads', async () => {
    expect(await contentOf(1, request)).toBe(await contentOf(4, request));
  });

  test('gives other shops for other seeds', async () => {
    expect(await contentOf(2, request)).not.toBe(await contentOf(2, { ...request, seed: 8 }));
  });

  test('gives the same customers on another day, within the same calendar year', async () => {
    const home = await newTestHome();
    const later = await createDemoShop({ home, customers: 2000, asOf: '2026-07-15' });
    expect(later.summary.lastOrderDate).toBe('2026-07-15');
    await using other = openDataHome(home);
    const season = async (source: DataSource, from: string, to: string) =>
      source.rows(
        {
          text: `select strftime(day, '%Y-%m-%d') as day, factor from demo.season where day between '${from}' and '${to}' order by day`,
          values: [],
        },
        z.object({ day: z.string(), factor: z.number() }),
      );
    const both = ['2024-07-01', AS_OF] as const;
    expect(await season(await other.current(), ...both)).toEqual(await season(data, ...both));
    const customers = `select sum(md5_number_lower((customer_id, purchase_rate, style)::varchar)) n from demo.truth`;
    const [row] = await (await other.current()).rows(
      { text: customers, values: [] },
      z.object({ n: z.coerce.number() }),
    );
    expect(row?.n).toBe(await number(customers));
  });

  test('has its sale from 18 to 26 November, whatever day the shop is made on', async () => {
    const sale = await data.rows(
      {
        text: `select strftime(day, '%Y-%m-%d') as day from demo.season where factor > 2 order by day desc`,
        values: [],
      },
      z.object({ day: z.string() }),
    );
    const days = Array.from({ length: 9 }, (_, i) => `11-${26 - i}`);
    expect(sale.map(({ day }) => day)).toEqual(
      ['2025', '2024', '2023'].flatMap((year) => days.map((day) => `${year}-${day}`)),
    );
  });
});

describe('the demo shop', () => {
  test('ends on the as-of date, and has at least two years of history', async () => {
    expect(report).toMatchObject({ customers: 2000, seed: 42, asOf: AS_OF });
    expect(report.summary.lastOrderDate).toBe(AS_OF);
    expect(report.summary.firstOrderDate < '2023-11-26').toBe(true);
    expect(await number(`select count(*) n from raw.orders where order_date >= date '2025-11-27'`)).toBe(0);
  });

  test('ends today if no date is given', async () => {
    const home = await newTestHome();
    const made = await createDemoShop({
      home,
      customers: 100,
      now: () => new Date('2026-05-04T23:59:00Z'),
    });
    expect(made.asOf).toBe('2026-05-04');
  });

  test('has about the sizes of the reference: 16 orders per customer, 5.1 lines per order', () => {
    const { customers, orders, orderItems, products } = report.summary;
    expect(customers).toBe(2000);
    expect(products).toBe(10);
    expect(orders / customers).toBeGreaterThan(14);
    expect(orders / customers).toBeLessThan(20);
    expect(orderItems / orders).toBeGreaterThan(4.8);
    expect(orderItems / orders).toBeLessThan(5.4);
  });

  test('has ids that are unique, and no line, order or customer without its parent', async () => {
    expect(await number('select count(*) - count(distinct order_id) n from raw.orders')).toBe(0);
    expect(await number('select count(*) - count(distinct order_item_id) n from raw.order_items')).toBe(0);
    expect(await number('select count(*) n from raw.order_items anti join raw.orders using (order_id)')).toBe(
      0,
    );
    expect(await number('select count(*) n from raw.orders anti join raw.order_items using (order_id)')).toBe(
      0,
    );
    expect(
      await number('select count(*) n from raw.orders anti join raw.customers using (customer_id)'),
    ).toBe(0);
    expect(
      await number('select count(*) n from raw.order_items anti join raw.product_catalog using (product_id)'),
    ).toBe(0);
  });

  test('has order totals that equal the sum of their lines, to the cent', async () => {
    expect(
      await number('select count(*) n from raw.order_items where line_total <> quantity * unit_price'),
    ).toBe(0);
    expect(
      await number(`select count(*) n from raw.orders join (
        select order_id, sum(line_total) total from raw.order_items group by order_id
      ) using (order_id) where total <> total_amount`),
    ).toBe(0);
  });

  test('keeps totals and lines in the ranges of the customer segment', async () => {
    const rows = await data.rows(
      {
        text: `select customer_segment, min(total_amount)::double lowest, max(total_amount)::double highest,
          min(line_count)::int fewest, max(line_count)::int most
          from raw.orders join raw.customers using (customer_id)
          join (select order_id, count(*) line_count from raw.order_items group by order_id) using (order_id)
          group by customer_segment order by customer_segment`,
        values: [],
      },
      z.object({
        customer_segment: z.string(),
        lowest: z.number(),
        highest: z.number(),
        fewest: z.coerce.number(),
        most: z.coerce.number(),
      }),
    );
    const ranges = { Basic: [20, 300, 1, 3], Premium: [500, 3000, 3, 8], Standard: [100, 800, 2, 5] };
    expect(rows.map((row) => row.customer_segment)).toEqual(Object.keys(ranges));
    for (const [index, [lowest, highest, fewest, most]] of Object.values(ranges).entries()) {
      expect(rows[index]?.lowest).toBeGreaterThanOrEqual(lowest ?? Number.NaN);
      expect(rows[index]?.highest).toBeLessThanOrEqual(highest ?? Number.NaN);
      expect(rows[index]).toMatchObject({ fewest, most });
    }
  });

  test('has the same shares of order statuses as the reference', async () => {
    const shares = await numbersBy(
      `select order_status as name, count(*)::double / (select count(*) from raw.orders) n from raw.orders group by 1`,
    );
    const expected = { Completed: 0.65, Shipped: 0.15, Processing: 0.1, Pending: 0.07, Cancelled: 0.03 };
    expect(Object.keys(shares).sort()).toEqual(Object.keys(expected).sort());
    for (const [status, share] of Object.entries(expected)) {
      expect(Math.abs((shares[status] ?? 0) - share)).toBeLessThan(0.01);
    }
  });

  test('has made-up customers who registered before they bought', async () => {
    expect(await number(`select count(*) n from raw.customers where email not like '%@example.com'`)).toBe(0);
    expect(
      await number(`select count(*) n from raw.customers join demo.truth using (customer_id)
        where registration_date > first_order_date`),
    ).toBe(0);
  });
});

describe('the customers of the demo shop', () => {
  test('include some of every segment of the reference', async () => {
    const sizes = await numbersBy(
      'select segment as name, count(*) n from interactive.customer_segments group by segment',
    );
    expect(Object.keys(sizes).sort()).toEqual([
      'AT_RISK',
      'HIGH_VALUE_ACTIVE',
      'HIGH_VALUE_INACTIVE',
      'LOW_ENGAGEMENT',
      'NEW_CUSTOMERS',
      'REGULAR',
    ]);
    for (const size of Object.values(sizes)) expect(size).toBeGreaterThanOrEqual(3);
  });

  test('have products left to buy, even those of low engagement', async () => {
    const share = await number(`
      with owned as (
        select customer_id, count(*) products
        from interactive.purchased_pairs
        join interactive.customer_segments using (customer_id)
        where segment = 'LOW_ENGAGEMENT'
        group by customer_id
      )
      select avg((products < 10)::int) n from owned`);
    expect(share).toBeGreaterThan(0.95);
  });

  test('buy poles more often after skis than after snowboards, and bindings less often', async () => {
    const share = (owned: string, wanted: number) =>
      number(`
        with owners as (
          select customer_id, bool_or(product_category = '${owned}') has, bool_or(product_id = ${wanted}) wants
          from raw.order_items join raw.orders using (order_id) group by customer_id
        )
        select avg(wants::int) n from owners where has`);
    expect(await share('Skis', 1007)).toBeGreaterThan(1.3 * (await share('Snowboards', 1007)));
    expect(await share('Snowboards', 1009)).toBeGreaterThan(1.3 * (await share('Skis', 1009)));
  });

  test('have left exactly if they placed all orders of their lifetime', async () => {
    expect(
      await number(`
        with counts as (select customer_id, count(*) order_count, max(order_date) last_order from raw.orders group by 1)
        select count(*) n from demo.truth join counts using (customer_id)
        where order_count > lifetime_orders
          or (order_count = lifetime_orders) <> (dropped_out_at is not null)
          or dropped_out_at <> last_order`),
    ).toBe(0);
  });

  test('have rates and dropout probabilities that follow their distributions', async () => {
    const mean = (expression: string) =>
      number(`
      select avg(${expression}) n from demo.truth join demo.population using (customer_segment)`);
    expect(await mean('purchase_rate / mean_rate')).toBeCloseTo(1, 1);
    expect(await mean('pow(purchase_rate / mean_rate - 1, 2) * rate_shape')).toBeCloseTo(1, 0);
    const law = await mean('dropout_a / (dropout_a + dropout_b)');
    expect(Math.abs((await mean('dropout_probability')) - law)).toBeLessThan(0.03);
  });
});

describe('a request for a demo shop that cannot be met', () => {
  test.each([
    [{ customers: 99 }, /100 to 1000000/],
    [{ customers: 2.5 }, /100 to 1000000/],
    [{ seed: -1 }, /whole number/],
    [{ asOf: '2026-02-30' }, /YYYY-MM-DD/],
  ])('is refused with what to ask for instead: %j', async (wish, hint) => {
    const home = await newTestHome();
    await expect(createDemoShop({ home, ...wish })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      hint: expect.stringMatching(hint),
    });
  });

  test('leaves nothing behind if it is cancelled', async () => {
    const home = await newTestHome();
    await expect(createDemoShop({ home, customers: 100, signal: AbortSignal.abort() })).rejects.toMatchObject(
      {
        code: 'CANCELLED',
      },
    );
    const empty = openDataHome(home);
    await expect(empty.current()).rejects.toMatchObject({ code: 'NO_DATA' });
    await empty[Symbol.asyncDispose]();
  });
});
