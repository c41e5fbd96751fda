import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { Query } from '../../../src/data/data-source.ts';
import type { SnowflakeSettings } from '../../../src/snowflake/snowflake-config.ts';
import { makeTastefulShop } from '../../helpers/recommendation-shop.ts';
import { makeSnapshot, type TestSnapshot } from '../../helpers/snapshot.ts';
import { openShop, snapshotFile } from '../../helpers/snowflake/snowflake-shop.ts';
import type { TestSnowflakeOptions } from '../../helpers/snowflake/test-snowflake.ts';

let snapshot: TestSnapshot;
let later: TestSnapshot;

beforeAll(async () => {
  const shop = makeTastefulShop(20, 6);
  snapshot = await makeSnapshot(shop);
  const order = { order_id: 'new', customer_id: 99, order_date: '2024-08-29 08:00:00', total_amount: 5 };
  later = await makeSnapshot({ ...shop, orders: [...shop.orders, order] });
});

afterAll(async () => {
  await snapshot[Symbol.asyncDispose]();
  await later[Symbol.asyncDispose]();
});

async function open(options: Partial<TestSnowflakeOptions> = {}, settings: Partial<SnowflakeSettings> = {}) {
  const shop = await openShop(snapshot, { rowsPerChunk: 50, ...options }, settings);
  onTestFinished(() => shop[Symbol.asyncDispose]());
  return shop;
}

/** A result of several chunks. */
const ORDERS = { text: 'select order_id from raw.orders order by order_id', values: [] };
const FEATURES: Query = { file: 'portable/reads/churn_features', values: [] };
const ONE = { text: 'select cast(? as integer) as one', values: [1] };
const oneSchema = z.object({ one: z.literal(1) });

/** What Snowflake says of a table whose history does not go back to the moment. */
const PAST_LOST = {
  refuse: { code: '000707', message: 'Time travel data is not available for table ORDERS.' },
};

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const { code, message, hint } = z
    .object({ code: z.string(), message: z.string(), hint: z.string().optional() })
    .parse(error);
  expect(`${message} ${hint}`).not.toMatch(/select|127\.0\.0\.1|\/chunks|correct horse|ANALYST/);
  return { code, message };
}

describe('a Snowflake connection', () => {
  it('says that the login was refused', async () => {
    const { provider, testServer } = await open({}, { password: 'wrong' });
    expect(await failureOf(provider.current())).toEqual({
      code: 'SNOWFLAKE_LOGIN',
      message: 'Snowflake refused the login.',
    });
    expect(testServer.queries).toEqual([]);
  });

  it('says that the account does not answer', async () => {
    const { provider } = await open({}, { url: 'http://127.0.0.1:1', timeoutS: 5 });
    expect(await failureOf(provider.current())).toMatchObject({ code: 'SNOWFLAKE_UNREACHABLE' });
  });

  it.each([503, 429])('retries after the answer %i', async (status) => {
    const { provider, testServer } = await open();
    const data = await provider.current();
    testServer.faults.add({ at: 'query', action: { status }, times: 1, matching: /order by order_id/ });
    expect((await data.columns(ORDERS)).rowCount).toBe(snapshot.summary.orders);
  });

  it('survives a connection that drops before the answer, and runs the statement once', async () => {
    const { provider, testServer } = await open();
    const data = await provider.current();
    testServer.faults.add({ at: 'query', action: 'drop', times: 1, matching: /order by order_id/ });
    expect((await data.columns(ORDERS)).rowCount).toBe(snapshot.summary.orders);
    expect(testServer.queries.filter(({ sqlText }) => sqlText.includes('order by order_id'))).toHaveLength(1);
  });

  it('survives one connection that drops in the middle of a chunk', async () => {
    const { provider, testServer } = await open();
    const data = await provider.current();
    testServer.faults.add({ at: 'chunk', action: 'drop half', times: 1 });
    const expected = await snapshot.data.columns(ORDERS);
    expect((await data.columns(ORDERS)).text('order_id')).toEqual(expected.text('order_id'));
  });

  it.each(['drop half', 'damage', { status: 503 }] as const)(
    'ends at the deadline if a chunk never arrives whole (%j), and the next query works',
    async (action) => {
      const { provider, testServer } = await open({}, { timeoutS: 3 });
      const data = await provider.current();
      testServer.faults.add({ at: 'chunk', action });
      expect(await failureOf(data.columns(ORDERS))).toEqual({
        code: 'SNOWFLAKE_TIMEOUT',
        message: 'Snowflake did not answer within 3 seconds.',
      });
      testServer.faults.clear();
      expect((await data.columns(ORDERS)).rowCount).toBe(snapshot.summary.orders);
    },
  );

  it('fails if a chunk is lost', async () => {
    const { provider, testServer } = await open();
    const data = await provider.current();
    testServer.faults.add({ at: 'chunk', action: { status: 404 } });
    expect(await failureOf(data.columns(ORDERS))).toEqual({
      code: 'SNOWFLAKE_UNREACHABLE',
      message: 'Snowflake cannot be reached, or its answer was interrupted.',
    });
  });

  it('renews a token that has expired', async () => {
    const { provider, testServer } = await open();
    const data = await provider.current();
    await data.columns(FEATURES);
    testServer.expireTokens();
    expect((await data.columns(FEATURES)).rowCount).toBe(snapshot.summary.customers);
    expect(testServer.requests.filter((path) => path === '/session/token-request')).toHaveLength(1);
    expect(testServer.requests.filter((path) => path === '/session/v1/login-request')).toHaveLength(1);
  });

  it('logs in again if the token cannot be renewed', async () => {
    const { provider, testServer } = await open();
    const data = await provider.current();
    testServer.faults.add({ at: 'renew', action: { refuse: { code: '390114', message: 'Log in again.' } } });
    testServer.expireTokens();
    expect((await data.columns(FEATURES)).rowCount).toBe(snapshot.summary.customers);
    expect(testServer.requests.filter((path) => path === '/session/v1/login-request')).toHaveLength(2);
  });

  it.each([503, 429])('retries the login after the answer %i', async (status) => {
    const { provider, testServer } = await open();
    testServer.faults.add({ at: 'login', action: { status }, times: 1 });
    expect((await (await provider.current()).summary()).orders).toBe(snapshot.summary.orders);
  });

  it('makes its temporary tables again after the session has ended', async () => {
    const { provider, testServer } = await open();
    const data = await provider.current();
    await data.columns(FEATURES);
    testServer.endSessions();
    expect((await data.columns(FEATURES)).rowCount).toBe(snapshot.summary.customers);
    expect(testServer.requests.filter((path) => path === '/session/v1/login-request')).toHaveLength(2);
    testServer.endSessions();
    expect(await provider.current()).toBe(data);
  });

  it('makes its relations again after the session has ended', async () => {
    const { provider, testServer } = await open();
    const relation = {
      name: 'first_orders',
      text: 'select min(order_id) as one_id from raw.orders',
      values: [],
    };
    await using derived = await (await provider.current()).withRelations([relation]);
    const query = { text: 'select one_id from first_orders', values: [] };
    const before = (await derived.columns(query)).text('one_id');
    testServer.endSessions();
    expect((await derived.columns(query)).text('one_id')).toEqual(before);
  });

  it('says that the role has no such table', async () => {
    const { provider } = await open({}, { orders: 'SHOP.PUBLIC.SALES' });
    expect(await failureOf(provider.current())).toEqual({
      code: 'SNOWFLAKE_ACCESS',
      message: 'A table or the warehouse is missing, or the role may not use it.',
    });
  });
});

describe('a long query in Snowflake', () => {
  it('is cancelled in Snowflake when its call is cancelled', async () => {
    const { provider, testServer } = await open();
    const data = await provider.current();
    testServer.slowDown({ matching: /order by order_id/, milliseconds: 60_000 });
    const abort = new AbortController();
    const query = data.columns({ ...ORDERS, signal: abort.signal });
    await expect.poll(() => testServer.queries.at(-1)?.sqlText).toContain('order by order_id');
    abort.abort();
    expect(await failureOf(query)).toEqual({ code: 'CANCELLED', message: 'The query was cancelled.' });
    await expect.poll(() => testServer.queries.at(-1)?.state).toBe('cancelled');
    expect(await data.rows(ONE, oneSchema)).toEqual([{ one: 1 }]);
  });

  it('is cancelled in Snowflake at the deadline', async () => {
    const { provider, testServer } = await open({}, { timeoutS: 1 });
    const data = await provider.current();
    testServer.slowDown({ matching: /order by order_id/, milliseconds: 60_000 });
    expect(await failureOf(data.columns(ORDERS))).toMatchObject({ code: 'SNOWFLAKE_TIMEOUT' });
    await expect.poll(() => testServer.queries.at(-1)?.state).toBe('cancelled');
  });

  it('is waited for if Snowflake says that it is still running', async () => {
    const { provider, testServer } = await open({ longPollMs: 50 });
    const data = await provider.current();
    testServer.slowDown({ matching: /order by order_id/, milliseconds: 300 });
    expect((await data.columns(ORDERS)).rowCount).toBe(snapshot.summary.orders);
    expect(testServer.requests.some((path) => /^\/queries\/[\w-]+\/result$/.test(path))).toBe(true);
  });

  it('fails only for the caller who cancelled it, if others wait for the same table', async () => {
    const { provider, testServer } = await open();
    const data = await provider.current();
    testServer.slowDown({ matching: /temporary table churn_mcp_churn_features/, milliseconds: 500 });
    const abort = new AbortController();
    const first = data.columns({ ...FEATURES, signal: abort.signal });
    const second = data.columns(FEATURES);
    await expect.poll(() => testServer.queries.at(-1)?.sqlText).toContain('churn_mcp_churn_features');
    abort.abort();
    expect(await failureOf(first)).toMatchObject({ code: 'CANCELLED' });
    expect((await second).rowCount).toBe(snapshot.summary.customers);
  });
});

describe('tables in Snowflake that change', () => {
  it('are seen by the next call, but not by a running one', async () => {
    const { provider, testServer } = await open();
    const before = await provider.current();
    await testServer.change(snapshotFile(later));
    expect((await before.columns(ORDERS)).rowCount).toBe(snapshot.summary.orders);
    expect((await before.columns(FEATURES)).rowCount).toBe(snapshot.summary.customers);
    const after = await provider.current();
    expect(after).not.toBe(before);
    const { fingerprint, ...summary } = await after.summary();
    const { fingerprint: _, ...imported } = later.summary;
    expect(summary).toEqual(imported);
    expect(fingerprint).not.toBe((await before.summary()).fingerprint);
    expect((await after.columns(FEATURES)).rowCount).toBe(later.summary.customers);
    expect((await before.columns(ORDERS)).rowCount).toBe(snapshot.summary.orders);
  });

  it('stay the same source as long as their content is the same', async () => {
    const { provider, testServer } = await open();
    const before = await provider.current();
    await testServer.change(snapshotFile(later));
    await testServer.change(snapshotFile(snapshot));
    expect(await provider.current()).toBe(before);
  });

  it('answers as of a later moment if a table was made anew with the same content', async () => {
    const { provider, testServer } = await open();
    const data = await provider.current();
    testServer.faults.add({ at: 'query', action: PAST_LOST, matching: /at \(statement/, times: 1 });
    expect((await data.columns(ORDERS)).rowCount).toBe(snapshot.summary.orders);
    const summaries = testServer.queries.filter(({ sqlText }) => sqlText.includes('hash_agg'));
    expect(summaries).toHaveLength(2);
  });

  it('says so if a table was made anew with other content, or keeps no history at all', async () => {
    const { provider, testServer } = await open();
    const data = await provider.current();
    const error = { code: 'SNOWFLAKE_ACCESS', message: 'A table was made anew while it was read.' };
    testServer.faults.add({ at: 'query', action: PAST_LOST, matching: /at \(statement/ });
    expect(await failureOf(data.columns(ORDERS))).toEqual(error);
    testServer.faults.clear();
    testServer.faults.add({ at: 'query', action: PAST_LOST, matching: /at \(statement/, times: 1 });
    await testServer.change(snapshotFile(later));
    expect(await failureOf(data.columns(ORDERS))).toEqual(error);
  });
});
