import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Line, LineSplitter } from '../../src/ingest/line-splitter.ts';
import { type RowFormatRequest, RowReader } from '../../src/ingest/row-reader.ts';

function split(chunks: readonly Buffer[]): Line[] {
  const splitter = new LineSplitter();
  return [...chunks.flatMap((chunk) => [...splitter.linesOf(chunk)]), ...splitter.end()];
}

function read(texts: readonly string[], request: Partial<RowFormatRequest> = {}) {
  const reader = new RowReader({ format: 'ndjson', kind: 'orders', map: {}, ...request });
  return texts.map((text) => reader.read({ text, end: 0, isTooLong: false }));
}

const reasonOf = (row: unknown, kind: RowFormatRequest['kind'] = undefined) =>
  read([JSON.stringify(row)], { kind }).map((read) =>
    read !== undefined && 'reason' in read ? read.reason : 'taken',
  )[0];

describe('the reader of rows', () => {
  it('splits any chunks of bytes into the same lines, with the byte at which each ends', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !/[\r\n]/.test(text)),
          { minLength: 1 },
        ),
        fc.array(fc.nat(60), { maxLength: 8 }),
        (texts, cuts) => {
          const whole = Buffer.from(`${texts.join('\n')}\n`);
          const at = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
          const chunks = at.slice(1).map((end, index) => whole.subarray(at[index], end));
          const lines = split(chunks);
          expect(lines.map(({ text }) => text)).toEqual(texts);
          expect(lines.at(-1)?.end).toBe(whole.length);
        },
      ),
    );
  });

  it('gives back the cells that a CSV record holds, whatever they are', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', 'é', ' x') });
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 3 }), (notes) => {
        const records = notes.map((note, at) => `${at},2026-01-01,c,"${note.replaceAll('"', '""')}"`);
        const lines = ['order_id,order_date,customer_id,order_status', ...records].join('\n').split('\n');
        const rows = read(lines, { format: 'csv' }).flatMap((row) =>
          row !== undefined && 'line' in row ? [JSON.parse(row.line).order_status ?? ''] : [],
        );
        expect(rows).toEqual(notes.map((note) => note.trim()));
      }),
    );
  });

  it.each([
    [
      {
        kind: 'orders',
        order_id: '1',
        customer_id: 'a',
        order_date: '2026-01-31T10:00:00Z',
        total_amount: 5,
      },
      'taken',
    ],
    [{ kind: 'orders', order_id: '1', order_status: 'cancelled' }, 'taken'],
    [{ kind: 'orders', order_id: '1', customer_id: 'a' }, 'missing order_date'],
    [{ kind: 'orders', customer_id: 'a', order_date: '2026-01-31' }, 'missing order_id'],
    [
      { kind: 'orders', order_id: '1', customer_id: 'a', order_date: '31.01.2026' },
      'order_date is no date such as 2026-01-31 or 2026-01-31T12:30:00Z',
    ],
    [
      { kind: 'orders', order_id: '1', customer_id: 'a', order_date: '2026-01-31', total_amount: '5,00' },
      'total_amount is not a number',
    ],
    [
      { kind: 'orders', order_id: '1', customer_id: 'a', order_date: '2026-01-31', total_amount: -5 },
      'total_amount is negative: send what was given back as a row of kind returns',
    ],
    [{ kind: 'orders', order_id: { a: 1 } }, 'order_id is no single value'],
    [{ kind: 'order_items', order_item_id: '1', order_id: '1', product_id: 'P', quantity: 2 }, 'taken'],
    [{ kind: 'order_items', order_item_id: '1', order_id: '1' }, 'missing product_id'],
    [{ kind: 'returns', return_id: '1', order_id: '1' }, 'missing amount'],
    [{ kind: 'customers', customer_id: 7 }, 'taken'],
    [{ kind: 'products', product_id: 7.5 }, 'product_id is no id'],
    [
      { kind: 'basket', order_id: 1 },
      'unknown kind; kinds are orders, order_items, customers, products, returns',
    ],
    [{ order_id: 1 }, 'missing kind'],
    [{ kind: 'customers', customer_id: 7, offset_token: -1 }, 'offset_token is no whole number'],
    [[1], 'no JSON object'],
  ])('judges %j: %s', (row, reason) => {
    expect(reasonOf(row)).toBe(reason);
  });

  it('keeps a character that is written as two halves, and rejects one half', () => {
    const rows = read([String.raw`{"order_id":"\ud83d\ude00","order_status":"cancelled"}`]);
    expect(rows).toMatchObject([{ line: '{"order_id":"😀","order_status":"cancelled"}' }]);
    const half = read([String.raw`{"order_id":"\ud83d","order_status":"cancelled"}`]);
    expect(half).toMatchObject([{ reason: 'holds half of a character' }]);
  });

  it('asks for the key if a CSV file does not have it, and reads it by another name', () => {
    const lines = ['Nr;customer_id;order_date', '1;a;2026-01-01'];
    expect(() => read(lines, { format: 'csv' })).toThrowErrorMatchingInlineSnapshot(
      `[ChurnMcpError: The first line has no column order_id, but "Nr, customer_id, order_date".]`,
    );
    const rows = read(lines, { format: 'csv', map: { order_id: 'Nr' } });
    expect(rows[1]).toMatchObject({ line: '{"order_id":"1","customer_id":"a","order_date":"2026-01-01"}' });
  });
});
