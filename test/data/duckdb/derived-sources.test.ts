import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { makeRepetitiveShop } from '../../helpers/repetitive-shop.ts';
import { makeSnapshot, type TestSnapshot } from '../../helpers/snapshot.ts';

let shop: TestSnapshot;
beforeAll(async () => {
  shop = await makeSnapshot(makeRepetitiveShop(2));
});
afterAll(() => shop[Symbol.asyncDispose]());

const count = { text: 'select count(*) as rows from orders_of_shop', values: [] };
const relation = { name: 'orders_of_shop', text: 'select * from raw.orders', values: [] };
const more = { name: 'more', text: 'select * from orders_of_shop', values: [] };
const counted = z.object({ rows: z.number() });

it.each([{ areHuge: true }, { areForSeveral: true }, {}])(
  'a source outlives the one it is derived from (%o)',
  async (options) => {
    const first = await shop.data.withRelations([relation], undefined, options);
    const [expected] = await first.rows(count, counted);
    await using second = await first.withRelations([more]);
    await first[Symbol.asyncDispose]();
    const ofMore = { text: 'select count(*) as rows from more', values: [] };
    expect(expected.rows).toBeGreaterThan(0);
    expect(await second.rows(ofMore, counted)).toEqual([expected]);
  },
);

it('an engine that was opened for a source stays open for those derived from it', async () => {
  const first = await shop.data.withRelations([], undefined, { areHuge: true });
  await using second = await first.withRelations([relation]);
  await first[Symbol.asyncDispose]();
  const [{ rows }] = await second.rows({ ...count, isOneOfSeveral: true }, counted);
  expect(rows).toBeGreaterThan(0);
});
