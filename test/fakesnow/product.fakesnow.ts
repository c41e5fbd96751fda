/** The product on orders in an emulator of Snowflake that nobody here wrote: `npm run test:fakesnow`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createDemoShop } from '../../src/data/demo/create-demo-shop.ts';
import { SERVING_TABLES } from '../../src/data/serving-tables.ts';
import { SHOP_TABLE_NAMES } from '../../src/data/shop-tables.ts';
import { createServices } from '../../src/server/create-services.ts';
import type { Services } from '../../src/server/services.ts';
import { planDeployment } from '../../src/snowflake/deployment/deployment.ts';
import { runDeployment } from '../../src/snowflake/deployment/run-deployment.ts';
import { openSnowflake } from '../../src/snowflake/source/snowflake-provider.ts';
import { runCli } from '../helpers/cli-process.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { makeSnapshot, type TestSnapshot } from '../helpers/snapshot.ts';
import { classifiedStatements } from '../helpers/snowflake/classified-statements.ts';
import { answerOf, CALLS } from '../helpers/snowflake/same-answers.ts';
import { currentSnapshotFile, snapshotFile, snowflakeConfig } from '../helpers/snowflake/snowflake-shop.ts';
import { cleanShop, uncleanShop } from '../helpers/unclean-shop.ts';
import { type Emulator, exportShop, installFakesnow, startEmulator } from './emulator.ts';

const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-fakesnow-'));
const now = () => new Date('2026-02-01T10:00:00Z');
/** It keeps no history. */
const SETTINGS = { timeTravel: false };

let emulator: Emulator;
let local: Services;
let remote: Services;
let clean: TestSnapshot;

beforeAll(async () => {
  await installFakesnow();
  const home = join(folder, 'demo');
  await createDemoShop({ home, customers: 300, seed: 42, asOf: '2026-01-31' });
  clean = await makeSnapshot(cleanShop, join(folder, 'clean'));
  await using unclean = await makeSnapshot(uncleanShop(), join(folder, 'unclean'));
  const shops = join(folder, 'shops');
  await exportShop(await currentSnapshotFile(home), join(shops, 'AUTOMATED_INTELLIGENCE'));
  await exportShop(snapshotFile(unclean), join(shops, 'UNCLEAN'));
  emulator = await startEmulator(shops);
  const options = { showContacts: true, threads: 1, now };
  local = createServices({ ...options, home });
  remote = createServices({
    ...options,
    home: join(folder, 'remote'),
    snowflake: snowflakeConfig(emulator, SETTINGS),
  });
});

afterAll(async () => {
  await local?.[Symbol.asyncDispose]();
  await remote?.[Symbol.asyncDispose]();
  await clean?.[Symbol.asyncDispose]();
  await emulator?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe('the product on orders in fakesnow', () => {
  it.each(CALLS)('answers %s %j as it does on the same orders imported', async (tool, args) => {
    const expected = await answerOf(local, tool, args);
    expect(await answerOf(remote, tool, args)).toBe(expected);
    expect(expected).toContain('"isError": false');
  });

  it('explains a customer as it does on imported orders', async () => {
    const client = await connectClient(local);
    const listed = await callText(client, 'get_at_risk_customers', { limit: 1 });
    await client.close();
    const listedSchema = z.object({ customers: z.array(z.object({ customer_id: z.int() })) });
    const [{ customer_id }] = listedSchema.parse(listed.structuredContent).customers;
    const expected = await answerOf(local, 'explain_churn_risk', { customer_id });
    expect(await answerOf(remote, 'explain_churn_risk', { customer_id })).toBe(expected);
  });
});

describe('a deployment to fakesnow', () => {
  it('is accepted, and accepted again, since comments say who made what is there', async () => {
    const { signal } = new AbortController();
    const config = snowflakeConfig(emulator, SETTINGS);
    const parts = ['schemas', 'serving', 'models', 'campaigns'] as const;
    const steps = planDeployment({ config, warehouse: 'TEST', parts, models: [] });
    const run = { signal, onStep: () => undefined };
    await runDeployment(steps, config, run);
    await runDeployment(steps, config, run);
    const listed = classifiedStatements().filter(({ alsoRunBy }) => alsoRunBy === 'fakesnow');
    const listedFiles = listed.filter(({ folder }) => folder === 'deploy').map(({ file }) => file);
    expect([...new Set(steps.map(({ file }) => file))]).toEqual(listedFiles);
  });

  it('takes the models and the scores of this machine, and a second run changes nothing', async () => {
    const env = {
      CHURN_MCP_HOME: join(folder, 'remote'),
      CHURN_MCP_LOG_LEVEL: 'error',
      CHURN_MCP_DATA_SOURCE: 'snowflake',
      CHURN_MCP_SNOWFLAKE_ACCOUNT: 'testaccount',
      CHURN_MCP_SNOWFLAKE_USER: 'analyst',
      CHURN_MCP_SNOWFLAKE_PASSWORD: 'any',
      CHURN_MCP_SNOWFLAKE_URL: emulator.url,
      CHURN_MCP_SNOWFLAKE_TIME_TRAVEL: 'false',
    };
    const score = ['score', '--model', 'customer_churn_forecast', '--to-snowflake', '--quiet'];
    const outputs: string[] = [];
    for (const args of [['models', 'push'], ['models', 'push'], score, score, ['models', 'remote']]) {
      const { code, stdout, stderr } = await runCli(args, env);
      expect({ args, code, stderr }).toMatchObject({ args, code: 0, stderr: expect.any(String) });
      outputs.push(stdout.replaceAll(/v_\d+_\d+/g, 'VERSION'));
    }
    expect(outputs).toMatchInlineSnapshot(`
      [
        "Copied customer_churn_predictor VERSION to Snowflake.
      Copied customer_churn_forecast VERSION to Snowflake.
      Copied product_recommendation VERSION to Snowflake.
      ",
        "customer_churn_predictor VERSION is in Snowflake already.
      customer_churn_forecast VERSION is in Snowflake already.
      product_recommendation VERSION is in Snowflake already.
      ",
        "Scored 300 customers as of 2026-01-31 with customer_churn_forecast VERSION; 300 of them are new in Snowflake.
      ",
        "Scored 300 customers as of 2026-01-31 with customer_churn_forecast VERSION; 0 of them are new in Snowflake.
      ",
        "customer_churn_forecast VERSION (champion, here too)
      customer_churn_predictor VERSION (champion, here too)
      product_recommendation VERSION (champion, here too)
      ",
      ]
    `);
  });
});

describe('tables in fakesnow that nobody cleaned', () => {
  it('count as the same shop would that was imported', async () => {
    await using provider = openSnowflake(snowflakeConfig(emulator, { ...SETTINGS, database: 'unclean' }));
    const data = await provider.current();
    const { fingerprint: _, leftOut, ...counts } = await data.summary();
    const { fingerprint: __, ...expected } = clean.summary;
    expect(counts).toEqual(expected);
    expect(leftOut).toHaveLength(11);
    const tables = SERVING_TABLES.map(({ table }) => `interactive.${table}`).concat(
      SHOP_TABLE_NAMES.map((table) => `raw.${table}`),
    );
    for (const table of tables) {
      // The text of a time is each engine's own.
      const columns =
        table === 'raw.orders' ? 'order_id, customer_id, cast(order_date as date) as day, total_amount' : '*';
      const query = { text: `select ${columns} from ${table} order by 1, 2`, values: [] };
      const [here, there] = await Promise.all([clean.data.columns(query), data.columns(query)]);
      expect(Object.fromEntries(there.columnNames.map((name) => [name, there.text(name)])), table).toEqual(
        Object.fromEntries(here.columnNames.map((name) => [name, here.text(name)])),
      );
    }
  });
});
