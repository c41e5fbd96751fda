import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDay } from '../../src/data/compose-statement.ts';
import { seededRandom } from '../../src/dataset/seeded-random.ts';
import { addDays } from '../../src/features/calendar-day.ts';
import { makeSnapshot, type TestSnapshot } from '../helpers/snapshot.ts';

const FIRST_DAY = '2024-01-01';
const anyRow = z.record(z.string(), z.unknown());

/** Few customers and products, so that pairs are bought again, several times in an order and several times a day. */
function makeRepetitiveShop(seed: number) {
  const random = seededRandom(seed);
  const below = (most: number) => Math.floor(random() * most);
  const orders = Array.from({ length: 120 }, (_, order) => ({
    order_id: `O${order}`,
    customer_id: 1 + below(6),
    order_date: `${addDays(FIRST_DAY, below(60))} ${String(below(24)).padStart(2, '0')}:00:00`,
    total_amount: 10,
  }));
  const orderItems = orders.flatMap(({ order_id }) =>
    Array.from({ length: 1 + below(4) }, (_, line) => {
      const [quantity, price] = [1 + below(3), 1 + below(900) / 100];
      return {
        order_item_id: `${order_id}-${line}`,
        order_id,
        product_id: 1 + below(5),
        quantity,
        unit_price: price,
        line_total: Number((quantity * price).toFixed(2)),
      };
    }),
  );
  return { orders, orderItems };
}

describe.each([1, 2, 3])('purchased pairs as of an earlier day, shop %i', (seed) => {
  let snapshot: TestSnapshot;
  beforeAll(async () => {
    snapshot = await makeSnapshot(makeRepetitiveShop(seed));
  });
  afterAll(() => snapshot[Symbol.asyncDispose]());

  it.each([-1, 0, 1, 7, 30, 58, 75])('are those of all lines up to it, on day %i', async (daysOn) => {
    const asOf = addDays(FIRST_DAY, daysOn);
    const { data } = snapshot;
    await using day = await openDay(data, asOf, ['portable/reads/recommendation_features']);
    const pairs = { text: 'select * from interactive.purchased_pairs order by all', values: [] };
    const fromLines = { file: 'portable/tables/purchased_pairs', values: [asOf] } as const;
    await using ofLines = await data.withRelations([{ name: 'pairs_of_lines', ...fromLines }]);
    const expected = await ofLines.rows(
      { text: 'select * from pairs_of_lines order by all', values: [] },
      anyRow,
    );
    expect(expected.length > 0).toBe(daysOn >= 0);
    expect(await day.data.rows(day.statement(pairs), anyRow)).toEqual(expected);
  });
});
