import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { readXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { writeTable } from '../../src/data/table-file.ts';
import { newTestHome } from '../helpers/snapshot.ts';

const columns = [
  { name: 'customer_id', values: ['a,b', 'c"d', 'e\nf'] },
  { name: 'order "n"', values: [1, 2, 3] },
  { name: 'probability', values: Float32Array.of(0.1, Number.NaN, 1) },
  { name: 'value', values: Float64Array.of(0.1, 2, 3) },
  { name: 'rank', values: Int32Array.of(1, 2, 3) },
];

describe('writeTable', () => {
  it('writes CSV that can be read back', async () => {
    const file = join(await newTestHome(), 'out.csv');
    await writeTable({ columns }, file);
    expect(await readFile(file, 'utf8')).toMatchInlineSnapshot(`
      "customer_id,"order ""n""",probability,value,rank
      "a,b",1,0.1,0.1,1
      "c""d",2,,2.0,2
      "e
      f",3,1.0,3.0,3
      "
    `);
    expect(await readdir(dirname(file))).toEqual(['out.csv']);
  });

  it('disarms text that a spreadsheet would run in CSV, and leaves it unchanged in Parquet', async () => {
    const home = await newTestHome();
    const ids = [{ name: 'customer_id', values: ['=HYPERLINK("x")', '+1+1', '-5'] }];
    await writeTable({ columns: ids }, join(home, 'out.csv'));
    expect((await readFile(join(home, 'out.csv'), 'utf8')).split('\n').slice(1, 4)).toEqual([
      `"'=HYPERLINK(""x"")"`,
      "'+1+1",
      '-5',
    ]);
    await writeTable({ columns: ids }, join(home, 'out.parquet'));
    const connection = await (await DuckDBInstance.create()).connect();
    const result = await connection.runAndReadAll('select * from read_parquet(?)', [
      join(home, 'out.parquet'),
    ]);
    expect(result.getRowsJson().flat()).toEqual(ids[0].values);
  });

  it('writes texts of a workbook as texts and numbers as numbers', async () => {
    const file = join(await newTestHome(), 'out.xlsx');
    const texts = { name: 'reason', values: ['=1+1', '+49 30', null] };
    await writeTable({ columns: [...columns, texts] }, file);
    const { sheets } = await readXlsx(await readFile(file));
    expect(sheets.map(({ rows }) => rows)).toEqual([
      [
        ['customer_id', 'order "n"', 'probability', 'value', 'rank', 'reason'],
        ['a,b', 1, Math.fround(0.1), 0.1, 1, '=1+1'],
        ['c"d', 2, null, 2, 2, '+49 30'],
        ['e\nf', 3, 1, 3, 3, null],
      ],
    ]);
    expect(await readdir(dirname(file))).toEqual(['out.xlsx']);
  });

  it.skipIf(process.platform === 'win32')('keeps the mode of a file that it replaces', async () => {
    const file = join(await newTestHome(), 'out.csv');
    await writeFile(file, '');
    await chmod(file, 0o640);
    await writeTable({ columns }, file);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
  });

  it.each(['csv', 'parquet', 'xlsx'])('writes parts to %s as it writes them together', async (ending) => {
    const home = await newTestHome();
    const [whole, inParts] = ['whole', 'parts'].map((name) => join(home, `${name}.${ending}`));
    const sliced = (from: number, to: number) =>
      columns.map(({ name, values }) => ({ name, values: values.slice(from, to) }));
    async function* parts() {
      // The first part has no rows, so it cannot tell that ids are texts.
      for (const [from, to] of [
        [0, 0],
        [0, 2],
        [2, 2],
        [2, 3],
      ])
        yield sliced(from, to);
    }
    await writeTable({ columns }, whole);
    await writeTable({ parts: parts() }, inParts);
    expect((await readFile(inParts)).equals(await readFile(whole))).toBe(true);
  });

  it('writes a header alone if no part has rows', async () => {
    const file = join(await newTestHome(), 'out.csv');
    async function* parts() {
      yield [{ name: 'customer_id', values: [] }];
    }
    await writeTable({ parts: parts() }, file);
    expect(await readFile(file, 'utf8')).toBe('customer_id\n');
  });

  it('tells why parts could not be made, and leaves the file as it was', async () => {
    const home = await newTestHome();
    const file = join(home, 'out.csv');
    await writeFile(file, 'before');
    const failure = new TypeError('no such model');
    async function* parts() {
      yield columns;
      throw failure;
    }
    await expect(writeTable({ parts: parts() }, file)).rejects.toBe(failure);
    expect(await readFile(file, 'utf8')).toBe('before');
    expect(await readdir(home)).toEqual(['out.csv']);
  });

  it('keeps the order of rows in Parquet, over many chunks', async () => {
    const file = join(await newTestHome(), "it's.parquet");
    const rows = 10_000;
    await writeTable(
      { columns: [{ name: 'i', values: Int32Array.from({ length: rows }, (_, at) => at) }] },
      file,
    );
    const connection = await (await DuckDBInstance.create()).connect();
    const result = await connection.runAndReadAll('select i from read_parquet(?)', [file]);
    expect(result.getRows().every(([value], at) => value === at)).toBe(true);
    expect(result.currentRowCount).toBe(rows);
  });

  it('refuses other file endings and missing folders', async () => {
    await expect(writeTable({ columns }, 'out.ods')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(writeTable({ columns }, '/no/such/folder/out.csv')).rejects.toMatchObject({
      code: 'STORAGE',
    });
  });
});
