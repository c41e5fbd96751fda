import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addDays } from '../../src/features/calendar-day.ts';

/** Orders of 150 customers; each variant has a number of its own, so that one is told from another by counting. */
export function ordersOf(variant: number): number {
  return 1500 + 100 * variant;
}

/** Later orders of a few of the customers. */
export const ADDED_ORDERS = 12;

export function writeAddedOrders(folder: string): string {
  const lines = ['order_id,customer_id,order_date,total_amount'];
  for (let i = 0; i < ADDED_ORDERS; i++)
    lines.push([9000 + i, i % 4, addDays('2025-12-20', i % 5), 5].join(','));
  const file = join(folder, 'added-orders.csv');
  writeFileSync(file, lines.join('\n'));
  return file;
}

export function writeOrders(folder: string, variant: number): string {
  const lines = ['order_id,customer_id,order_date,total_amount'];
  for (let i = 0; i < ordersOf(variant); i++) {
    lines.push([i, i % 150, addDays('2025-01-01', (i * 7) % 360), 10 + (i % 90)].join(','));
  }
  const file = join(folder, `orders-${variant}.csv`);
  writeFileSync(file, lines.join('\n'));
  return file;
}
