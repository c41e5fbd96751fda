import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from '../../src/data/data-source.ts';
import { addDays } from '../../src/features/calendar-day.ts';
import { findAtRiskCustomers } from '../../src/scoring/at-risk-customers.ts';
import type { ScoringEnvironment } from '../../src/scoring/score-customers.ts';
import { readOverview } from '../../src/scoring/shop-overview.ts';
import { leavingCustomers } from '../helpers/leaving-customers.ts';
import { scoringOf } from '../helpers/scoring.ts';
import { makeSnapshot, type TestSnapshot } from '../helpers/snapshot.ts';

let shop: TestSnapshot;
let forecast: ScoringEnvironment;
beforeAll(async () => {
  shop = await makeSnapshot(leavingCustomers());
  forecast = await scoringOf(shop);
});
afterAll(() => shop[Symbol.asyncDispose]());

/** The data, and how often it was asked who matches on the last day: an earlier day has data of its own. */
function counted(data: DataSource) {
  const reads = { matched: 0 };
  const counting: DataSource = new Proxy(data, {
    get: (source, key) => {
      const value = Reflect.get(source, key);
      if (typeof value !== 'function') return value;
      return (...args: Parameters<typeof value>) => {
        const [statement] = args;
        if (key === 'columns' && JSON.stringify(statement).includes('customers_matched order by')) {
          reads.matched += 1;
        }
        return value.apply(source, args);
      };
    },
  });
  return { data: counting, reads };
}

describe('the risk of an overview', () => {
  it.each([{}, { minSpent: 200 }, { maxOrders: 2 }])(
    'is that of the customers at risk who match %j, on both days, and they are found once a day',
    async (filter) => {
      const asOf = shop.summary.lastOrderDate;
      const { data, reads } = counted(shop.data);
      const env = { ...forecast, data };
      const { risk, comparedWith } = await readOverview({ filter, asOf, months: 1 }, { data, forecast: env });
      expect(comparedWith).toBe(addDays(asOf, -7));
      expect(reads.matched).toBe(1);
      const totalsOn = async (day: string) => {
        const { totals } = await findAtRiskCustomers({ filter, asOf: day, limit: 1 }, forecast);
        return totals;
      };
      expect(risk?.now).toEqual(await totalsOn(asOf));
      expect(risk?.before).toEqual(await totalsOn(comparedWith));
      expect(risk?.now.customers).toBeGreaterThan(0);
    },
  );
});

describe('an overview of everyone', () => {
  it.each([1, 7, 60])(
    'says the same as that of customers with no orders or more, compared with %i days before',
    async (days) => {
      const compareWith = addDays(shop.summary.lastOrderDate, -days);
      const overview = (filter: object, env = forecast) =>
        readOverview({ filter, compareWith, months: 1 }, { data: shop.data, forecast: env });
      const everyone = await overview({});
      expect(everyone).toEqual(await overview({ minOrders: 0 }));
      expect(everyone.activeBefore).toBeGreaterThan(0);
    },
  );

  it('keeps nothing of the day that it compares with', async () => {
    const kept: number[] = [];
    const keptProspects = {
      read: async () => undefined,
      keep: async (_: DataSource, { customerIds }: { customerIds: readonly unknown[] }) => {
        kept.push(customerIds.length);
      },
    };
    const env = { ...forecast, keptProspects };
    const { customers } = await readOverview(
      { filter: {}, compareWith: shop.summary.lastOrderDate, months: 1 },
      { data: shop.data, forecast: env },
    );
    expect(kept).toEqual([customers]);
  });
});
