/** Reads of serving tables from the dynamic tables of a deployment, as long as these hold what would be computed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVING_TABLES } from '../../../src/data/serving-tables.ts';
import { createServices } from '../../../src/server/create-services.ts';
import { planDeployment } from '../../../src/snowflake/deployment/deployment.ts';
import { runDeployment } from '../../../src/snowflake/deployment/run-deployment.ts';
import type { SnowflakeSettings } from '../../../src/snowflake/snowflake-config.ts';
import { dynamicTablesOf, freshTables } from '../../../src/snowflake/source/served-tables.ts';
import { openSnowflake } from '../../../src/snowflake/source/snowflake-provider.ts';
import { copyOfHome } from '../../helpers/shared-homes.ts';
import { makeSnapshot } from '../../helpers/snapshot.ts';
import { answerOf } from '../../helpers/snowflake/same-answers.ts';
import {
  currentSnapshotFile,
  PASSWORD,
  snapshotFile,
  snowflakeConfig,
} from '../../helpers/snowflake/snowflake-shop.ts';
import { TestSnowflake } from '../../helpers/snowflake/test-snowflake.ts';

const DYNAMIC = SERVING_TABLES.map(({ table }) => table).filter(
  (table) => table !== 'customer_order_analytics',
);

let home: string;
let testServer: TestSnowflake;

beforeAll(async () => {
  home = await copyOfHome('trained demo');
  testServer = await TestSnowflake.start({
    user: { password: PASSWORD },
    snapshot: await currentSnapshotFile(home),
  });
});

afterAll(() => testServer[Symbol.asyncDispose]());

async function deploy(settings: Partial<SnowflakeSettings> = {}): Promise<void> {
  const config = snowflakeConfig(testServer, settings);
  const steps = planDeployment({ config, warehouse: 'W', parts: ['schemas', 'serving'], models: [] });
  await runDeployment(steps, config, { signal: new AbortController().signal, onStep: () => undefined });
}

/** Reads every serving table, and tells which of them became temporary tables of the session. */
async function read(settings: Partial<SnowflakeSettings> = {}) {
  const from = testServer.queries.length;
  await using provider = openSnowflake(snowflakeConfig(testServer, settings), { lookAgainMs: 0 });
  const data = await provider.current();
  const rows: Record<string, string> = {};
  for (const { table } of SERVING_TABLES) {
    const found = await data.columns({
      text: `select * from interactive.${table} order by 1, 2`,
      values: [],
    });
    rows[table] = JSON.stringify(found.columnNames.map((name) => [name, found.text(name)]));
  }
  const sent = testServer.queries.slice(from).map(({ sqlText }) => sqlText);
  const computed = sent.flatMap((text) => /temporary table churn_mcp_(\w+) as/.exec(text)?.slice(1) ?? []);
  return { rows, computed, sent };
}

describe('serving tables of a shop in Snowflake', () => {
  it('are read from the dynamic tables of a deployment, with the same rows', async () => {
    const before = await read();
    expect(before.computed.sort()).toEqual(SERVING_TABLES.map(({ table }) => table).sort());
    await deploy();
    const after = await read();
    expect(after.computed).toEqual(['customer_order_analytics']);
    expect(after.rows).toEqual(before.rows);
    // As the statement that read the summary saw them, however often they are refreshed meanwhile.
    const reads = after.sent.filter((text) => text.includes('"INTERACTIVE"."PURCHASED_PAIRS"'));
    expect(reads).toHaveLength(1);
    expect(reads[0]).toMatch(/"PURCHASED_PAIRS" at \(statement => '[0-9a-f-]{36}'\)/);
  });

  it.each([
    ['get_at_risk_customers', { limit: 5 }],
    ['get_shop_overview', {}],
    ['get_product_recommendations', { segment: 'HIGH_VALUE_ACTIVE', n_customers: 4 }],
    ['find_customers', { segment: 'AT_RISK', limit: 3 }],
  ])('give the same answer of %s', async (tool, args) => {
    await deploy();
    const options = { home, threads: 1, showContacts: false, now: () => new Date('2026-02-01') };
    await using local = createServices(options);
    await using remote = createServices({ ...options, snowflake: snowflakeConfig(testServer) });
    expect(await answerOf(remote, tool, args)).toBe(await answerOf(local, tool, args));
  });

  it.each<[string, Partial<SnowflakeSettings>]>([
    ['are switched off', { readsDynamicTables: false }],
    ['could be seen at another moment than the orders, without history', { timeTravel: false }],
    [
      'were made with other segments',
      {
        segmentThresholds: {
          ...snowflakeConfig({ url: 'http://127.0.0.1' }).segmentThresholds,
          newOrders: 3,
        },
      },
    ],
  ])('are computed if the dynamic tables %s', async (_, settings) => {
    await deploy();
    expect((await read(settings)).computed).toContain('customer_segments');
  });

  it('are computed as soon as an order has changed, until the dynamic tables are made anew', async () => {
    await deploy();
    expect((await read()).computed).toHaveLength(1);
    await testServer.change(await currentSnapshotFile(home));
    expect((await read()).computed).toHaveLength(SERVING_TABLES.length);
    await deploy();
    expect((await read()).computed).toHaveLength(1);
  });

  it('are computed if Snowflake refuses to read a dynamic table, or has lost its past', async () => {
    await deploy();
    const { rows } = await read();
    for (const code of ['002003', '000707']) {
      const message = 'Time travel data is not available for it.';
      const matching = /"INTERACTIVE"\."PURCHASED_PAIRS" at/;
      testServer.faults.add({ at: 'query', matching, action: { refuse: { code, message } } });
      const refused = await read();
      testServer.faults.clear();
      expect(refused.rows).toEqual(rows);
      expect(refused.computed).toContain('purchased_pairs');
    }
  });

  it('are computed in an account in which others made tables of the same names, or nobody did', async () => {
    await using snapshot = await makeSnapshot({
      orders: [{ order_id: 'a', customer_id: 1, order_date: '2024-02-29', total_amount: 1 }],
    });
    await using other = await TestSnowflake.start({
      user: { password: PASSWORD },
      snapshot: snapshotFile(snapshot),
    });
    await using provider = openSnowflake(snowflakeConfig(other));
    const data = await provider.current();
    await data.columns({ text: 'select * from interactive.churn_features', values: [] });
    expect(
      other.queries.some(({ sqlText }) => sqlText.includes('temporary table churn_mcp_churn_features')),
    ).toBe(true);
  });
});

describe('a dynamic table', () => {
  const config = snowflakeConfig({ url: 'http://127.0.0.1' });
  const steps = planDeployment({ config, warehouse: 'W', parts: ['serving'], models: [] });
  const rows = DYNAMIC.map((table) => ({
    name: table.toUpperCase(),
    comment: /comment = '(.*)'/.exec(steps.find(({ about }) => about === table)?.text ?? '')?.[1],
    data_timestamp: '2026-02-01 10:00:00.000000',
  }));
  const altered = (...times: string[]) => times.map((last_altered) => ({ last_altered }));
  const EARLIER = altered(...Array<string>(4).fill('2026-02-01 09:59:59.999999'));

  it('is read if it is of this configuration and of this version', () => {
    expect(dynamicTablesOf(rows, config).map(({ servingTable }) => servingTable)).toEqual(DYNAMIC);
    const theirs = rows.map((row) => ({ ...row, comment: 'theirs' }));
    expect(dynamicTablesOf(theirs, config)).toEqual([]);
    expect(dynamicTablesOf(rows, { ...config, ordersHaveZones: true })).toEqual([]);
  });

  it('is not read if the role may not see how old it is', () => {
    expect(
      dynamicTablesOf(
        rows.map((row) => ({ ...row, data_timestamp: null })),
        config,
      ),
    ).toEqual([]);
  });

  it.each([
    ['every table was changed before', EARLIER, '2026-02-01', DYNAMIC.length],
    [
      'a table was changed since',
      [...EARLIER.slice(1), ...altered('2026-02-01 10:00:00.000001')],
      '2026-02-01',
      0,
    ],
    [
      'a table was changed at the same moment',
      [...EARLIER.slice(1), ...altered('2026-02-01 10:00:00.000000')],
      '2026-02-01',
      0,
    ],
    ['one of the tables is a view', EARLIER.slice(1), '2026-02-01', 0],
    ['an order of the next day may have begun to count since', EARLIER, '2026-02-02', 0],
  ])('holds the orders as they are, or not, if %s', (_, changes, lastOrderDate, count) => {
    expect(freshTables(dynamicTablesOf(rows, config), changes, lastOrderDate).size).toBe(count);
  });
});
