import { Dialect, init, parse } from '@polyglot-sql/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createServices } from '../../src/server/create-services.ts';
import type { Services } from '../../src/server/services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { copyOfHome } from '../helpers/shared-homes.ts';
import { newTestHome } from '../helpers/snapshot.ts';
import { answerOf, CALLS } from '../helpers/snowflake/same-answers.ts';
import { currentSnapshotFile, PASSWORD, snowflakeConfig } from '../helpers/snowflake/snowflake-shop.ts';
import { TestSnowflake } from '../helpers/snowflake/test-snowflake.ts';

/** One clock for both, so that versions have the same names. */
const now = () => new Date('2026-02-01T10:00:00Z');

let testServer: TestSnowflake;
let local: Services;
let remote: Services;

beforeAll(async () => {
  const home = await copyOfHome('demo shop');
  const snapshot = await currentSnapshotFile(home);
  testServer = await TestSnowflake.start({ user: { password: PASSWORD }, snapshot, rowsPerChunk: 500 });
  const options = { showContacts: true, threads: 1, now };
  local = createServices({ ...options, home });
  remote = createServices({ ...options, home: await newTestHome(), snowflake: snowflakeConfig(testServer) });
});

afterAll(async () => {
  await local[Symbol.asyncDispose]();
  await remote[Symbol.asyncDispose]();
  await testServer[Symbol.asyncDispose]();
});

const listedSchema = z.object({ customers: z.array(z.object({ customer_id: z.int() })) });

const NASTY = `REGULAR'; drop table "AUTOMATED_INTELLIGENCE"."RAW"."ORDERS"; -- /* $$ \\' model_files`;

describe('the product on orders in Snowflake', () => {
  it.each(CALLS)('answers %s %j as it does on the same orders imported', async (tool, args) => {
    const expected = await answerOf(local, tool, args);
    expect(await answerOf(remote, tool, args)).toBe(expected);
    expect(expected).toContain('"isError": false');
  });

  it('explains a customer as it does on imported orders', async () => {
    const client = await connectClient(local);
    const listed = await callText(client, 'get_at_risk_customers', { limit: 1 });
    await client.close();
    const [{ customer_id }] = listedSchema.parse(listed.structuredContent).customers;
    const expected = await answerOf(local, 'explain_churn_risk', { customer_id });
    expect(await answerOf(remote, 'explain_churn_risk', { customer_id })).toBe(expected);
  });

  it('scores and recommends for everyone as it does on imported orders', async () => {
    const { signal } = new AbortController();
    const request = { model: 'customer_churn_forecast' } as const;
    // The cards say how long the trainings took, and from which data.
    const scoresOf = async (services: Services) => {
      const { card, ...scores } = await services.score(request, { signal });
      expect(card.model).toBe('customer_churn_forecast');
      return scores;
    };
    expect(await scoresOf(remote)).toEqual(await scoresOf(local));
    const everyone = { nProducts: 2, includePurchased: false };
    const listsOf = async (services: Services) => {
      const lists: unknown[] = [];
      for await (const list of services.recommendInBatches(everyone, { signal })) lists.push(list);
      return lists;
    };
    expect(await listsOf(remote)).toEqual(await listsOf(local));
    expect((await remote.shop.segments()).segments).toEqual((await local.shop.segments()).segments);
  });

  it.each([
    ['get_product_recommendations', { segment: NASTY, n_customers: 2 }],
    ['explain_churn_risk', { customer_id: NASTY }],
    ['get_churn_metrics', { version: NASTY }],
    ['promote_model', { model: 'customer_churn_forecast', version: NASTY }],
    ['promote_model', { model: NASTY, version: 'v_20260201_100000' }],
    ['train_churn_model', { label: 'inactivity', comment: NASTY }],
  ])('treats hostile arguments of %s as text, and changes nothing: %j', async (tool, args) => {
    const tables = await (await remote.data.current()).summary();
    const expected = await answerOf(local, tool, args);
    expect(await answerOf(remote, tool, args)).toBe(expected);
    expect(testServer.queries.filter(({ sqlText }) => sqlText.includes('model_files'))).toEqual([]);
    expect(await (await remote.data.current()).summary()).toEqual(tables);
  });

  it('sends nothing that is not Snowflake SQL', async () => {
    await init();
    for (const text of new Set(testServer.queries.map(({ sqlText }) => sqlText))) {
      expect(parse(text, Dialect.Snowflake), text).toMatchObject({ success: true });
    }
  });

  it('binds all values, tags every statement and gives each a deadline', () => {
    expect(testServer.queries.length).toBeGreaterThan(50);
    for (const { sqlText, parameters, state } of testServer.queries) {
      // Without a deployment its schema is missing, and so are its dynamic tables.
      if (!sqlText.includes('show dynamic tables')) expect(state).toBe('done');
      expect(parameters).toMatchObject({
        QUERY_TAG: expect.stringMatching(/^churn-mcp [a-z_/]+$/),
        STATEMENT_TIMEOUT_IN_SECONDS: 60,
      });
      const text = sqlText.replaceAll(/--.*$/gm, '');
      expect(text.match(/'\d{4}-\d{2}-\d{2}'/)).toBeNull();
      // Unquoted names are upper case over there, so a quoted lower-case one would be another's.
      const quotedNames = [...text.matchAll(/"([^"]*)"/g)].map(([, name]) => name);
      expect(quotedNames.filter((name) => name !== name.toUpperCase())).toEqual([]);
    }
  });

  it.each([
    ['orders', 'RAW."ORDERS""; drop table customers; --"'],
    ['customers', `"it's"."--"."/* ORDERS */"`],
    ['productCatalog', '"$$ ; select 1 as ""x"""'],
  ])('quotes the name of the %s table: %s', async (table, name) => {
    const home = await newTestHome();
    const snowflake = snowflakeConfig(testServer, { [table]: name });
    await using services = createServices({ home, threads: 1, now, showContacts: true, snowflake });
    const before = testServer.queries.length;
    const client = await connectClient(services);
    const answer = await callText(client, 'get_at_risk_customers', {});
    await client.close();
    expect(answer.text).toContain('A table or the warehouse is missing, or the role may not use it.');
    const sent = testServer.queries.slice(before).map(({ sqlText }) => sqlText);
    const [, last = ''] = /("(?:[^"]|"")+")$/.exec(name) ?? [];
    expect(sent.some((text) => text.includes(last))).toBe(true);
    for (const text of sent) expect(text.replaceAll(last, '')).not.toMatch(/drop table|\/\*|\$\$/);
  });
});
