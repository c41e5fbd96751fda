import { describe, expect, it } from 'vitest';
import type { TableWriting } from '../../../../src/data/feature-table/table-cells.ts';
import { importFeatureTable } from '../../../../src/data/import/customer-table/import-feature-table.ts';
import { readTableFile } from '../../../../src/data/import/customer-table/read-table-file.ts';
import { fileWith, refusal } from '../../../helpers/import.ts';
import { newTestHome } from '../../../helpers/snapshot.ts';

const REQUEST = { id: 'id', target: 'Churn' };

/** A table of 40 customers with one column more. */
async function tableOf(cell: (row: number) => string): Promise<string> {
  const rows = Array.from({ length: 40 }, (_, at) => `c${at};${cell(at)};${at % 3 === 0 ? 'Yes' : 'No'}`);
  return fileWith('customers.csv', `id;value;Churn\n${rows.join('\n')}\n`);
}

describe('the reader of values of a customer table', () => {
  it.each([
    ['amounts with a currency and groups', (at: number) => `$${1 + (at % 7)},234.50`, 'number'],
    [
      'thousands with points beside smaller numbers',
      (at: number) => (at % 2 === 0 ? '850' : `${1 + (at % 5)}.250`),
      'comma_number',
    ],
    ['days written day first', (at: number) => `${1 + (at % 28)}/12/2024`, 'day_first'],
    ['days written month first', (at: number) => `12/${1 + (at % 28)}/2024 11:59 PM`, 'month_first'],
    ['days with a two-digit year last', (at: number) => `${1 + (at % 28)}.12.24`, 'day_first'],
    ['days with a two-digit year first', (at: number) => `2${at % 5}/01/${10 + (at % 18)}`, 'year_first'],
    ['times without separators', (at: number) => `202401${10 + (at % 18)}T101500`, 'day'],
    ['days with Chinese signs', (at: number) => `2024年1月${1 + (at % 28)}日`, 'day'],
    ['days with names of months', (at: number) => `${1 + (at % 28)}-DEC-24`, 'day'],
  ])('reads %s', async (_, cell, kind) => {
    const report = await importFeatureTable(
      { ...REQUEST, features: await tableOf(cell) },
      { home: await newTestHome() },
    );
    expect(report.summary.columns).toEqual([{ name: 'value', kind }]);
  });

  it('reads a format that the user names', async () => {
    const features = await tableOf((at) => `2024.${1 + (at % 28)}.03 10h`);
    const request = { ...REQUEST, features, dateFormat: '%Y.%d.%m %Hh' };
    const report = await importFeatureTable(request, { home: await newTestHome() });
    expect(report.summary.columns).toEqual([{ name: 'value', kind: 'day' }]);
  });

  it('reads another file as the user says, with the kinds of the first', async () => {
    const path = await fileWith('today.csv', 'id;since;spent\na;3/12/24;1.250,5\nb;13/12/24;12,25\n');
    const wanted = {
      idColumn: 'id',
      now: new Date('2026-11-26T12:00:00Z'),
      columns: [
        { name: 'since', kind: 'day' },
        { name: 'spent', kind: 'number' },
      ],
    } as const;
    const read = async (writing: TableWriting) => {
      const { rows, unreadable } = await readTableFile(
        path,
        { ...wanted, writing },
        await newTestHome(),
        undefined,
      );
      return { cells: rows.cells.map(({ values }) => [...values]), unreadable };
    };
    const days = ['2024-12-03', '2024-12-13'].map((day) => Date.parse(day) / 86_400_000);
    const cells = [days, [1250.5, 12.25]];
    expect(await read({ dateFormat: 'dmy', decimal: 'comma' })).toEqual({ cells, unreadable: [] });
    expect(await read({ dateFormat: '%d/%m/%y', decimal: 'comma' })).toEqual({ cells, unreadable: [] });
    expect(await read({})).toEqual({ cells, unreadable: [] });
  });

  it.each([
    ['day first', 'decimal commas', '3/12/24;1.250,5', '13/12/24;1.250'],
    ['month first', 'groups of thousands', '12/3/24;"1,250.5"', '12/13/24;"1,250"'],
    ['the year first', 'a currency', '2024-12-03;$1250.50', '2024-12-13;$1250'],
  ])('reads a file to score by its own dates with %s and numbers with %s', async (_, __, one, other) => {
    const path = await fileWith('today.csv', `id;since;spent\na;${one}\nb;${other}\n`);
    for (const [day, number] of [
      ['day_first', 'number'],
      ['month_first', 'comma_number'],
    ] as const) {
      const columns = [
        { name: 'since', kind: day },
        { name: 'spent', kind: number },
      ];
      const wanted = { idColumn: 'id', columns, writing: {}, now: new Date('2026-11-26T12:00:00Z') };
      const { rows } = await readTableFile(path, wanted, await newTestHome(), undefined);
      expect(rows.cells.map(({ values }) => [...values])).toEqual([
        ['2024-12-03', '2024-12-13'].map((text) => Date.parse(text) / 86_400_000),
        [1250.5, 1250],
      ]);
    }
  });

  it('asks what dates and numbers mean if the data does not tell', async () => {
    const home = await newTestHome();
    const days = await tableOf((at) => `0${1 + (at % 9)}/03/2024`);
    const numbers = await tableOf((at) => `${1 + (at % 9)}.250`);
    expect(await refusal(importFeatureTable({ ...REQUEST, features: days }, { home }))).toMatch(
      /--date-format/,
    );
    expect(await refusal(importFeatureTable({ ...REQUEST, features: numbers }, { home }))).toMatch(
      /--decimal/,
    );
    const report = await importFeatureTable({ ...REQUEST, features: numbers, decimal: 'comma' }, { home });
    expect(report.summary.columns).toEqual([{ name: 'value', kind: 'comma_number' }]);
  });
});
