import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { writeXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { listFiles } from '../../../../src/data/import/files/file-list.ts';
import type { ImportRequest } from '../../../../src/data/import/import-request.ts';
import { importShop } from '../../../../src/data/import/import-shop.ts';
import { fileWith, refusal } from '../../../helpers/import.ts';
import { newTestHome } from '../../../helpers/snapshot.ts';

const HEADER = 'order_id,customer_id,order_date,total_amount';
const DAY = new Date('2026-03-01T00:00:00Z');

/** Orders, customers, and the days of an import. */
async function imported(request: ImportRequest) {
  const { summary } = await importShop(request, { home: await newTestHome(), now: DAY });
  const { orders, customers, firstOrderDate, lastOrderDate } = summary;
  return { orders, customers, days: `${firstOrderDate} to ${lastOrderDate}` };
}

const TWO_ORDERS = { orders: 2, customers: 2, days: '2026-01-01 to 2026-02-01' };
const JANUARY = `${HEADER}\n1,a,2026-01-01,10\n`;
const FEBRUARY = `${HEADER}\n2,b,2026-02-01,20\n`;
const BOTH = `${HEADER}\n1,a,2026-01-01,10\n2,b,2026-02-01,20\n`;

async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = join(await newTestHome(), 'exports');
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

describe('reading files of many kinds', () => {
  it('reads several files, a pattern and a folder as one table', async () => {
    const folder = await folderOf({
      'jan.csv': JANUARY,
      'feb.csv.gz': gzipSync(FEBRUARY),
      '.hidden.csv': 'x',
    });
    const [january, february] = [join(folder, 'jan.csv'), join(folder, 'feb.csv.gz')];
    expect(await imported({ orders: [january, february] })).toEqual(TWO_ORDERS);
    expect(await imported({ orders: folder })).toEqual(TWO_ORDERS);
    expect(await listFiles(join(folder, '*.csv*'))).toEqual([february, january]);
    expect(await refusal(listFiles(join(folder, '*.parquet')))).toMatch(/^IMPORT_REFUSED: No file matches/);
  });

  it('writes to the rejects file which file and line a row came from', async () => {
    const rows = Array.from({ length: 20 }, (_, at) => `${at + 10},c,2026-01-05,1\n`).join('');
    const folder = await folderOf({
      'jan.csv': `${JANUARY}${rows}9,,2026-01-02,1\n`,
      'feb.csv': `Title\n${FEBRUARY}8,c,2026-02-02,x\n`,
    });
    const orders = [join(folder, 'jan.csv'), join(folder, 'feb.csv')];
    const report = await importShop({ orders }, { home: await newTestHome(), now: DAY });
    const rejects = readFileSync(report.rejectsFile ?? '', 'utf8').split('\n');
    expect(rejects.slice(1, 3).map((line) => line.split(',').slice(0, 4).join(','))).toEqual([
      'jan.csv,23,22,no customer',
      'feb.csv,4,2,amount is not a number',
    ]);
  });

  it('reads the files of a zip archive', async () => {
    const zip = zipSync({
      'out/jan.csv': strToU8(JANUARY),
      'out/feb.csv': strToU8(FEBRUARY),
      '__MACOSX/._jan.csv': strToU8('x'),
    });
    expect(await imported({ orders: await fileWith('export.zip', zip) })).toEqual(TWO_ORDERS);
    const cut = zip.subarray(0, 60);
    expect(await refusal(imported({ orders: await fileWith('cut.zip', cut) }))).toMatch(
      /is a damaged archive/,
    );
  });

  it('reads each file of an archive or a folder as the table that its columns tell, and leaves a README out', async () => {
    const files = {
      'a-readme.txt': 'Export of the shop\nwritten on Monday\n',
      'customers.csv': 'customer_id,first_name,email\na,Anna,a@x.org\nb,Bo,b@x.org\n',
      'jan.csv': JANUARY,
      'feb.csv': FEBRUARY,
      'products.csv': 'product_id,product_name,price\nP1,Pen,5\n',
    };
    const said = [
      '"a-readme.txt" was left out, because it has only one column.',
      '"customers.csv" was read as customers, because of its columns.',
      '"products.csv" was read as products, because of its columns.',
    ];
    const entries = Object.entries(files).map(([name, text]) => [name, strToU8(text)] as const);
    const zip = await fileWith('export.zip', zipSync(Object.fromEntries(entries)));
    const folder = join(await newTestHome(), 'export');
    await mkdir(folder);
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    for (const orders of [zip, folder]) {
      const { ledger, notes } = await importShop({ orders }, { home: await newTestHome(), now: DAY });
      expect(ledger).toMatchObject({ orders: 2, customers: 2 });
      expect(ledger.matches.customers_in_file).toEqual({ found: 2, of: 2 });
      expect(notes).toEqual(expect.arrayContaining(said));
    }
  });

  it('does not leave out a file of an archive whose columns are not known, because its orders would be missing', async () => {
    const zip = zipSync({ 'jan.csv': strToU8(JANUARY), 'feb.csv': strToU8('x,y,z\n2,b,3\n') });
    expect(await refusal(imported({ orders: await fileWith('export.zip', zip) }))).toMatch(
      /has no column for/,
    );
  });

  it('knows Olist’s customers in one archive with its orders and lines', async () => {
    const zip = zipSync({
      'olist_customers_dataset.csv': strToU8(
        'customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state\nk1,u1,01000,sao paulo,SP\nk2,u1,01000,sao paulo,SP\nk3,u2,02000,rio,RJ\n',
      ),
      'olist_order_items_dataset.csv': strToU8(
        'order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value\no1,1,p1,s1,2018-01-09 10:00:00,10.00,2.00\no1,2,p1,s1,2018-01-09 10:00:00,10.00,2.00\no2,1,p2,s1,2018-02-09 10:00:00,30.00,3.00\no3,1,p2,s1,2018-03-09 10:00:00,30.00,3.00\n',
      ),
      'olist_orders_dataset.csv': strToU8(
        'order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date\no1,k1,delivered,2018-01-02 10:00:00,,,,\no2,k2,delivered,2018-02-02 10:00:00,,,,\no3,k3,canceled,2018-03-02 10:00:00,,,,\n',
      ),
    });
    const orders = await fileWith('olist.zip', zip);
    const { ledger } = await importShop({ orders }, { home: await newTestHome(), now: DAY });
    expect(ledger).toMatchObject({ orders: 2, customers: 1, revenue: '50.0000' });
  });

  it('reads the sheets of a workbook that have the same columns, with its dates and numbers', async () => {
    const header = ['Order ID', 'Customer ID', 'Order Date', 'Total Amount'];
    const book = await writeXlsx({
      sheets: [
        { name: 'Notes', rows: [['written by hand']] },
        {
          name: 'January',
          rows: [['Orders of January'], header, [1, 'a', new Date('2026-01-01T10:30:00Z'), 1250.125]],
        },
        { name: 'February', rows: [header, [2, 'b', new Date('2026-02-01T00:00:00Z'), 3.5]] },
      ],
    });
    const orders = await fileWith('book.xlsx', book);
    const report = await importShop({ orders }, { home: await newTestHome(), now: DAY });
    expect(report.summary).toMatchObject({ orders: 2, customers: 2, firstOrderDate: '2026-01-01' });
    expect(await imported({ orders: `${orders}#january` })).toMatchObject({ orders: 1 });
    expect(await refusal(imported({ orders: `${orders}#March` }))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: The file "book.xlsx" has no sheet "March" with rows. Its sheets are: Notes, January, February."`,
    );
  });

  it('reads a key of JSON objects that only the last of many rows has', async () => {
    const row = (at: number) =>
      `{"order_id":${at},"customer_id":"c${at % 500}","order_date":"2026-01-0${1 + (at % 9)}","total_amount":5`;
    const rows = Array.from({ length: 100_001 }, (_, at) => `${row(at)}}`);
    const last = `${row(100_001)},"status":"cancelled"}`;
    const orders = await fileWith('orders.ndjson', [...rows, last].join('\n'));
    expect(await imported({ orders })).toMatchObject({ orders: 100_001 });
  });

  it('reads lists, documents and nested objects of JSON', async () => {
    const rows = [
      { id: 1, customer: { id: 'a', name: null }, created_at: '2026-01-01', total_price: '10' },
      { id: 2, customer: { id: 'b' }, created_at: '2026-02-01', total_price: 20 },
    ];
    const forms = [
      JSON.stringify(rows),
      JSON.stringify({ count: 2, data: { orders: rows } }, null, 2),
      rows.map((row) => JSON.stringify(row)).join('\n'),
    ];
    for (const form of forms) {
      expect(await imported({ orders: await fileWith('orders.json', form) })).toEqual(TWO_ORDERS);
    }
    const named = rows.map(({ customer, ...row }) => JSON.stringify({ ...row, who: { key: customer.id } }));
    const orders = await fileWith('orders.ndjson', named.join('\n'));
    expect(await imported({ orders, map: { customer_id: 'who.key' } })).toEqual(TWO_ORDERS);
  });

  it('reads Windows-1252, and UTF-16 without a byte order mark', async () => {
    const german = BOTH.replaceAll(',', ';')
      .replace(';10\n', ';12,50 \u20ac\n')
      .replace(';20\n', ';7,00 \u20ac\n');
    const windows = Buffer.from(german.replaceAll('\u20ac', '\u0080'), 'latin1');
    expect(await imported({ orders: await fileWith('o.csv', windows) })).toEqual(TWO_ORDERS);
    expect(await imported({ orders: await fileWith('o.csv', Buffer.from(german, 'utf16le')) })).toEqual(
      TWO_ORDERS,
    );
  });

  it('refuses URLs, web pages and old workbooks, and says why', async () => {
    const page = await fileWith('orders.xls', '<html><table><tr><td>1</td></tr></table></html>');
    const old = await fileWith('orders.xls', Buffer.from('d0cf11e0a1b11ae100000000', 'hex'));
    const said = [];
    for (const orders of ['https://example.com/orders.csv', page, old])
      said.push(await refusal(imported({ orders })));
    expect(said).toMatchInlineSnapshot(`
      [
        "IMPORT_REFUSED: "https://example.com/orders.csv" is a URL, and an import fetches nothing from the network. Download the file and name the downloaded file. For data in Snowflake, set CHURN_MCP_DATA_SOURCE=snowflake.",
        "IMPORT_REFUSED: The file "orders.xls" is a web page or XML, whatever its ending. Export the table as CSV or .xlsx.",
        "IMPORT_REFUSED: The file "orders.xls" is an old Excel workbook (.xls) or has a password. Save it as .xlsx or CSV, without a password.",
      ]
    `);
  });
});

describe('a CSV file with an unclosed quote', () => {
  it('is refused, or imported without the swallowed rows if the caller accepts that', async () => {
    const rows = Array.from(
      { length: 6 },
      (_, at) => `${at + 1},c${at},2026-01-0${at + 1},10,${at === 1 ? '"17 inch' : at === 4 ? 'great"' : ''}`,
    );
    const orders = await fileWith('orders.csv', `${HEADER},note\n${rows.join('\n')}\n`);
    expect(await refusal(imported({ orders }))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: In the file "orders.csv" a quote opens in line 3 and closes 3 lines later, so rows between became part of one value. Close or remove the quote in line 3, or export the file again with quotes in values doubled. If it is right as it is, add --accept damaged-lines."`,
    );
    expect(await imported({ orders, accept: ['damaged-lines'] })).toMatchObject({ orders: 3 });
  });
});

describe('customer ids in several files', () => {
  it('count as one id with and without decimals and leading zeros', async () => {
    const orders = await fileWith(
      'orders.csv',
      `${HEADER}\n1,0012,2026-01-01,10\n2,0345,2026-02-01,20\n3,guest7,2026-02-01,20\n`,
    );
    const customers = await fileWith('customers.csv', 'customer_id,city\n12.0,Bern\n345,Basel\n');
    const report = await importShop({ orders, customers }, { home: await newTestHome(), now: DAY });
    expect(report.summary.customers).toBe(3);
  });

  it('keep their leading zeros if one file holds both 007 and 7', async () => {
    const orders = await fileWith('orders.csv', `${HEADER}\n1,007,2026-01-01,10\n2,7,2026-02-01,20\n`);
    const customers = await fileWith('customers.csv', 'customer_id,city\n7,Bern\n');
    const report = await importShop({ orders, customers }, { home: await newTestHome(), now: DAY });
    expect(report.summary.customers).toBe(2);
  });

  it('are refused if a spreadsheet has rounded them', async () => {
    const orders = await fileWith(
      'orders.csv',
      `${HEADER}\n1,1.23E+11,2026-01-01,10\n2,1.23E+11,2026-02-01,20\n`,
    );
    expect(await refusal(imported({ orders }))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: A spreadsheet has rounded ids in the file "orders.csv": 2 cells of "customer_id" are written like "1.23E+11", so different ids look the same. Export the file again, and do not save it from the spreadsheet unless the column is formatted as text. Or name another column with unique ids: --map customer_id=COLUMN."`,
    );
  });
});
