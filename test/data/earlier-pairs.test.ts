import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDay } from '../../src/data/compose-statement.ts';
import { addDays } from '../../src/features/calendar-day.ts';
import { makeRepetitiveShop, REPETITIVE_FIRST_DAY } from '../helpers/repetitive-shop.ts';
import { makeSnapshot, type TestSnapshot } from '../helpers/snapshot.ts';

const anyRow = z.record(z.string(), z.unknown());

describe.each([1, 2, 3])('purchased pairs as of an earlier day, shop %i', (seed) => {
  let snapshot: TestSnapshot;
  beforeAll(async () => {
    snapshot = await makeSnapshot(makeRepetitiveShop(seed));
  });
  afterAll(() => snapshot[Symbol.asyncDispose]());

  it.each([-1, 0, 1, 7, 30, 58, 75])('are those of all lines up to it, on day %i', async (daysOn) => {
    const asOf = addDays(REPETITIVE_FIRST_DAY, daysOn);
    const { data } = snapshot;
    await using day = await openDay(data, asOf, ['portable/reads/recommendation_candidates']);
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
