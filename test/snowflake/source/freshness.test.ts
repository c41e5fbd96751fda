import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSnapshot, type TestSnapshot } from '../../helpers/snapshot.ts';
import { openShop, snapshotFile } from '../../helpers/snowflake/snowflake-shop.ts';

const orders = ['2024-01-01', '2024-02-01', '2024-03-01'].map((order_date, row) => ({
  order_id: String(row),
  customer_id: row,
  order_date,
  total_amount: 10,
}));
const later = [...orders, { order_id: '9', customer_id: 9, order_date: '2024-04-01', total_amount: 5 }];

let before: TestSnapshot;
let after: TestSnapshot;

beforeAll(async () => {
  before = await makeSnapshot({ orders });
  after = await makeSnapshot({ orders: later });
});

afterAll(async () => {
  await before[Symbol.asyncDispose]();
  await after[Symbol.asyncDispose]();
});

describe('a shop in Snowflake that is looked at again', () => {
  it('is read again only if Snowflake says that a table has changed', async () => {
    await using shop = await openShop(before);
    const hashed = () => shop.testServer.queries.filter(({ sqlText }) => sqlText.includes('hash_agg')).length;
    const first = await shop.provider.current();
    for (let look = 0; look < 5; look++) expect(await shop.provider.current()).toBe(first);
    expect(hashed()).toBe(1);
    await shop.testServer.change(snapshotFile(after));
    expect((await (await shop.provider.current()).summary()).lastOrderDate).toBe('2024-04-01');
    expect(hashed()).toBe(2);
  });

  it('is read each time if Snowflake cannot say so, as of tables of other systems', async () => {
    await using shop = await openShop(before);
    shop.testServer.faults.add({
      at: 'query',
      action: { refuse: { code: '002141', message: 'Unknown function.' } },
      matching: /last_change_commit_time/,
    });
    await shop.provider.current();
    await shop.testServer.change(snapshotFile(after));
    expect((await (await shop.provider.current()).summary()).lastOrderDate).toBe('2024-04-01');
  });
});
