import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ColumnTable } from '../../../src/data/data-source.ts';
import { SERVING_TABLES } from '../../../src/data/serving-tables.ts';
import { SHOP_TABLE_NAMES } from '../../../src/data/shop-tables.ts';
import { dataMarkdown } from '../../../src/mcp/shop-markdown.ts';
import { planDeployment } from '../../../src/snowflake/deployment/deployment.ts';
import { runDeployment } from '../../../src/snowflake/deployment/run-deployment.ts';
import { SnowflakeSession } from '../../../src/snowflake/session/snowflake-session.ts';
import { checkSnowflake } from '../../../src/snowflake/snowflake-checks.ts';
import { makeSnapshot, type TestSnapshot } from '../../helpers/snapshot.ts';
import { openShop, snowflakeConfig } from '../../helpers/snowflake/snowflake-shop.ts';
import { cleanShop, uncleanShop } from '../../helpers/unclean-shop.ts';

let snapshot: TestSnapshot;
let uncleanSnapshot: TestSnapshot;
let shop: Awaited<ReturnType<typeof openShop>>;

beforeAll(async () => {
  snapshot = await makeSnapshot(cleanShop);
  uncleanSnapshot = await makeSnapshot(uncleanShop());
  shop = await openShop(uncleanSnapshot);
});

afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  await snapshot[Symbol.asyncDispose]();
  await uncleanSnapshot[Symbol.asyncDispose]();
});

const LEFT_OUT =
  'customers: 1 repeated, 1 without an id; orders: 1 later than tomorrow, 2 repeated, 1 without a customer, 1 without an id; order lines: 3 of no order that counts, 1 repeated, 1 without a product; products: 1 repeated, 1 without an id';

function contentOf(table: ColumnTable) {
  return Object.fromEntries(table.columnNames.map((name) => [name, table.text(name)]));
}

describe('tables in Snowflake that nobody cleaned', () => {
  it('count as the same shop would that was imported, and the summary says what was left out', async () => {
    const remote = await (await shop.provider.current()).summary();
    const { fingerprint: _, leftOut, ...counts } = remote;
    const { fingerprint: __, ...expected } = snapshot.summary;
    expect(counts).toEqual(expected);
    expect(leftOut).toEqual([
      { table: 'customers', reason: 'repeated', rows: 1 },
      { table: 'customers', reason: 'without an id', rows: 1 },
      { table: 'order_items', reason: 'of no order that counts', rows: 3 },
      { table: 'order_items', reason: 'repeated', rows: 1 },
      { table: 'order_items', reason: 'without a product', rows: 1 },
      { table: 'orders', reason: 'later than tomorrow', rows: 1 },
      { table: 'orders', reason: 'repeated', rows: 2 },
      { table: 'orders', reason: 'without a customer', rows: 1 },
      { table: 'orders', reason: 'without an id', rows: 1 },
      { table: 'product_catalog', reason: 'repeated', rows: 1 },
      { table: 'product_catalog', reason: 'without an id', rows: 1 },
    ]);
  });

  it.each([
    ...SERVING_TABLES.map(({ table }) => `interactive.${table}`),
    ...SHOP_TABLE_NAMES.map((table) => `raw.${table}`),
  ])('give the rows of %s that a clean shop gives', async (table) => {
    // The text of a time is each engine's own.
    const columns =
      table === 'raw.orders' ? 'order_id, customer_id, cast(order_date as date) as day, total_amount' : '*';
    const query = { text: `select ${columns} from ${table} order by 1, 2`, values: [] };
    const remote = await shop.provider.current();
    const [local, there] = await Promise.all([snapshot.data.columns(query), remote.columns(query)]);
    expect(there.rowCount).toBeGreaterThan(0);
    expect(contentOf(there)).toEqual(contentOf(local));
  });

  it('are read as they are if every row counts', async () => {
    await using cleanTables = await openShop(snapshot);
    const data = await cleanTables.provider.current();
    expect(await data.summary()).not.toHaveProperty('leftOut');
    await data.columns({ text: 'select * from raw.orders', values: [] });
    const sent = cleanTables.testServer.queries.map(({ sqlText }) => sqlText);
    expect(sent.filter((text) => /qualify/i.test(text))).toEqual([]);
  });

  it('are counted in the data summary and by doctor', async () => {
    const summary = await (await shop.provider.current()).summary();
    expect(dataMarkdown(summary, undefined)).toContain(`Rows that do not count: ${LEFT_OUT}.`);
    const findings = await checkSnowflake(snowflakeConfig(shop.testServer), new AbortController().signal);
    expect(findings).toContainEqual({ state: 'note', text: `rows that do not count: ${LEFT_OUT}.` });
  });

  it('give what is deployed the rows that a clean shop gives', async () => {
    const { signal } = new AbortController();
    const config = snowflakeConfig(shop.testServer);
    const steps = planDeployment({ config, warehouse: 'W', parts: ['schemas', 'serving'], models: [] });
    await runDeployment(steps, config, { signal, onStep: () => undefined });
    await using session = await SnowflakeSession.open(config, signal);
    const name = '"AUTOMATED_INTELLIGENCE"."INTERACTIVE"."PURCHASED_PAIRS"';
    const columns = 'customer_id, product_id, total_orders';
    const there = await session.rows({
      text: `select ${columns} from ${name} order by 1, 2`,
      values: [],
      tag: 'test',
      signal,
    });
    const here = await snapshot.data.columns({
      text: `select ${columns} from interactive.purchased_pairs order by 1, 2`,
      values: [],
    });
    expect(there.rows).toHaveLength(here.rowCount);
    expect(
      there.rows.map((row) => Object.values(z.record(z.string(), z.coerce.number()).parse(row))),
    ).toEqual(
      Array.from({ length: here.rowCount }, (_, row) =>
        ['customer_id', 'product_id', 'total_orders'].map((column) => here.float64(column)[row]),
      ),
    );
  });

  it('have statuses that are no sales named by doctor, with a view that leaves them out', async () => {
    const orders = cleanShop.orders.map((one, row) => ({
      ...one,
      order_status: ['Completed', 'Cancelled', `Pending 'review'`, 'Lying about'][row % 4],
    }));
    await using withStatuses = await makeSnapshot({ ...cleanShop, orders });
    await using there = await openShop(withStatuses);
    const findings = await checkSnowflake(snowflakeConfig(there.testServer), new AbortController().signal);
    expect(findings.find(({ text }) => text.includes('every status'))?.text).toMatchInlineSnapshot(`
      "orders of every status count, also "Cancelled" (136), "Pending 'review'" (136). If they are no sales, read the orders through a view, and name it in CHURN_MCP_SNOWFLAKE_ORDERS:
              CREATE VIEW ... AS SELECT * FROM "AUTOMATED_INTELLIGENCE"."RAW"."ORDERS" WHERE order_status IS NULL OR order_status NOT IN ('Cancelled', 'Pending ''review''');"
    `);
  });

  it('are counted by doctor also if the shop has no other table than that of its orders', async () => {
    const none = { customers: 'none', orderItems: 'none', productCatalog: 'none' };
    const config = snowflakeConfig(shop.testServer, none);
    const findings = await checkSnowflake(config, new AbortController().signal);
    expect(findings).toContainEqual({
      state: 'note',
      text: 'rows that do not count: orders: 1 later than tomorrow, 2 repeated, 1 without a customer, 1 without an id.',
    });
  });
});
