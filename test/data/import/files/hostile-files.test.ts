/** Files that were made to crash, to fill the disk or to be written or read elsewhere. */
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { listFiles } from '../../../../src/data/import/files/file-list.ts';
import { importShop } from '../../../../src/data/import/import-shop.ts';
import { refusal } from '../../../helpers/import.ts';
import { newTestHome } from '../../../helpers/snapshot.ts';

const DAY = new Date('2026-03-01T00:00:00Z');
const HEADER = 'order_id,customer_id,order_date,total_amount\n';
const ORDER = { order_id: 1, customer_id: 'a', order_date: '2026-01-01', total_amount: 10 };
const DEEP = 200_000;
/** It unpacks to 300 MB, and each byte of it to a thousand. */
const LONG = new Uint8Array(300 * 2 ** 20).fill(0x61);

async function importOf(name: string, content: string | Uint8Array) {
  const home = await newTestHome();
  const orders = join(home, name);
  await writeFile(orders, content);
  return importShop({ orders }, { home, now: DAY });
}

function nested(open: string, close: string): string {
  return `${JSON.stringify(ORDER).slice(0, -1)},"x":${open.repeat(DEEP)}1${close.repeat(DEEP)}}`;
}

const BOOK: Zippable = {
  '[Content_Types].xml': strToU8(
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
  ),
  '_rels/.rels': strToU8(
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
  ),
  'xl/workbook.xml': strToU8(
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
  ),
  'xl/_rels/workbook.xml.rels': strToU8(
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
  ),
};

function sheetOf(rows: readonly (readonly string[])[], doctype = ''): Uint8Array {
  const cells = (row: readonly string[]) => row.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`);
  const body = rows.map((row) => `<row>${cells(row).join('')}</row>`).join('');
  return strToU8(
    `<?xml version="1.0"?>${doctype}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${body}</sheetData></worksheet>`,
  );
}

describe('an import of a hostile file', () => {
  it.each([
    ['lines with deep objects', 'deep.ndjson', `${nested('{"a":', '}')}\n${nested('{"a":', '}')}\n`],
    ['lines with deep lists', 'deep-lists.ndjson', `${nested('[', ']')}\n${nested('[', ']')}\n`],
    ['a list with a deep object', 'deep.json', `[${nested('{"a":', '}')}]`],
    ['a document with a deep list', 'document.json', `{"orders": [${nested('[', ']')}]}`],
    ['a packed list with a deep object', 'deep.json.gz', gzipSync(`[${nested('{"a":', '}')}]`)],
  ])('refuses %s', async (_, name, content) => {
    expect(await refusal(importOf(name, content))).toMatch(/is JSON nested more than 100 levels deep\./);
  });

  it('reads brackets within texts, and after broken lines', async () => {
    const good = Array.from({ length: 200 }, (_, i) =>
      JSON.stringify({ ...ORDER, order_id: i, note: '[{"' }),
    );
    const broken = Array.from({ length: 2 }, () => '{"order_id": [[[[[[[[[[');
    const { summary } = await importOf(
      'orders.ndjson',
      `${[...good, ...broken, ...good.slice(0, 1)].join('\n')}\n`,
    );
    expect(summary.orders).toBe(200);
  });

  it.each([
    ['text', 'orders.csv.gz', gzipSync(LONG)],
    ['archive', 'orders.zip', zipSync({ 'orders.csv': LONG })],
    ['workbook', 'orders.xlsx', zipSync({ ...BOOK, 'xl/worksheets/sheet1.xml': LONG })],
  ])('refuses a packed %s that unpacks to far more than its size', async (_, name, content) => {
    expect(await refusal(importOf(name, content))).toMatch(/unpacks to more than 100 times its size\./);
  });

  it('refuses an archive of very many files', async () => {
    const files = Object.fromEntries(Array.from({ length: 1200 }, (_, i) => [`${i}.csv`, strToU8('')]));
    expect(await refusal(importOf('many.zip', zipSync(files)))).toMatch(/holds more than 1000 files\./);
  });

  it('writes no file of an archive outside its own folder', async () => {
    const home = await newTestHome();
    const orders = join(home, 'slip.zip');
    const csv = strToU8(`${HEADER}1,a,2026-01-01,10\n`);
    await writeFile(orders, zipSync({ '../../slipped.csv': csv, [`${dirname(home)}/slipped.csv`]: csv }));
    const { summary } = await importShop({ orders }, { home, now: DAY });
    expect(summary.orders).toBe(1);
    for (const folder of [home, dirname(home)]) expect(await readdir(folder)).not.toContain('slipped.csv');
  });

  it.each([
    ['a file of the machine', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'],
    ['ever longer texts', `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY e "${'&a;'.repeat(1000)}">]>`],
  ])('expands no entity of a workbook: %s', async (_, doctype) => {
    const rows = [HEADER.trim().split(','), ['1', '&e;', '2026-01-01', '10']];
    const home = await newTestHome();
    const orders = join(home, 'entity.xlsx');
    await writeFile(orders, zipSync({ ...BOOK, 'xl/worksheets/sheet1.xml': sheetOf(rows, doctype) }));
    const report = await importShop({ orders, dryRun: true }, { home, now: DAY });
    expect(JSON.stringify(report)).not.toMatch(/root:|aaaaaaaaaa/);
    expect(report.ledger.customers).toBe(1);
  });

  it('takes no link from a folder', async () => {
    const folder = join(await newTestHome(), 'exports');
    await mkdir(folder);
    const [real, link] = [join(folder, 'orders.csv'), join(folder, 'passwd.csv')];
    await writeFile(real, `${HEADER}1,a,2026-01-01,10\n`);
    await symlink('/etc/passwd', link);
    await symlink('..', join(folder, 'up'));
    expect(await listFiles(folder)).toEqual([real]);
  });
});
