import { writeXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { tableOfSheet } from '../../../../src/data/import/columns/table-of-sheet.ts';
import type { ImportRequest } from '../../../../src/data/import/import-request.ts';
import { importShop } from '../../../../src/data/import/import-shop.ts';
import { fileWith } from '../../../helpers/import.ts';
import { newTestHome } from '../../../helpers/snapshot.ts';

type Cell = string | number | Date | null;

/** Imports a workbook, and returns what the ledger counts and what was decided. */
async function importBook(
  sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>,
  requestOf: (book: string) => ImportRequest,
) {
  const content = await writeXlsx({
    sheets: Object.entries(sheets).map(([name, rows]) => ({ name, rows: rows.map((row) => [...row]) })),
  });
  const book = await fileWith('shop.xlsx', content);
  const { ledger, notes, tables } = await importShop(requestOf(book), { home: await newTestHome() });
  const { orders, customers, products, revenue, refunds } = ledger;
  return { counted: { orders, customers, products, revenue: Number(revenue) }, refunds, notes, tables };
}

const day = (text: string) => new Date(`${text}Z`);
const ORDER_HEADER = ['Order No', 'Customer No', 'Customer', 'Order date', 'Total'];
const JANUARY = [1, 17, 'Anna', day('2024-01-05T00:00:00'), 25];
const FEBRUARY = [2, 18, 'Ben', day('2024-02-06T00:00:00'), 40.5];

describe('the sheets of a workbook', () => {
  it('become orders, lines, customers and products by their columns, and other sheets are named', async () => {
    const { counted, notes, tables } = await importBook(
      {
        Info: [['This workbook was made by the shop’s accountant']],
        Customers: [
          ['Customer No', 'First name', 'Last name', 'E-mail', 'City', 'Country', 'Registered'],
          [17, 'Anna', 'A', 'a@example.org', 'Bonn', 'DE', day('2023-01-01T00:00:00')],
          [18, 'Ben', 'B', 'b@example.org', 'Graz', 'AT', day('2023-02-01T00:00:00')],
        ],
        Orders: [ORDER_HEADER, JANUARY, FEBRUARY, ['Total', null, null, null, 65.5]],
        Lines: [
          ['Order No', 'SKU', 'Product', 'Qty', 'Unit price'],
          [1, 'P1', 'Cup', 1, 10],
          [1, 'P2', 'Mug', 1, 15],
          [2, 'P2', 'Mug', 2, 20.25],
        ],
        Products: [
          ['SKU', 'Product', 'Category', 'Price'],
          ['P1', 'Cup', 'Kitchen', 10],
          ['P2', 'Mug', 'Kitchen', 20.25],
        ],
      },
      (book) => ({ orders: book }),
    );
    expect(counted).toEqual({ orders: 2, customers: 2, products: 2, revenue: 65.5 });
    expect(tables.map(({ table, rowsKept }) => [table, rowsKept]).sort()).toEqual([
      ['customers', 2],
      ['order_items', 3],
      ['orders', 2],
      ['product_catalog', 2],
    ]);
    expect(notes.filter((note) => note.includes('shop.xlsx'))).toMatchInlineSnapshot(`
      [
        ""shop.xlsx [Info]" was left out, because its columns are not those of orders.",
        ""shop.xlsx [Customers]" was read as customers, because of its columns.",
        ""shop.xlsx [Lines]" was read as order items, because of its columns.",
        ""shop.xlsx [Products]" was read as products, because of its columns.",
      ]
    `);
  });

  it('are all read if they are months whose columns differ a little', async () => {
    const { counted } = await importBook(
      {
        Jan: [ORDER_HEADER, JANUARY],
        Feb: [
          [...ORDER_HEADER, 'Remarks'],
          [...FEBRUARY, 'call first'],
        ],
        'By month': [
          ['Month', 'Revenue'],
          ['January', 25],
          ['February', 40.5],
        ],
      },
      (book) => ({ orders: book }),
    );
    expect(counted).toEqual({ orders: 2, customers: 2, products: 0, revenue: 65.5 });
  });

  it('are two years of invoices with cancellations, as Online Retail was published', async () => {
    const header = [
      'Invoice',
      'StockCode',
      'Description',
      'Quantity',
      'InvoiceDate',
      'Price',
      'Customer ID',
      'Country',
    ];
    const line = (
      invoice: string,
      code: string,
      pieces: number,
      date: string,
      price: number,
      customer: number | null,
    ) => [
      invoice,
      code,
      code === 'POST' ? 'POSTAGE' : `ITEM ${code}`,
      pieces,
      day(date),
      price,
      customer,
      'United Kingdom',
    ];
    const { counted, refunds, tables } = await importBook(
      {
        'Year 2009-2010': [
          header,
          line('489434', '85048', 12, '2009-12-01T07:45:00', 6.95, 13085),
          line('489434', '79323P', 12, '2009-12-01T07:45:00', 6.75, 13085),
          line('489435', '22350', 12, '2009-12-01T07:46:00', 2.55, 13085),
          line('489436', '21232', 5, '2009-12-01T09:06:00', 1.25, 13078),
          line('489436', 'POST', 1, '2009-12-01T09:06:00', 18, 13078),
          line('C489449', '22350', -2, '2009-12-02T10:33:00', 2.55, 13085),
          line('489464', '21733', -96, '2009-12-01T10:52:00', 0, null),
          line('489525', '85226C', 1, '2009-12-01T11:49:00', 0.55, null),
        ],
        'Year 2010-2011': [
          header.map((name) => (name === 'Invoice' ? 'InvoiceNo' : name === 'Price' ? 'UnitPrice' : name)),
          line('536365', '85123A', 6, '2010-12-01T08:26:00', 2.55, 17850),
          line('536367', '84879', 32, '2010-12-01T08:34:00', 1.69, 13047),
          line('C536379', 'D', -1, '2010-12-01T09:41:00', 27.5, 13047),
          line('C536383', '35004C', -1, '2010-12-01T09:49:00', 4.65, 15311),
        ],
      },
      (book) => ({ orderItems: book }),
    );
    // 164.40 + 30.60 − 5.10 + 24.25 + 15.30 + 54.08 − 27.50
    expect(counted).toEqual({ orders: 5, customers: 4, products: 6, revenue: 256.03 });
    expect(refunds).toEqual({ count: 3, taken_off: '32.60', without_order: '4.65' });
    expect(tables.find(({ table }) => table === 'order_items')?.rowsRead).toBe(12);
  });

  it.each([
    ['orders', ['Bestellnummer', 'Kundennummer', 'Kunde', 'Datum', 'Betrag']],
    ['order_items', ['Rechnung', 'Artikelnummer', 'Menge', 'Einzelpreis']],
    ['customers', ['ID', 'First name', 'Last name', 'Created']],
    ['customers', ['Customer ID', 'Email', 'Total spent', 'Created']],
    ['product_catalog', ['SKU', 'Name', 'Category', 'Price']],
    [undefined, ['Month', 'Orders', 'Revenue']],
    [undefined, ['Notes']],
  ] as const)('hold %s if their columns are %j', (table, columns) => {
    expect(tableOfSheet(columns)).toBe(table);
  });
});
