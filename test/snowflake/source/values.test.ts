import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { DataSource, SqlValue } from '../../../src/data/data-source.ts';
import { makeSnapshot, type TestSnapshot } from '../../helpers/snapshot.ts';
import { openShop } from '../../helpers/snowflake/snowflake-shop.ts';

const BIG = '9007199254740993';

let snapshot: TestSnapshot;
let shop: Awaited<ReturnType<typeof openShop>>;
let data: DataSource;

beforeAll(async () => {
  snapshot = await makeSnapshot({
    orders: [{ order_id: 'a', customer_id: 1, order_date: '2024-02-29 23:59:59', total_amount: 12.34 }],
  });
  shop = await openShop(snapshot, { rowsPerChunk: 2 });
  data = await shop.provider.current();
});

afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  await snapshot[Symbol.asyncDispose]();
});

function columnOf(expression: string, values: readonly SqlValue[] = []) {
  return data.columns({ text: `select ${expression} as value`, values });
}

describe('the reader of values from Snowflake', () => {
  it.each([
    ['9007199254740993', BIG, 9007199254740992],
    ['-9007199254740993', `-${BIG}`, -9007199254740992],
    ['cast(1234567890123456.7891 as decimal(38, 4))', '1234567890123456.7891', 1234567890123456.8],
    ['cast(0.1 as decimal(18, 4))', '0.1000', 0.1],
    ['cast(0 as integer)', '0', 0],
    ['cast(-0.05 as decimal(5, 2))', '-0.05', -0.05],
    ['cast(0.1 as double)', '0.1', 0.1],
    ['cast(1e300 as double)', '1e+300', 1e300],
    ["date '1969-12-31'", '1969-12-31', -1],
    ["date '2024-02-29'", '2024-02-29', 19_782],
    ['true', 'true', 1],
    ['false', 'false', 0],
    ["timestamp '2024-02-29 12:00:00.25'", '2024-02-29 12:00:00.250000', 19_782.500002893517],
  ])('reads %s exactly as text, and as a number to the nearest double', async (expression, text, number) => {
    const table = await columnOf(expression);
    expect(table.text('value')).toEqual([text]);
    expect([...table.float64('VALUE')]).toEqual([number]);
    expect([...table.float32('value')]).toEqual([Math.fround(number)]);
  });

  it.each(['integer', 'decimal(18, 4)', 'double', 'date', 'boolean', 'timestamp'])(
    'reads a NULL of type %s as missing',
    async (type) => {
      const table = await columnOf(`cast(null as ${type})`);
      expect(table.text('value')).toEqual([null]);
      expect([...table.float64('value')]).toEqual([Number.NaN]);
      expect(() => table.ids('value')).toThrow('A column that holds no ids was read as ids.');
    },
  );

  it('keeps text as it was, and tells NULL from the word NULL', async () => {
    const sql =
      "select null as t union all select 'NULL' union all select '' union all select 'é\u2028\"' order by 1 nulls last";
    const table = await data.columns({ text: sql, values: [] });
    expect(table.text('t')).toEqual(['', 'NULL', 'é\u2028"', null]);
    expect(() => table.float64('t')).toThrow('A column that holds no numbers was read as numbers.');
  });

  it('reads ids as numbers up to fifteen digits, and as text beyond', async () => {
    const sql = `select 999999999999999 as id union all select ${BIG} order by id`;
    expect((await data.columns({ text: sql, values: [] })).ids('id')).toEqual([999_999_999_999_999, BIG]);
    expect((await columnOf("'00017'")).ids('value')).toEqual(['00017']);
  });

  it('reads small results as plain values, and keeps as text what a number would round', async () => {
    const sql = `select ${BIG} as big, 5 as small, cast(1.5 as decimal(9, 2)) as amount, date '2024-02-29' as day,
      true as yes, null as nothing`;
    const schema = z.record(z.string(), z.unknown());
    expect(await data.rows({ text: sql, values: [] }, schema)).toEqual([
      { big: BIG, small: 5, amount: 1.5, day: '2024-02-29', yes: true, nothing: null },
    ]);
  });

  it('binds every kind of value, and runs none as SQL', async () => {
    const values = ["'; drop table x; --", 42, 1.5, true, null, 9007199254740993n];
    const sql = `select cast(? as varchar) as a, cast(? as integer) as b, cast(? as double) as c, cast(? as boolean) as d,
      cast(? as varchar) as e, cast(? as bigint) as f`;
    const table = await data.columns({ text: sql, values });
    const content = table.columnNames.map((name) => table.text(name)[0]);
    expect(content).toEqual(["'; drop table x; --", '42', '1.5', 'true', null, BIG]);
  });

  it('keeps the order of rows over chunks, and columns of the same name apart', async () => {
    const sql = 'select i, -i as j from range(7) as r(i) order by i';
    const table = await data.columns({ text: sql, values: [] });
    expect([...table.float64('i')]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(table.ids('j')).toEqual([0, -1, -2, -3, -4, -5, -6]);
  });

  it('gives the columns of a result without rows', async () => {
    const table = await data.columns({ text: 'select 1 as one where 1 = 0', values: [] });
    expect([table.rowCount, table.columnNames, table.ids('one')]).toEqual([0, ['one'], []]);
  });
});
