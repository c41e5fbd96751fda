import { describe, expect, it } from 'vitest';
import type { ImportRequest } from '../../../../src/data/import/import-request.ts';
import { importShop } from '../../../../src/data/import/import-shop.ts';
import { fileWith, refusal } from '../../../helpers/import.ts';
import { newTestHome } from '../../../helpers/snapshot.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const LINES = 'order_id,customer_id,order_date,product_id,quantity,unit_price';

/** Imports files of rows, each with the same header. */
async function importFiles(
  header: string,
  files: readonly (readonly string[])[],
  accept: ImportRequest['accept'] = [],
) {
  const orders = await Promise.all(
    files.map((rows, at) => fileWith(`part-${at}.csv`, `${[header, ...rows].join('\n')}\n`)),
  );
  const request = { orders, dryRun: true, accept };
  return importShop(request, { home: await newTestHome(), now: NOW });
}

describe('files that overlap', () => {
  const january = ['1,a,2025-01-03,T,1,20', '2,b,2025-01-31,C,1,30', '2,b,2025-01-31,T,1,20'];
  const february = ['2,b,2025-01-31,C,1,30', '2,b,2025-01-31,T,1,20', '3,a,2025-02-03,T,1,5'];

  it('are refused if their lines would count twice, unless that is accepted', async () => {
    expect(await refusal(importFiles(LINES, [january, february]))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: 1 order is in several files with the same content, such as "2": the files overlap, and it would count twice. Leave out what is repeated, or import the files one after the other with --append, which replaces orders. If it is right as it is, add --accept repeated-orders."`,
    );
    expect(await refusal(importFiles(LINES, [january, january]))).toMatch(/^IMPORT_REFUSED: 2 orders are in/);
    const { ledger } = await importFiles(LINES, [january, february], ['repeated-orders']);
    expect(ledger.revenue).toBe('125.0000');
  });

  it('are refused if their orders have no numbers', async () => {
    const [one, two, three] = ['a,2025-01-03 10:00,20', 'b,2025-01-31 11:00,30', 'a,2025-02-03 12:00,5'];
    const files = [
      [one, two],
      [two, three],
    ];
    expect(await refusal(importFiles('customer_id,order_date,total', files))).toMatch(
      /^IMPORT_REFUSED: 1 order is in several files with the same content, such as "2025-01-31 11:00 b 30"/,
    );
  });

  it('are merged if their orders have numbers, or their lines', async () => {
    const orders = await importFiles('order_id,customer_id,order_date,total', [
      ['1,a,2025-01-03,20', '2,b,2025-01-31,30'],
      ['2,b,2025-01-31,30', '3,a,2025-02-03,5'],
    ]);
    expect(orders.ledger).toMatchObject({ orders: 3, revenue: '55.0000' });
    const withIds = (rows: readonly string[]) => rows.map((row) => `${row.split(',').join('')},${row}`);
    const lines = await importFiles(`order_item_id,${LINES}`, [withIds(january), withIds(february)]);
    expect(lines.ledger).toMatchObject({ orders: 3, revenue: '75.0000' });
  });

  it('count a line once that a file repeats with its id', async () => {
    const { ledger, tables } = await importFiles(`order_item_id,${LINES}`, [
      ['1,1,a,2025-01-03,T,1,20', '1,1,a,2025-01-03,T,1,20', '2,2,b,2025-01-31,C,1,30'],
    ]);
    expect(ledger).toMatchObject({ orders: 2, lines: 2, revenue: '50.0000' });
    expect(tables.find(({ table }) => table === 'order_items')).toMatchObject({
      rowsRead: 3,
      rowsKept: 2,
      merged: 1,
    });
  });

  it('do not, if an order is only cut in two between them', async () => {
    const { ledger } = await importFiles(LINES, [
      ['1,a,2025-01-03,T,1,20', '2,b,2025-01-31,C,1,30'],
      ['2,b,2025-01-31,T,1,20', '3,a,2025-02-03,T,1,5'],
    ]);
    expect(ledger).toMatchObject({ orders: 3, revenue: '75.0000' });
  });

  it('do not, if another branch uses the same numbers', async () => {
    const { ledger } = await importFiles(LINES, [
      ['1,a,2025-01-03,T,1,20', '2,b,2025-01-31,C,1,30'],
      ['1,x,2025-01-04,T,1,20', '2,y,2025-01-30,C,1,30'],
    ]);
    expect(ledger).toMatchObject({ orders: 4, revenue: '100.0000' });
  });
});
