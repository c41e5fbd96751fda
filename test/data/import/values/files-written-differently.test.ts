import { describe, expect, it } from 'vitest';
import type { ImportRequest } from '../../../../src/data/import/import-request.ts';
import { importShop } from '../../../../src/data/import/import-shop.ts';
import { fileWith, refusal } from '../../../helpers/import.ts';
import { newTestHome } from '../../../helpers/snapshot.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
type Row = readonly [date: string, total: string];

/** Imports files of orders, each with the given dates and totals. */
async function importFiles(
  files: Readonly<Record<string, readonly Row[] | string>>,
  extra: Pick<ImportRequest, 'decimal' | 'dateFormat'> = {},
) {
  let order = 0;
  const orders: string[] = [];
  for (const [name, rows] of Object.entries(files)) {
    const text =
      typeof rows === 'string'
        ? rows
        : `order_id;customer_id;order_date;total\n${rows.map(([date, total]) => `${++order};c${order % 7};${date};${total}`).join('\n')}\n`;
    orders.push(await fileWith(name, text));
  }
  const request = { orders, dryRun: true, ...extra };
  return importShop(request, { home: await newTestHome(), now: NOW });
}

const repeated = (count: number, row: (at: number) => Row): Row[] =>
  Array.from({ length: count }, (_, at) => row(at));

describe('files with different decimal marks', () => {
  const german: Row[] = [
    ['2025-01-05', '1.250,00 €'],
    ['2025-01-06', '12,50 €'],
  ];
  const english: Row[] = [
    ['2025-02-05', '1,250.00'],
    ['2025-02-06', '7.25'],
  ];

  it('are each read by their own', async () => {
    const { ledger, notes } = await importFiles({ 'jan.csv': german, 'feb.csv': english });
    expect(ledger).toMatchObject({ orders: 4, revenue: '2519.7500', currency: 'EUR' });
    expect(notes).toContain(
      'Each file is read by its own decimal mark, which is a comma in "jan.csv" and a point in the others.',
    );
  });

  it('are each read by their own, however few numbers one of them has', async () => {
    const many = repeated(60, (at) => [`2025-02-${10 + (at % 10)}`, '10.50']);
    const { ledger } = await importFiles({ 'jan.csv': german, 'feb.csv': many });
    expect(ledger).toMatchObject({ orders: 62, revenue: '1892.5000' });
  });

  it('are each read by their own if one is JSON', async () => {
    const json = JSON.stringify([
      { order_id: 90, customer_id: 'c1', order_date: '2025-03-01', total: 1.125 },
      { order_id: 91, customer_id: 'c2', order_date: '2025-03-02', total: 2000 },
    ]);
    const { ledger } = await importFiles({ 'jan.csv': german, 'mar.json': json });
    expect(ledger).toMatchObject({ orders: 4, revenue: '3263.6250' });
  });

  const open: Row[] = [
    ['2025-03-05', '1.125'],
    ['2025-03-06', '2.375'],
  ];

  it('are asked for if a file does not tell its own', async () => {
    const files = { 'jan.csv': german, 'feb.csv': english, 'mar.csv': open };
    expect(await refusal(importFiles(files))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: The file "mar.csv" does not tell whether a comma or a point separates the decimals: "1.125". Choose one: --decimal comma (1.250 means one thousand two hundred and fifty) or --decimal point (1,250 means that)."`,
    );
    const comma = await importFiles(files, { decimal: 'comma' });
    expect(comma.ledger.revenue).toBe('6019.7500');
    const point = await importFiles(files, { decimal: 'point' });
    expect(point.ledger.revenue).toBe('2523.2500');
  });

  it('do not matter to a file beside others of one mark', async () => {
    const { ledger } = await importFiles({ 'jan.csv': german, 'mar.csv': open });
    expect(ledger.revenue).toBe('4762.5000');
  });

  it('are asked for if a file is written as if it had the other one', async () => {
    const grouped: Row[] = [
      ['2025-03-05', '850'],
      ['2025-03-06', '1.250'],
    ];
    expect(await refusal(importFiles({ 'feb.csv': english, 'mar.csv': grouped }))).toMatch(
      /The file "mar.csv" does not tell whether a comma or a point/,
    );
  });
});

describe('files with different orders of day and month', () => {
  const dayFirst: Row[] = [
    ['15/01/2025 10:30', '10.00'],
    ['03/02/2025 11:30', '20.00'],
  ];
  const monthFirst: Row[] = [
    ['03/25/2025 10:30', '30.00'],
    ['04/05/2025 23:30', '40.00'],
  ];

  it('are each read by their own', async () => {
    const { ledger, notes } = await importFiles({ 'uk.csv': dayFirst, 'us.csv': monthFirst });
    expect(ledger).toMatchObject({ orders: 4, first_day: '2025-01-15', last_day: '2025-04-05' });
    expect(notes).toContain(
      'Each file is read by its own order of day, month and year; in "us.csv" order_date does not begin with the day.',
    );
  });

  it('are each read by their own, however few dates one of them has', async () => {
    const many = repeated(60, (at) => [`${1 + (at % 28)}/01/2025`, '1.00']);
    const { ledger } = await importFiles({ 'uk.csv': many, 'us.csv': monthFirst });
    expect(ledger).toMatchObject({ orders: 62, first_day: '2025-01-01', last_day: '2025-04-05' });
  });

  it('are each read by their own with years of two digits', async () => {
    const { ledger } = await importFiles({
      'uk.csv': [
        ['15.01.25', '1'],
        ['16.01.25', '1'],
      ],
      'us.csv': [
        ['01.25.25', '1'],
        ['02.03.25', '1'],
      ],
    });
    expect(ledger).toMatchObject({ orders: 4, first_day: '2025-01-15', last_day: '2025-02-03' });
  });

  it('are asked for if a file does not tell its own', async () => {
    const open: Row[] = [['06/05/2025', '1.00']];
    const files = { 'uk.csv': dayFirst, 'us.csv': monthFirst, 'x.csv': open };
    expect(await refusal(importFiles(files))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: The file "x.csv" does not tell whether order_date is written day/month/year or month/day/year: "06/05/2025". Choose one: --date-format dmy or --date-format mdy. Dates written as YYYY-MM-DD need no flag."`,
    );
    const days = await importFiles(files, { dateFormat: 'dmy' });
    expect(days.ledger).toMatchObject({ orders: 5, last_day: '2025-05-06' });
    const months = await importFiles(files, { dateFormat: 'mdy' });
    expect(months.ledger).toMatchObject({ orders: 5, first_day: '2025-01-15', last_day: '2025-06-05' });
    const beside = await importFiles({ 'us.csv': monthFirst, 'x.csv': open });
    expect(beside.ledger).toMatchObject({ orders: 3, last_day: '2025-06-05' });
  });
});
