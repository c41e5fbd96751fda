import { describe, expect, it } from 'vitest';
import { helpfulColumns } from '../../../../src/data/import/meaning/helpful-columns.ts';
import type { TableReport } from '../../../../src/data/import/table-report.ts';

const table = (
  name: TableReport['table'],
  columns: Readonly<Record<string, string>>,
  ignoredColumns: readonly string[],
): TableReport => ({
  table: name,
  rowsRead: 1,
  rowsKept: 1,
  merged: 0,
  rejected: [],
  columns,
  ignoredColumns,
});

describe('the ledger', () => {
  it('names columns that customers could be filtered by, with the flag that keeps them', () => {
    const orders = table('orders', { country: 'Billing Country' }, [
      'Shipping Country',
      'utm_source',
      'Note',
      'Id',
    ]);
    expect(helpfulColumns([orders])).toEqual([
      { column: 'Shipping Country', flag: '--keep "Shipping Country"' },
      { column: 'utm_source', flag: '--keep utm_source' },
    ]);
  });

  it('names columns of fields that no column was read as, with the flag that maps them', () => {
    const orders = table('orders', { total_amount: 'total' }, ['Shop currency', 'Refund sum', 'OrderStat']);
    const lines = table('order_items', {}, ['Sub-category']);
    expect(helpfulColumns([orders, lines]).map(({ flag }) => flag)).toEqual([
      '--map orders.currency="Shop currency"',
      '--map orders.refunded_amount="Refund sum"',
      '--map orders.order_status=OrderStat',
      '--map order_items.product_category=Sub-category',
    ]);
  });

  it('does not name columns of fields that are read, or that say nothing of a customer', () => {
    const read = { currency: 'Currency', order_status: 'Status', refunded_amount: 'Refunds' };
    const orders = table('orders', read, ['Currency 2', 'Refund note', 'Branch phone', 'Shipping City Name']);
    expect(helpfulColumns([orders])).toEqual([]);
  });

  it('names a column of two files once, and eight at most', () => {
    const many = Array.from({ length: 12 }, (_, at) => `segment_${at}`);
    const found = helpfulColumns([table('orders', {}, many), table('order_items', {}, many)]);
    expect(found.map(({ column }) => column)).toEqual(many.slice(0, 8));
  });
});
