import type { Connection } from 'snowflake-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnTable } from '../../../src/data/data-source.ts';
import { planDeployment } from '../../../src/snowflake/deployment/deployment.ts';
import { ordersHaveZones, runDeployment } from '../../../src/snowflake/deployment/run-deployment.ts';
import { openSnowflake } from '../../../src/snowflake/source/snowflake-provider.ts';
import { makeSnapshot, type TestSnapshot } from '../../helpers/snapshot.ts';
import { connectDriver, disconnect, execute } from '../../helpers/snowflake/driver-connection.ts';
import { ACCOUNT, USER } from '../../helpers/snowflake/snowflake-sessions.ts';
import { PASSWORD, snapshotFile, snowflakeConfig } from '../../helpers/snowflake/snowflake-shop.ts';
import { TestSnowflake } from '../../helpers/snowflake/test-snowflake.ts';

/** In UTC, as an import keeps them. In Los Angeles each is a day earlier. */
const orders = ['2024-01-02 03:00:00', '2024-02-02 00:30:00', '2024-03-02 07:59:59'].map(
  (order_date, row) => ({
    order_id: String(row),
    customer_id: row % 2,
    order_date,
    total_amount: 10,
  }),
);
const ZONED = '"AUTOMATED_INTELLIGENCE"."MODELS"."ZONED_ORDERS"';

let snapshot: TestSnapshot;
let testServer: TestSnowflake;
let connection: Connection;

beforeAll(async () => {
  snapshot = await makeSnapshot({ orders });
  testServer = await TestSnowflake.start({ user: { password: PASSWORD }, snapshot: snapshotFile(snapshot) });
  connection = await connectDriver({
    account: ACCOUNT,
    username: USER,
    password: PASSWORD,
    accessUrl: testServer.url,
  });
  await execute(connection, 'create schema if not exists "AUTOMATED_INTELLIGENCE"."MODELS"');
  await execute(
    connection,
    `create table ${ZONED} as select * replace (timezone('UTC', order_date) as order_date) from "AUTOMATED_INTELLIGENCE"."RAW"."ORDERS"`,
  );
});

afterAll(async () => {
  await disconnect(connection);
  await testServer[Symbol.asyncDispose]();
  await snapshot[Symbol.asyncDispose]();
});

function settings(table: string) {
  return snowflakeConfig(testServer, { orders: table, timeTravel: false });
}

function contentOf(table: ColumnTable) {
  return Object.fromEntries(table.columnNames.map((name) => [name, table.text(name)]));
}

describe('orders in Snowflake whose times have zones', () => {
  it('count for their day in UTC, whatever the zone of the account is', async () => {
    await using provider = openSnowflake(settings('MODELS.ZONED_ORDERS'));
    const data = await provider.current();
    const { fingerprint: _, ...counts } = await data.summary();
    expect(counts).toMatchObject({ firstOrderDate: '2024-01-02', lastOrderDate: '2024-03-02' });
    const query = { file: 'portable/reads/churn_features', values: [] } as const;
    expect(contentOf(await data.columns(query))).toEqual(contentOf(await snapshot.data.columns(query)));
  });

  it('do so in what is deployed, too', async () => {
    const { signal } = new AbortController();
    const config = settings('MODELS.ZONED_ORDERS');
    expect(await ordersHaveZones(config, signal)).toBe(true);
    expect(await ordersHaveZones(settings('ORDERS'), signal)).toBe(false);
    const parts = ['schemas', 'serving'] as const;
    const options = { warehouse: 'W', parts, models: [] };
    const steps = planDeployment({ ...options, config: { ...config, ordersHaveZones: true } });
    await runDeployment(steps, config, { signal, onStep: () => undefined });
    const days = await execute(
      connection,
      'select cast(order_day as varchar) from "AUTOMATED_INTELLIGENCE"."INTERACTIVE"."ENRICHED_ORDERS" order by 1',
    );
    expect(days).toEqual([['2024-01-02'], ['2024-02-02'], ['2024-03-02']]);
  });
});
