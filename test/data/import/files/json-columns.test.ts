import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ColumnPath,
  EACH,
  listsAmong,
  pathWithin,
} from '../../../../src/data/import/files/json-columns.ts';
import { importShop } from '../../../../src/data/import/import-shop.ts';
import { fileWith } from '../../../helpers/import.ts';
import { newTestHome } from '../../../helpers/snapshot.ts';

const step = fc.constantFrom<string | typeof EACH>('a', 'b', '0', EACH);
const paths = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 12 });

describe('the lists among the columns of a file', () => {
  it('are the paths that another path leads into the elements of, as comparing all pairs says', () => {
    fc.assert(
      fc.property(paths, (all: readonly ColumnPath[]) => {
        const isList = listsAmong(all);
        const naive = (path: ColumnPath) => all.some((other) => pathWithin(path, other) !== undefined);
        expect(all.map(isList)).toEqual(all.map(naive));
      }),
    );
  });
});

describe('documents that MongoDB exported', () => {
  const [anna, bo] = [{ $oid: '75a000000000000000000001' }, { $oid: '75a000000000000000000002' }];
  const line = (sku: string, qty: unknown, price: unknown) => ({ sku, qty, price });
  const relaxed = [
    {
      _id: { $oid: '65a000000000000000000001' },
      customer_id: anna,
      createdAt: { $date: '2024-01-15T10:00:00Z' },
      status: 'paid',
      total: { $numberDecimal: '12.50' },
      items: [line('A', 2, 5.25), line('B', 1, { $numberDecimal: '2.00' })],
    },
    {
      _id: { $oid: '65a000000000000000000002' },
      customer_id: bo,
      createdAt: { $date: '2024-02-15T10:00:00Z' },
      status: 'paid',
      total: 20,
      items: [line('A', 4, 5)],
    },
    {
      _id: { $oid: '65a000000000000000000003' },
      customer_id: anna,
      createdAt: { $date: '2024-03-15T10:00:00Z' },
      status: 'cancelled',
      total: 7.5,
      items: [line('B', 1, 7.5)],
    },
  ];
  const number = (value: number) =>
    Number.isInteger(value) ? { $numberInt: String(value) } : { $numberDouble: String(value) };
  const canonical = relaxed.map(({ items, total, createdAt, ...order }) => ({
    ...order,
    createdAt: { $date: { $numberLong: String(Date.parse(createdAt.$date)) } },
    total: typeof total === 'number' ? number(total) : total,
    items: items.map(({ sku, qty, price }) => ({
      sku,
      qty: number(Number(qty)),
      price: typeof price === 'number' ? number(price) : price,
    })),
  }));

  it.each([
    ['in its relaxed form', relaxed],
    ['in its canonical form', canonical],
  ])('are read %s', async (_, orders) => {
    const text = orders.map((order) => JSON.stringify(order)).join('\n');
    for (const [name, content] of [
      ['orders.ndjson', text],
      ['orders.json', JSON.stringify(orders)],
    ] as const) {
      const home = await newTestHome();
      const { ledger } = await importShop(
        { orders: await fileWith(name, content), dryRun: true },
        { home, now: new Date('2026-11-26T12:00:00Z') },
      );
      expect(ledger).toMatchObject({
        orders: 2,
        customers: 2,
        revenue: '32.5000',
        lines: 3,
        first_day: '2024-01-15',
        last_day: '2024-02-15',
      });
    }
  });
});
