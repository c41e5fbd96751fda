import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type WeeklyCount, weeklyIndex } from '../../../../src/training/churn/season/weekly-index.ts';

const WEEKS = 30;
const CLASSES = 3;

/** Every class in every week, with any numbers of customers and order days. */
const counts = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 300 })), {
    minLength: WEEKS * CLASSES,
    maxLength: WEEKS * CLASSES,
  })
  .map((pairs) =>
    pairs.map(
      ([customers, orderDays], i): WeeklyCount => ({
        weeksAgo: 1 + Math.floor(i / CLASSES),
        customerClass: i % CLASSES,
        customers,
        orderDays,
      }),
    ),
  );

/** Day by day: each day holds a seventh of its week. */
function naiveLogRatio(all: readonly WeeklyCount[], start: number, days: number, knownAge: number): number {
  const known = all.filter(({ weeksAgo }) => 7 * (weeksAgo - 1) >= knownAge);
  const usual = (customerClass: number) => {
    const rows = known.filter((row) => row.customerClass === customerClass);
    const sum = (field: 'orderDays' | 'customers') => rows.reduce((total, row) => total + row[field], 0);
    return sum('orderDays') / sum('customers');
  };
  let [orderDays, expected] = [0, 0];
  for (let age = start; age > start - days; age--) {
    for (const row of known) {
      if (age <= 7 * (row.weeksAgo - 1) || age > 7 * row.weeksAgo) continue;
      orderDays += row.orderDays / 7;
      expected += (row.customers * usual(row.customerClass)) / 7;
    }
  }
  return Math.log((orderDays + 0.5) / (expected + 0.5));
}

describe('the weekly index', () => {
  it('is what a count day by day gives', () => {
    fc.assert(
      fc.property(
        counts,
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 100 }),
        (all, knownAge, days, later) => {
          const index = weeklyIndex(all, knownAge);
          const start = index.endAge + days + later;
          const ratio = index.logRatio(start, days);
          if (start > index.startAge) expect(ratio).toBeUndefined();
          else expect(ratio).toBeCloseTo(naiveLogRatio(all, start, days, knownAge), 9);
        },
      ),
    );
  });

  it('is 0 over all weeks together', () => {
    fc.assert(
      fc.property(counts, (all) => {
        expect(weeklyIndex(all, 0).logRatio(7 * WEEKS, 7 * WEEKS)).toBeCloseTo(0, 9);
      }),
    );
  });

  it('does not see weeks that ended after the day it is known on', () => {
    fc.assert(
      fc.property(counts, (all) => {
        const changed = all.map((row) => (row.weeksAgo <= 5 ? { ...row, orderDays: 1000 } : row));
        const ratioOf = (rows: readonly WeeklyCount[]) => weeklyIndex(rows, 35).logRatio(70, 28);
        expect(ratioOf(changed)).toBe(ratioOf(all));
      }),
    );
  });
});
