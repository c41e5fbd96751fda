import { describe, expect, it } from 'vitest';
import { readCsvHead } from '../../../../src/data/import/files/csv-head.ts';
import { scanQuotes } from '../../../../src/data/import/files/quote-scan.ts';
import { fileWith } from '../../../helpers/import.ts';

async function scan(text: string) {
  const path = await fileWith('orders.csv', text);
  return scanQuotes({ path, name: 'orders.csv', compressed: false }, readCsvHead(text), undefined);
}

const HEADER = 'order_id,customer_id,order_date,total_amount,note\n';
const row = (id: number, note = '') => `${id},a,2026-01-0${id},10,${note}\n`;

describe('the search for a quote that swallows rows', () => {
  it('names the line of a quote that closes some rows later', async () => {
    const text = `${HEADER}${row(1)}${row(2, '"17 inch')}${row(3)}${row(4)}${row(5, 'great"')}${row(6)}`;
    expect((await scan(text)).openQuotes).toEqual([{ line: 3, swallowed: 3, closes: true }]);
  });

  it('names the line of a quote that closes in the next row', async () => {
    const text = `${HEADER}${row(1)}${row(2, '"17 inch')}${row(3, 'great"')}${row(4)}`;
    expect((await scan(text)).openQuotes).toEqual([{ line: 3, swallowed: 1, closes: true }]);
  });

  it('names the line of a quote that never closes, after lines before the header', async () => {
    const text = `Report\n\n${HEADER}${row(1)}${row(2, '"17 inch')}${row(3)}${row(4)}`;
    expect((await scan(text)).openQuotes).toEqual([{ line: 5, swallowed: 3, closes: false }]);
  });

  it('accepts a quoted text of several lines', async () => {
    const note = '"Dear shop,\nplease, if you can, ring, twice, thanks\n\nand ""quote"", as ever,"';
    const { records, openQuotes } = await scan(`${HEADER}${row(1, note)}\r\n${row(2)}\n\n${row(3)}`);
    expect(openQuotes).toEqual([]);
    expect(records).toBe(3);
  });
});
