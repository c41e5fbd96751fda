import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CustomerFilter, findMatching } from '../../../src/customers/customer-filter.ts';
import type { ColumnTable, DataSource, Query } from '../../../src/data/data-source.ts';
import { DEFAULT_THRESHOLDS } from '../../../src/data/segment-thresholds.ts';
import { SERVING_TABLES } from '../../../src/data/serving-tables.ts';
import { makeTastefulShop } from '../../helpers/recommendation-shop.ts';
import { makeSnapshot, type TestSnapshot } from '../../helpers/snapshot.ts';
import { openShop } from '../../helpers/snowflake/snowflake-shop.ts';

let snapshot: TestSnapshot;
let shop: Awaited<ReturnType<typeof openShop>>;
let remoteData: DataSource;

beforeAll(async () => {
  snapshot = await makeSnapshot({
    ...makeTastefulShop(60, 12),
    customers: [{ customer_id: 1, city: 'Oslo' }],
  });
  shop = await openShop(snapshot, { rowsPerChunk: 37 });
  remoteData = await shop.provider.current();
});

afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  await snapshot[Symbol.asyncDispose]();
});

/** Everything that can be read of a table, by column. */
function contentOf(table: ColumnTable) {
  return Object.fromEntries(table.columnNames.map((name) => [name, table.text(name)]));
}

describe('the same statements in Snowflake', () => {
  it('give the same summary of the shop', async () => {
    const { fingerprint: _, ...local } = snapshot.summary;
    const { fingerprint, ...remote } = await remoteData.summary();
    expect(remote).toEqual(local);
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(SERVING_TABLES.map(({ table }) => table))('give the same rows of %s', async (table) => {
    const query = { text: `select * from interactive.${table} order by 1, 2`, values: [] };
    const [local, remote] = await Promise.all([snapshot.data.columns(query), remoteData.columns(query)]);
    expect(remote.rowCount).toBeGreaterThan(0);
    expect(contentOf(remote)).toEqual(contentOf(local));
  });

  it.each<CustomerFilter>([
    { minOrders: 3 },
    { segment: 'LAPSED' },
    { bought: '1' },
    { attributes: ['city=Oslo'], maxOrders: 5 },
  ])('find the same customers by the filter %j', async (filter) => {
    const { lastOrderDate: asOf } = snapshot.summary;
    const [local, remote] = await Promise.all(
      [snapshot.data, remoteData].map(async (data) => (await findMatching(data, { filter, asOf })).all()),
    );
    expect(remote).toEqual(local);
  });

  it.each<Query>([
    { file: 'portable/reads/campaign_outcomes', values: ['2024-03-01', '2024-03-05', '2024-06-30'] },
    { file: 'portable/reads/campaign_order_days', values: ['2024-03-05', '2024-06-30'] },
  ])('read the same course of a campaign: $file', async (query) => {
    const [local, remote] = await Promise.all([snapshot.data.columns(query), remoteData.columns(query)]);
    expect(remote.rowCount).toBeGreaterThan(0);
    expect(contentOf(remote)).toEqual(contentOf(local));
  });

  it('refuse an attribute that the tables in Snowflake do not have', async () => {
    const { lastOrderDate: asOf } = snapshot.summary;
    await expect(
      findMatching(remoteData, { filter: { attributes: ['country=France'] }, asOf }),
    ).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'This shop knows no attribute "country" of its customers.',
    });
  });

  it('send no telemetry of the driver', () => {
    expect(new Set(shop.testServer.requests.filter((path) => !path.startsWith('/chunks/')))).toEqual(
      new Set(['/session/v1/login-request', '/queries/v1/query-request']),
    );
  });
});

describe('a shop in Snowflake with orders alone and text ids', () => {
  const orders = [
    { order_id: '1', customer_id: 'anna', order_date: '2024-01-01 23:59:59', total_amount: 10 },
    { order_id: '2', customer_id: 'anna', order_date: '2024-03-01', total_amount: 20.5 },
    { order_id: '3', customer_id: '00017', order_date: '2024-02-29', total_amount: 5 },
  ];
  const without = { customers: 'none', orderItems: 'none', productCatalog: 'none' };

  it.each([true, false])(
    'gives the same summary and answers as an imported one, with time travel %s',
    async (timeTravel) => {
      const segmentThresholds = { ...DEFAULT_THRESHOLDS, inactiveDays: 1, newOrders: 1 };
      await using local = await makeSnapshot({ orders }, undefined, segmentThresholds);
      await using shop = await openShop(local, {}, { ...without, timeTravel, segmentThresholds });
      const remote = await shop.provider.current();
      const { fingerprint: _, productIdType: __, ...expected } = local.summary;
      expect(await remote.summary()).toMatchObject(expected);
      const queries: Query[] = [
        { file: 'portable/reads/churn_features', values: [] },
        { file: 'portable/reads/segment_summary', values: [] },
        { file: 'portable/labels/churn_labels', values: ['2024-02-01', 30] },
      ];
      for (const query of queries) {
        expect(contentOf(await remote.columns(query))).toEqual(contentOf(await local.data.columns(query)));
      }
      const ids = await remote.columns({
        text: 'select customer_id from raw.orders order by order_id',
        values: [],
      });
      expect(ids.ids('customer_id')).toEqual(['anna', 'anna', '00017']);
      const sent = shop.testServer.queries.filter(({ sqlText }) => sqlText.includes('at (statement'));
      expect(sent.length > 0).toBe(timeTravel);
    },
  );

  it('leads to an error that names the missing column of a table', async () => {
    await using local = await makeSnapshot({ orders });
    await using shop = await openShop(local, {}, { ...without, orders: 'CUSTOMERS' });
    await expect(shop.provider.current()).rejects.toMatchObject({
      code: 'SNOWFLAKE_ACCESS',
      message: 'A table of the shop has no column ORDER_ID.',
    });
  });
});
