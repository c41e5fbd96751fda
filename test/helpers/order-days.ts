import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { SpendHistory } from '../../src/baselines/spend-model.ts';
import { dayNumber } from '../../src/features/calendar-day.ts';
import { packageRoot } from '../../src/package-root.ts';

/** By customer: what they ordered on each day, days counted from 1970-01-01. */
export type OrderDays = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Reads the orders.csv of a folder of the public data. */
export function readOrderDays(folder: string): OrderDays {
  const [header, ...lines] = readFileSync(join(folder, 'orders.csv'), 'utf8').trim().split('\n');
  const names = header.split(',');
  const [idAt, dateAt, amountAt] = ['customer_id', 'order_date', 'total_amount'].map((name) =>
    names.indexOf(name),
  );
  const customers = new Map<string, Map<number, number>>();
  for (const line of lines) {
    const cells = line.split(',');
    const days = customers.get(cells[idAt]) ?? new Map<number, number>();
    const day = dayNumber(cells[dateAt].slice(0, 10));
    days.set(day, (days.get(day) ?? 0) + Number(cells[amountAt]));
    customers.set(cells[idAt], days);
  }
  return customers;
}

/** The tenth of CDNOW's customers that Fader and Hardie published estimates of. */
export function sampleOfCdnow(orderDays: OrderDays): OrderDays {
  const file = join(packageRoot(), 'test', 'fixtures', 'cdnow-sample-ids.json');
  const ids = new Set(z.array(z.int()).parse(JSON.parse(readFileSync(file, 'utf8'))));
  return new Map([...orderDays].filter(([id]) => ids.has(Number(id))));
}

export interface CustomerUntil {
  /** Days with orders up to the end, ascending, and what was ordered on each. */
  readonly days: readonly (readonly [day: number, amount: number])[];
  /** What was ordered within the horizon after the end. */
  readonly spentAfter: number;
}

/** The customers who had ordered by the end of a day, and what they spent in the days after it. */
export function customersUntil(orderDays: OrderDays, endDay: string, horizonDays = 0): CustomerUntil[] {
  const end = dayNumber(endDay);
  return [...orderDays.values()]
    .map((byDay) => ({
      days: [...byDay].filter(([day]) => day <= end).sort(([a], [b]) => a - b),
      spentAfter: [...byDay]
        .filter(([day]) => day > end && day <= end + horizonDays)
        .reduce((sum, [, amount]) => sum + amount, 0),
    }))
    .filter(({ days }) => days.length > 0);
}

/** Histories as the models take them, in weeks. */
export function spendHistoryOf(customers: readonly CustomerUntil[], endDay: string): SpendHistory {
  const end = dayNumber(endDay);
  const perCustomer = (value: (days: CustomerUntil['days']) => number) =>
    Float64Array.from(customers, ({ days }) => value(days));
  return {
    purchases: {
      repeats: perCustomer((days) => days.length - 1),
      recency: perCustomer((days) => (days[days.length - 1][0] - days[0][0]) / 7),
      age: perCustomer((days) => (end - days[0][0]) / 7),
    },
    values: {
      orders: perCustomer((days) => days.length),
      meanValue: perCustomer((days) => days.reduce((sum, [, amount]) => sum + amount, 0) / days.length),
    },
  };
}
