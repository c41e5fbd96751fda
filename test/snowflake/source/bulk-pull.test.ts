import { copyFileSync, existsSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ColumnTable, DataSource, SqlValue } from '../../../src/data/data-source.ts';
import type { SqlFile } from '../../../src/data/sql-file.ts';
import { readActiveCustomers } from '../../../src/features/read-churn-features.ts';
import { ASIDE_NAME } from '../../../src/files/aside.ts';
import { finalOrder } from '../../../src/snowflake/source/bulk-pull.ts';
import { makeTastefulShop } from '../../helpers/recommendation-shop.ts';
import { makeSnapshot, type TestSnapshot } from '../../helpers/snapshot.ts';
import { openShop } from '../../helpers/snowflake/snowflake-shop.ts';

let snapshot: TestSnapshot;
let shop: Awaited<ReturnType<typeof openShop>>;
let remote: DataSource;

beforeAll(async () => {
  // A folder for temporary ones that no other test writes to.
  vi.stubEnv('TMPDIR', await mkdtemp(join(tmpdir(), 'churn-mcp-test-')));
  snapshot = await makeSnapshot(makeTastefulShop(200, 12));
  shop = await openShop(snapshot, {}, { bulkFrom: 1 });
  remote = await shop.provider.current();
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await shop[Symbol.asyncDispose]();
  await snapshot[Symbol.asyncDispose]();
});

function contentOf(table: ColumnTable) {
  return Object.fromEntries(table.columnNames.map((name) => [name, table.text(name)]));
}

/** What is left on the stage and in folders of ours. */
function left(): string[] {
  const stage = join(shop.testServer.stagesFolder, '~', 'churn_mcp');
  const folders = readdirSync(tmpdir()).filter(
    (name) => ASIDE_NAME.exec(name)?.groups?.pid === String(process.pid),
  );
  return [...(existsSync(stage) ? readdirSync(stage) : []), ...folders];
}

describe('a table that is fetched as files', () => {
  it.each<[SqlFile, SqlValue[]]>([
    ['portable/reads/churn_features', []],
    ['portable/reads/reference_features', []],
    ['portable/labels/churn_labels', ['2024-02-01', 30]],
    ['portable/tables/churn_features', ['2024-02-01']],
  ])('equals the one that is fetched as rows: %s', async (file, values) => {
    const before = shop.testServer.queries.length;
    const table = await remote.columns({ file, values, isLarge: true });
    const sent = shop.testServer.queries.slice(before).map(({ sqlText }) => sqlText);
    expect(sent.some((text) => /copy into @~/.test(text))).toBe(true);
    const local = await snapshot.data.columns({ file, values });
    expect(contentOf(table)).toEqual(contentOf(local));
    expect(table.ids('customer_id')).toEqual(local.ids('customer_id'));
    const [, feature] = local.columnNames.filter((name) => name.startsWith('total') || name === 'churned');
    if (feature !== undefined) expect(table.float32(feature)).toEqual(local.float32(feature));
    expect(left()).toEqual([]);
  });

  it('has the customers who were active, as every answer that grows with their number', async () => {
    const before = shop.testServer.queries.length;
    const request = { asOf: '2024-02-01', days: 30 };
    const active = await readActiveCustomers(remote, request);
    const sent = shop.testServer.queries.slice(before).map(({ sqlText }) => sqlText);
    expect(sent.some((text) => /copy into @~/.test(text))).toBe(true);
    expect(active.size).toBeGreaterThan(10);
    expect(active).toEqual(await readActiveCustomers(snapshot.data, request));
  });

  it('keeps text ids that look like numbers', async () => {
    const orders = ['00017', '17', 'ä', 'Z'].map((customer_id, index) => ({
      order_id: String(index),
      customer_id,
      order_date: `2024-01-0${index + 1}`,
      total_amount: 10.1 * index,
    }));
    await using local = await makeSnapshot({ orders });
    const without = { customers: 'none', orderItems: 'none', productCatalog: 'none' };
    await using small = await openShop(local, {}, { ...without, bulkFrom: 1 });
    const query = { file: 'portable/reads/churn_features', values: [], isLarge: true } as const;
    const table = await (await small.provider.current()).columns(query);
    expect(table.ids('customer_id')).toEqual(['00017', '17', 'Z', 'ä']);
    expect(contentOf(table)).toEqual(contentOf(await local.data.columns(query)));
  });

  it('leaves nothing behind if it fails or is cancelled, and the next fetch works', async () => {
    const query = { file: 'portable/reads/churn_features', values: [], isLarge: true } as const;
    shop.testServer.slowDown({ matching: /copy into/, milliseconds: 300 });
    await expect(remote.columns({ ...query, signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    shop.testServer.slowDown(undefined);
    expect((await remote.columns(query)).rowCount).toBe(200);
    expect(left()).toEqual([]);
  });

  it('has its columns even without rows', async () => {
    const query = { file: 'portable/tables/churn_features', values: ['1990-01-01'] } as const;
    const table = await remote.columns({ ...query, isLarge: true });
    expect(table.rowCount).toBe(0);
    expect(table.columnNames).toEqual((await snapshot.data.columns(query)).columnNames);
    expect(left()).toEqual([]);
  });

  it.each([
    ['is lost', (file: string) => rmSync(file)],
    ['comes cut off', (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2))],
    ['comes empty', (file: string) => truncateSync(file)],
    ['comes twice', (file: string) => copyFileSync(file, `${file}.another.parquet`)],
  ])('fails if a file %s, leaves nothing behind, and the next fetch works', async (_, spoil) => {
    const query = { file: 'portable/reads/churn_features', values: [], isLarge: true } as const;
    shop.testServer.spoilFiles((folder) => {
      for (const file of readdirSync(folder)) spoil(join(folder, file));
    });
    onTestFinished(() => shop.testServer.spoilFiles(undefined));
    await expect(remote.columns(query)).rejects.toMatchObject({ code: 'SNOWFLAKE_UNREACHABLE' });
    shop.testServer.spoilFiles(undefined);
    expect((await remote.columns(query)).rowCount).toBe(200);
    expect(left()).toEqual([]);
  });

  it('comes as rows in the same order if the account forbids to unload to its stages', async () => {
    const query = { file: 'portable/reads/churn_features', values: [], isLarge: true } as const;
    const expected = contentOf(await snapshot.data.columns(query));
    const message = 'Unload to an internal stage is not allowed.';
    for (const code of ['003001', '391604']) {
      const action = { refuse: { code, message } };
      shop.testServer.faults.add({ at: 'query', action, times: 1, matching: /copy into/ });
      expect(contentOf(await remote.columns(query))).toEqual(expected);
    }
    shop.testServer.faults.clear();
    expect(left()).toEqual([]);
  });

  it.each([
    [/^get /, true],
    [/copy into/, false],
    [/temporary table churn_mcp_pull/, true],
  ])(
    'is fetched again in a new session if the old one ended at %s, and fails if the role may not: %j',
    async (matching, fails) => {
      const query = { file: 'portable/reads/churn_features', values: [], isLarge: true } as const;
      const refuse = (code: string) => ({ refuse: { code, message: 'No.' } });
      shop.testServer.faults.add({ at: 'query', action: refuse('390112'), times: 1, matching });
      expect((await remote.columns(query)).rowCount).toBe(200);
      shop.testServer.faults.add({ at: 'query', action: refuse('003001'), times: 1, matching });
      const fetched = remote.columns(query);
      if (fails) await expect(fetched).rejects.toMatchObject({ code: 'SNOWFLAKE_ACCESS' });
      else expect((await fetched).rowCount).toBe(200);
      shop.testServer.faults.clear();
      expect(left()).toEqual([]);
    },
  );

  it('is not used for a small result', async () => {
    const before = shop.testServer.queries.length;
    await remote.columns({ file: 'portable/reads/churn_features_of_customer', values: ['1'] });
    expect(shop.testServer.queries.length - before).toBe(1);
  });
});

describe('the order of a statement’s rows', () => {
  it.each([
    ['select 1 order by a, t.b', ['a', 'b']],
    ['select * from (\nselect 1\norder by t.customer_id, t.product_id\n)', ['customer_id', 'product_id']],
    ['select row_number() over (order by a) from t', undefined],
    ['select 1', undefined],
  ])('is read from its last order by: %j is ordered by %j', (text, order) => {
    expect(finalOrder(text)).toEqual(order);
  });
});
