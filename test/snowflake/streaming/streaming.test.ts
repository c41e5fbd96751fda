import { generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChurnMcpError } from '../../../src/errors.ts';
import { ingestStream } from '../../../src/ingest/ingest-stream.ts';
import type { Acknowledgement } from '../../../src/ingest/row-destination.ts';
import type { RowKind } from '../../../src/ingest/row-kinds.ts';
import type { SnowflakeSettings } from '../../../src/snowflake/snowflake-config.ts';
import { channelName, SnowflakeDestination } from '../../../src/snowflake/streaming/snowflake-destination.ts';
import { collectCli, startCli } from '../../helpers/cli-process.ts';
import '../../helpers/property-seed.ts';
import { newTestHome } from '../../helpers/snapshot.ts';
import { snowflakeConfig } from '../../helpers/snowflake/snowflake-shop.ts';
import type { StreamingFault, StreamingPlace } from '../../helpers/snowflake/snowflake-streaming.ts';
import { TestSnowflake } from '../../helpers/snowflake/test-snowflake.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

let account: TestSnowflake;
let home: string;
let keyFile: string;

beforeAll(async () => {
  keyFile = join(await newTestHome(), 'key.p8');
  await writeFile(keyFile, privateKey, { mode: 0o600 });
});

async function newAccount(): Promise<TestSnowflake> {
  return await TestSnowflake.start({
    user: { publicKey, programmaticToken: 'pat-secret', oauthToken: 'oauth-secret', password: 'x' },
  });
}

beforeEach(async () => {
  await account?.[Symbol.asyncDispose]();
  account = await newAccount();
  home = await newTestHome();
});
afterAll(() => account[Symbol.asyncDispose]());

interface Sending {
  readonly settings?: Partial<SnowflakeSettings>;
  readonly kind?: RowKind;
  readonly random?: () => number;
  readonly waited?: number[];
  readonly batchRows?: number;
}

/** Sends lines as one process does, and says what it acknowledged. */
async function send(
  lines: readonly string[],
  { settings, kind, random = () => 0, waited = [], batchRows = 1000 }: Sending = {},
) {
  const destination = await SnowflakeDestination.open({
    config: snowflakeConfig(account, { password: undefined, privateKeyFile: keyFile, ...settings }),
    home,
    kind,
    batchRows,
    signal: new AbortController().signal,
    clock: {
      now: () => new Date(),
      random,
      sleep: async (ms) => {
        waited.push(ms);
      },
    },
  });
  const stored: Acknowledgement[] = [];
  const chunks = Readable.from(lines.map((line) => Buffer.from(`${line}\n`)));
  const skipped = await ingestStream(
    { chunks, position: 'line', endsLine: true },
    {
      destination,
      channel: 'shop',
      isRemembered: true,
      format: { format: 'ndjson', kind, map: {} },
      signal: new AbortController().signal,
      onStored: (one) => stored.push(one),
    },
  );
  return { skipped, stored };
}

const order = (id: number, more: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({
    kind: 'orders',
    order_id: id,
    customer_id: 1,
    order_date: '2026-01-01',
    total_amount: 2,
    ...more,
  });
const product = (id: number) => JSON.stringify({ kind: 'products', product_id: id, price: 5 });
const idsIn = (table: string, field: string) =>
  (account.streaming.tables.get(table) ?? []).map((row) => row[field]);
const rejects = () => readFile(join(home, 'log', 'rejects.ndjson'), 'utf8');
const opened = () =>
  account.requests.filter((path) => path.includes('/channels/') && !path.endsWith('/rows')).length;

describe('rows that stream into Snowflake', () => {
  it('go to the table of their kind, without fields that no table has, and are acknowledged once they are committed', async () => {
    account.streaming.commitAfterPolls = 3;
    const lines = [
      order(1, { note: 'x', offset_token: 7 }),
      JSON.stringify({ kind: 'products', product_id: 'p', offset_token: 9 }),
    ];
    expect(await send(lines)).toEqual({
      skipped: 0,
      stored: [{ channel: 'shop', offset_token: 9, rows: 2, rejected: 0 }],
    });
    expect(account.streaming.tables.get('ORDERS')).toEqual([
      { ORDER_ID: 1, CUSTOMER_ID: 1, ORDER_DATE: '2026-01-01', TOTAL_AMOUNT: 2 },
    ]);
    expect(account.streaming.tables.get('PRODUCT_CATALOG')).toEqual([{ PRODUCT_ID: 'p' }]);
    expect(account.requests.filter((path) => path.endsWith('/rows'))).toEqual([
      `/v2/streaming/data/databases/AUTOMATED_INTELLIGENCE/schemas/RAW/pipes/ORDERS-STREAMING/channels/${channelName('shop')}/rows`,
      `/v2/streaming/data/databases/AUTOMATED_INTELLIGENCE/schemas/RAW/pipes/PRODUCT_CATALOG-STREAMING/channels/${channelName('shop')}/rows`,
    ]);
  });

  it.each<[string, Partial<SnowflakeSettings>]>([
    ['a programmatic token', { privateKeyFile: undefined, token: 'pat-secret' }],
    ['OAuth', { privateKeyFile: undefined, authenticator: 'oauth', token: 'oauth-secret' }],
  ])('log in by %s too', async (_way, settings) => {
    await send([order(1)], { settings, kind: 'orders' });
    expect(idsIn('ORDERS', 'ORDER_ID')).toEqual([1]);
  });

  it('are refused with what to do if the login needs a session, or is wrong', async () => {
    const password = { privateKeyFile: undefined, password: 'x' };
    await expect(send([order(1)], { settings: password })).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
    const wrong = { privateKeyFile: undefined, token: 'wrong' };
    await expect(send([order(1)], { settings: wrong })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ChurnMcpError: Snowpipe Streaming refused the login: "390303: Invalid OAuth access token.".]`,
    );
    const table = { orders: 'NOT_THERE' };
    await expect(send([order(1)], { settings: table })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ChurnMcpError: Snowpipe Streaming refused: "ERR_PIPE_DOES_NOT_EXIST_OR_NOT_AUTHORIZED: The pipe NOT_THERE-STREAMING does not exist.".]`,
    );
    await expect(send([order(1)], { kind: 'returns' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('are skipped up to the offset token that Snowflake has committed for their table', async () => {
    await send([order(1), order(2), product(3)]);
    expect(await send([order(1), order(2), product(3), order(4), product(5)])).toMatchObject({ skipped: 3 });
    expect(idsIn('ORDERS', 'ORDER_ID')).toEqual([1, 2, 4]);
    expect(idsIn('PRODUCT_CATALOG', 'PRODUCT_ID')).toEqual([3, 5]);
  });

  it('go to the rejects with a reason if they are bad, would change an earlier row, or Snowflake leaves them out', async () => {
    const lines = [
      'not json',
      JSON.stringify({ kind: 'orders', order_id: 1, order_status: 'cancelled' }),
      JSON.stringify({ kind: 'returns', return_id: 1, order_id: 1, amount: 2 }),
      order(2),
      order(3, { total_amount: 123_456_789 }),
    ];
    expect(await send(lines)).toMatchObject({ stored: [{ offset_token: 5, rows: 1, rejected: 4 }] });
    expect(await rejects()).toMatchInlineSnapshot(`
      "{"channel":"shop","offset":1,"reason":"no JSON","content":"not json"}
      {"channel":"shop","offset":2,"reason":"Snowflake takes new rows only: a cancellation without customer_id changes an order, so change it there with SQL","content":"{\\"kind\\":\\"orders\\",\\"order_id\\":1,\\"order_status\\":\\"cancelled\\"}"}
      {"channel":"shop","offset":3,"reason":"Snowflake takes new rows only: it has no table for returns","content":"{\\"kind\\":\\"returns\\",\\"return_id\\":1,\\"order_id\\":1,\\"amount\\":2}"}
      {"channel":"shop","offset":5,"reason":"Snowflake left out 1 row of orders after offset 3 up to 5: Numeric value '123456789' is out of range","content":""}
      "
    `);
    await send(lines);
    expect((await rejects()).trimEnd().split('\n')).toHaveLength(4);
  });

  it('wait and go on if the service is busy, with another token if theirs has ended', async () => {
    const plan: Partial<Record<StreamingPlace, StreamingFault[]>> = {
      append: [429, 503, 401],
      status: ['lose', 500],
      hostname: [503],
    };
    account.streaming.fault = (place) => plan[place]?.shift();
    const waited: number[] = [];
    await send([order(1)], { kind: 'orders', random: () => 1, waited });
    expect(idsIn('ORDERS', 'ORDER_ID')).toEqual([1]);
    expect(waited).toEqual([500, 500, 1000, 1000, 500, 1000]);
  });

  it('say how many are not known to be stored if Snowflake does not commit, and go on from there', async () => {
    account.streaming.commitAfterPolls = Number.POSITIVE_INFINITY;
    await expect(send([order(1), order(2)], { kind: 'orders' })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ChurnMcpError: Snowflake took rows and does not commit them. 2 rows of the channel are not known to be stored; the same input sent again goes on there.]`,
    );
    account.streaming.commitAfterPolls = 1;
    await send([order(1), order(2)], { kind: 'orders' });
    expect(idsIn('ORDERS', 'ORDER_ID')).toEqual([1, 2]);
  });

  it('stop if another sender takes the channel again and again', async () => {
    account.streaming.fault = (place) => (place === 'append' ? 'forget' : undefined);
    await expect(send([order(1)], { kind: 'orders' })).rejects.toMatchObject({ code: 'CHANNEL_MOVED' });
    expect(opened()).toBe(11);
  });

  it('stay below the sizes of a request', async () => {
    const lines = Array.from({ length: 12 }, (_, at) =>
      JSON.stringify({ kind: 'products', product_id: at, description: '\u0001é'.repeat(120_000) }),
    );
    await send(lines, { kind: 'products' });
    expect(idsIn('PRODUCT_CATALOG', 'PRODUCT_ID')).toHaveLength(12);
    expect(Math.max(...account.streaming.requestBytes)).toBeLessThan(5 * 1024 * 1024);
  });

  const faults = fc.constantFrom<StreamingFault | undefined>(
    ...Array<undefined>(6).fill(undefined),
    ...(['drop', 'lose', 'forget', 400, 401, 429, 503] as const),
  );
  it('are in their tables exactly once and in order, whatever is dropped, forgotten, refused or begun again', async () => {
    const cases = fc.record({
      rows: fc.array(fc.boolean(), { minLength: 10, maxLength: 40 }),
      ends: fc.array(fc.integer({ min: 5, max: 40 }), { maxLength: 3 }),
      faults: fc.array(faults, { minLength: 10, maxLength: 100 }),
      commitAfterPolls: fc.integer({ min: 0, max: 3 }),
      batchRows: fc.integer({ min: 1, max: 12 }),
      atReopen: fc.integer({ min: 0, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(
        cases,
        async ({ rows, ends, faults: planned, commitAfterPolls, atReopen, batchRows }) => {
          const { streaming } = account;
          const left = [...planned];
          streaming.clear();
          streaming.commitAfterPolls = commitAfterPolls;
          streaming.committedAtReopen = () => atReopen;
          streaming.fault = (place) => (place === 'append' || place === 'status' ? left.shift() : undefined);
          const lines = rows.map((isOrder, at) => (isOrder ? order(at) : product(at)));
          for (const end of [...ends, rows.length]) {
            await send(lines.slice(0, end), { batchRows }).catch((error: unknown) => {
              if (!(error instanceof ChurnMcpError)) throw error;
            });
          }
          streaming.fault = () => undefined;
          await send(lines, { batchRows });
          const idsOf = (isOrder: boolean) => rows.flatMap((one, at) => (one === isOrder ? [at] : []));
          expect(idsIn('ORDERS', 'ORDER_ID')).toEqual(idsOf(true));
          expect(idsIn('PRODUCT_CATALOG', 'PRODUCT_ID')).toEqual(idsOf(false));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('churn-mcp ingest --to-snowflake', () => {
  const environment = () => ({
    CHURN_MCP_HOME: home,
    CHURN_MCP_DATA_SOURCE: 'snowflake',
    CHURN_MCP_SNOWFLAKE_ACCOUNT: 'testaccount',
    CHURN_MCP_SNOWFLAKE_USER: 'ANALYST',
    CHURN_MCP_SNOWFLAKE_PRIVATE_KEY_FILE: keyFile,
    CHURN_MCP_SNOWFLAKE_URL: account.url,
  });
  const start = (args: readonly string[]) =>
    startCli(['ingest', '--to-snowflake', '-q', '--kind', 'orders', ...args], environment());

  it('stores every row once and loses none that it acknowledged, if it is killed and started again', async () => {
    account.streaming.commitAfterPolls = 0;
    const file = join(home, 'orders.ndjson');
    await writeFile(file, Array.from({ length: 30_000 }, (_, at) => `${order(at)}\n`).join(''));
    for (const rows of [1, 20_001]) {
      const child = start(['--acks', file]);
      // The first process dies with rows that were sent and not committed, the second with some that were.
      account.streaming.fault = (place) => {
        const isThere = place === 'append' && account.streaming.requestBytes.length >= (rows === 1 ? 1 : 3);
        if (isThere) child.kill('SIGKILL');
        return isThere ? 'drop' : undefined;
      };
      await collectCli(child);
    }
    account.streaming.fault = () => undefined;
    const { stdout, code } = await collectCli(start([file]));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Stored [\d,]+ rows in Snowflake\.\n/);
    expect(idsIn('ORDERS', 'ORDER_ID')).toEqual(Array.from({ length: 30_000 }, (_, at) => at));
    const again = await collectCli(start([file]));
    expect(again.stdout).toBe('Stored 0 rows in Snowflake.\n');
  });

  it('waits at Ctrl-C until what it sent is committed', async () => {
    account.streaming.commitAfterPolls = 2;
    const child = start(['--channel', 'shop']);
    child.stdin.write(`${order(1)}\n`);
    account.streaming.fault = (place) => {
      if (place === 'status' && !child.killed) child.kill('SIGINT');
      return undefined;
    };
    const { stdout, code } = await collectCli(child);
    expect([code, stdout]).toEqual([0, 'Stored 1 row in Snowflake.\n']);
    expect(idsIn('ORDERS', 'ORDER_ID')).toEqual([1]);
  });

  it('asks for a channel for standard input, and for tables in Snowflake', async () => {
    const { stderr, code } = await collectCli(start([]));
    expect([code, stderr]).toMatchInlineSnapshot(`
      [
        2,
        "Rows from standard input go to Snowflake through a named channel. Name it: --channel NAME. The same input sent again then goes on after the rows that are stored.
      ",
      ]
    `);
    const child = startCli(['ingest', '--to-snowflake', 'x.ndjson'], { CHURN_MCP_HOME: home });
    expect((await collectCli(child)).stderr).toMatchInlineSnapshot(`
      "The orders are not in Snowflake, so --to-snowflake has no tables. Set CHURN_MCP_DATA_SOURCE=snowflake and the connection, as docs/snowflake.md says, or leave --to-snowflake out.
      "
    `);
  });
});
