import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnTable, DataSource } from '../../../src/data/data-source.ts';
import { SERVING_TABLES } from '../../../src/data/serving-tables.ts';
import { makeTastefulShop } from '../../helpers/recommendation-shop.ts';
import { makeSnapshot, type TestSnapshot } from '../../helpers/snapshot.ts';
import { openShop } from '../../helpers/snowflake/warehouse-shop.ts';

let snapshot: TestSnapshot;
let shop: Awaited<ReturnType<typeof openShop>>;
let warehouse: DataSource;

beforeAll(async () => {
  snapshot = await makeSnapshot(makeTastefulShop(60, 12));
  shop = await openShop(snapshot, { rowsPerChunk: 37 });
  warehouse = await shop.provider.current();
});

afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  await snapshot[Symbol.asyncDispose]();
});

/** Everything that can be read of a table, by column. */
function contentOf(table: ColumnTable) {
  return Object.fromEntries(table.columnNames.map((name) => [name, table.text(name)]));
}

describe('the same statements in the warehouse', () => {
  it('sum up the shop alike', async () => {
    const { fingerprint: _, ...local } = snapshot.summary;
    const { fingerprint, ...remote } = await warehouse.summary();
    expect(remote).toEqual(local);
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(SERVING_TABLES.map(({ table }) => table))('give the same %s', async (table) => {
    const query = { sql: `select * from interactive.${table} order by 1, 2`, values: [] };
    const [local, remote] = await Promise.all([snapshot.data.columns(query), warehouse.columns(query)]);
    expect(remote.rowCount).toBeGreaterThan(0);
    expect(contentOf(remote)).toEqual(contentOf(local));
  });
});
