import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDataHome } from '../../../src/data/data-home.ts';
import type { DataSource, DataSourceProvider } from '../../../src/data/data-source.ts';
import {
  bestReachableForward,
  bestReachableInactivity,
  isDemoShop,
} from '../../../src/data/demo/best-reachable.ts';
import { createDemoShop } from '../../../src/data/demo/create-demo-shop.ts';
import { makeSnapshot, newTestHome } from '../../helpers/snapshot.ts';

let provider: DataSourceProvider;
let data: DataSource;

beforeAll(async () => {
  const home = await newTestHome();
  await createDemoShop({ home, customers: 5000, asOf: '2025-11-26' });
  provider = openDataHome(home);
  data = await provider.current();
});
afterAll(() => provider[Symbol.asyncDispose]());

describe('the best reachable ranking for the forward label', () => {
  const windows = [
    { cutoff: '2025-08-28', horizonDays: 90 },
    { cutoff: '2025-05-30', horizonDays: 90 },
    { cutoff: '2025-10-27', horizonDays: 30 },
    { cutoff: '2024-11-26', horizonDays: 180 },
  ];

  test.each(windows)('has calibrated probabilities, %j', async (window) => {
    const best = await bestReachableForward(data, window);
    // Three standard errors of a share of 5,000, and nothing for the posterior's own spread.
    expect(Math.abs(best.expectedChurnRate - best.churnRate)).toBeLessThan(0.02);
  });

  test.each(windows)(
    'is good from orders alone, and better if the true rates are known, %j',
    async (window) => {
      const best = await bestReachableForward(data, window);
      expect(best.rocAuc).toBeGreaterThan(0.9);
      expect(best.rocAucTrueRates).toBeGreaterThan(best.rocAuc);
      expect(best.rocAucTrueRates).toBeLessThan(1);
    },
  );

  test('has a base rate far from 0 and 1 at the default horizon', async () => {
    const { churnRate } = await bestReachableForward(data, { cutoff: '2025-08-28', horizonDays: 90 });
    expect(churnRate).toBeGreaterThan(0.4);
    expect(churnRate).toBeLessThan(0.7);
  });

  test('refuses a window that ends after the history', async () => {
    await expect(bestReachableForward(data, { cutoff: '2025-08-29', horizonDays: 90 })).rejects.toMatchObject(
      { code: 'HORIZON_TOO_LONG' },
    );
  });
});

describe('the best reachable ranking for the inactivity label', () => {
  test('has calibrated probabilities, and a ROC-AUC near the one that the reference reports', async () => {
    const best = await bestReachableInactivity(data);
    expect(Math.abs(best.expectedChurnRate - best.churnRate)).toBeLessThan(0.02);
    expect(best.rocAuc).toBeGreaterThan(0.93);
    expect(best.rocAuc).toBeLessThan(0.98);
  });
});

test('only the demo shop has a table of true rates', async () => {
  await using shop = await makeSnapshot({
    orders: [{ order_id: 'a', customer_id: 1, order_date: '2026-01-01', total_amount: 10 }],
  });
  expect(await isDemoShop(data)).toBe(true);
  expect(await isDemoShop(shop.data)).toBe(false);
  await expect(bestReachableInactivity(shop.data)).rejects.toMatchObject({ code: 'MISSING_TABLE' });
});

test('no statement reads the true rates but those of the demo shop', () => {
  const folder = join(import.meta.dirname, '../../../sql');
  const readers = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.sql'))
    .filter((name) => readFileSync(join(folder, name), 'utf8').includes('demo.'));
  expect(readers.length).toBeGreaterThan(0);
  for (const name of readers) expect(name).toMatch(/^duckdb[\\/]demo[\\/]/);
});
