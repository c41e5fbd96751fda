import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataSource } from '../../../src/data/data-source.ts';
import { makeSnapshot } from '../../helpers/snapshot.ts';

/** More rows than one chunk of the engine holds, with nulls, decimals, dates and texts. */
const ROWS = 5000;
const text = `
    select
        i as customer_id,
        case when i % 7 = 0 then null else i / 3.0 end as number,
        cast(i as decimal(18, 2)) / 100 as amount,
        case when i % 11 = 0 then null else (i - 2500) * 3602879701896397 end as whole,
        case when i % 13 = 0 then null else cast(2500 - i as integer) end as small,
        date '2025-01-01' + cast(i % 400 as integer) as day,
        case when i % 5 = 0 then null else 'c' || i end as name
    from range(${ROWS}) as numbers (i)
    order by i`;

async function tableOf(data: DataSource) {
  return data.columns({ text, values: [], isLarge: true });
}

describe('rows picked of a result', () => {
  it('are those rows of every column, in the order asked for, picked once or twice', async () => {
    await using shop = await makeSnapshot({
      orders: [{ order_id: 'a', customer_id: 1, order_date: '2025-01-01', total_amount: 1 }],
    });
    const table = await tableOf(shop.data);
    const whole = {
      ids: table.ids('customer_id'),
      names: table.text('name'),
      numbers: table.float64('number'),
      amounts: table.float32('amount'),
      days: table.float64('day'),
      wholes: table.float64('whole'),
      smalls: table.float32('small'),
    };
    expect(whole.wholes[2499]).toBe(-3602879701896397);
    expect(whole.wholes[4999]).toBe(Number(2499n * 3602879701896397n));
    expect(whole.wholes[11]).toBeNaN();
    const row = fc.integer({ min: 0, max: ROWS - 1 });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), fc.infiniteStream(fc.nat()), (rows, stream) => {
        const picked = table.pick(Uint32Array.from(rows));
        expect(picked.rowCount).toBe(rows.length);
        expect(picked.ids('customer_id')).toEqual(rows.map((each) => whole.ids[each]));
        expect(picked.text('name')).toEqual(rows.map((each) => whole.names[each]));
        expect([...picked.float64('number')]).toEqual(rows.map((each) => whole.numbers[each]));
        expect([...picked.float32('amount')]).toEqual(rows.map((each) => whole.amounts[each]));
        expect([...picked.float64('day')]).toEqual(rows.map((each) => whole.days[each]));
        expect([...picked.float64('whole')]).toEqual(rows.map((each) => whole.wholes[each]));
        expect([...picked.float32('small')]).toEqual(rows.map((each) => whole.smalls[each]));
        if (rows.length === 0) return;
        const again = [...stream.take(5)].map((value) => value % rows.length);
        expect(picked.pick(Uint32Array.from(again)).ids('customer_id')).toEqual(
          again.map((each) => whole.ids[rows[each]]),
        );
      }),
    );
    expect(() => table.ids('whole')).toThrow('no ids');
  });
});
