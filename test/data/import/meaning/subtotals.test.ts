import { expect, it } from 'vitest';
import { importText } from '../../../helpers/import.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const rows = Array.from({ length: 12 }, (_, i) => [
  String(i),
  `c${i % 4}`,
  `2026-03-${10 + i}`,
  '20.00',
  '5.00',
]);

async function notesOf(header: string, more: (row: readonly string[]) => readonly string[] = (row) => row) {
  const text = [header, ...rows.map((row) => more(row).join(','))].join('\n');
  return (await importText({ orders: text }, {}, NOW)).report.notes.filter((note) =>
    note.startsWith('Revenue'),
  );
}

it('an import whose only amount is that before discounts says so', async () => {
  expect(await notesOf('order_id,customer_id,date,Subtotal,Discount Amount')).toEqual([
    'Revenue is the sum of "Subtotal", from which "Discount Amount" was not subtracted. If a column has the amount after discounts: --map orders.total_amount=COLUMN.',
  ]);
});

it('an import that has the total after discounts, or no discount, says nothing of it', async () => {
  expect(
    await notesOf('order_id,customer_id,date,Subtotal,Discount Amount,Total', (row) => [...row, '15.00']),
  ).toEqual([]);
  expect(await notesOf('order_id,customer_id,date,Subtotal,Discount Code')).toEqual([]);
});
