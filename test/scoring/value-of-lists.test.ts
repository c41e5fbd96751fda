import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataHome } from '../../src/data/data-home.ts';
import { createDemoShop } from '../../src/data/demo/create-demo-shop.ts';
import { addDays, daysBetween } from '../../src/features/calendar-day.ts';
import { atRiskColumns, scoreColumns } from '../../src/mcp/list-columns.ts';
import { findAtRiskCustomers } from '../../src/scoring/at-risk-customers.ts';
import { explainCustomer } from '../../src/scoring/explain-customer.ts';
import type { ScoringEnvironment } from '../../src/scoring/score-customers.ts';
import { scoreList } from '../../src/scoring/scored-list.ts';
import { scoringOf } from '../helpers/scoring.ts';
import { newTestHome } from '../helpers/snapshot.ts';

let env: ScoringEnvironment;
let close: () => PromiseLike<void>;
beforeAll(async () => {
  const home = await newTestHome();
  await createDemoShop({ home, customers: 1500, seed: 7, asOf: '2026-06-30' });
  const provider = openDataHome(home);
  close = () => provider[Symbol.asyncDispose]();
  env = await scoringOf({ data: await provider.current(), home });
}, 120_000);
afterAll(() => close());

const EVERYBODY = { limit: 10_000, minProbability: 0, withReasons: false } as const;

describe('the value of listed customers', () => {
  it('sorts them if asked, and sums to that of the whole list', async () => {
    const { customers, listableOutlook: total } = await findAtRiskCustomers(
      { ...EVERYBODY, sortBy: 'expected_value' },
      env,
    );
    const values = customers.map(({ value }) => value?.expected ?? Number.NaN);
    expect(values.length).toBeGreaterThan(300);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(total?.expected).toBeCloseTo(
      values.reduce((sum, value) => sum + value, 0),
      6,
    );
    expect(total?.days).toBe(365);
    const { low = 0, high = 0, expected = 0 } = total ?? {};
    expect(low).toBeLessThan(expected);
    expect(high / expected).toBeCloseTo(expected / low, 9);
  });

  it('is the same on the page of one of them and in both files', async () => {
    const found = await findAtRiskCustomers(EVERYBODY, env);
    const [first] = found.customers;
    const around = { ...env, atRiskFrom: 0.3 };
    const { value } = await explainCustomer({ customerId: first.customerId }, around);
    expect(value).toEqual(first.value);
    const list = await scoreList({ withReasons: false }, env);
    const row = list.customerIds.indexOf(first.customerId);
    for (const [columns, at] of [
      [atRiskColumns({ ...found, trainedNow: false }), 0],
      [scoreColumns(list), row],
    ] as const) {
      const cell = (name: string) => columns.find((column) => column.name === name)?.values[at];
      expect(cell('expected_value')).toBeCloseTo(value?.expected ?? Number.NaN, 2);
      expect(cell('expected_value_high')).toBeCloseTo(value?.high ?? Number.NaN, 2);
      expect(cell('expected_value_days')).toBe(365);
      expect(cell('next_order_expected')).toBe(value?.nextOrder.expected);
    }
  });

  it('names days of the next order after the day, in their order, and within the time', async () => {
    const { customers, asOf } = await findAtRiskCustomers(EVERYBODY, env);
    for (const { value } of customers) {
      const { early = '', expected = '', late = '' } = value?.nextOrder ?? {};
      expect(asOf < early && early <= expected && expected <= late).toBe(true);
      expect(late <= addDays(asOf, 365)).toBe(true);
    }
  });

  it('looks no further ahead than the orders go back', async () => {
    const { firstOrderDate } = await env.data.summary();
    const asOf = addDays(firstOrderDate, 200);
    const { listableOutlook } = await findAtRiskCustomers({ ...EVERYBODY, asOf }, env);
    expect(listableOutlook?.days).toBe(daysBetween(firstOrderDate, asOf));
  });

  it('is refused as an order if the forecast says nothing of it', async () => {
    const { version } = env;
    const details = { ...version.card.details, value: undefined };
    const without = { ...env, version: { ...version, card: { ...version.card, details } } };
    const found = await findAtRiskCustomers(EVERYBODY, without);
    expect(found.listableOutlook).toBeUndefined();
    expect(atRiskColumns({ ...found, trainedNow: false }).map(({ name }) => name)).not.toContain(
      'expected_value',
    );
    await expect(
      findAtRiskCustomers({ ...EVERYBODY, sortBy: 'expected_value' }, without),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
