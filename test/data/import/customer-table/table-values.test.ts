import { describe, expect, it } from 'vitest';
import { importFeatureTable } from '../../../../src/data/import/customer-table/import-feature-table.ts';
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
    ['days with names of months', (at: number) => `${1 + (at % 28)}-DEC-24`, 'day'],
  ])('reads %s', async (_, cell, kind) => {
    const report = await importFeatureTable(
      { ...REQUEST, features: await tableOf(cell) },
      { home: await newTestHome() },
    );
    expect(report.summary.columns).toEqual([{ name: 'value', kind }]);
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
