import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openDataHome } from '../../../src/data/data-home.ts';
import type { ColumnTable, DataSource } from '../../../src/data/data-source.ts';
import { homeLayout } from '../../../src/data/home-layout.ts';
import { addDays } from '../../../src/features/calendar-day.ts';
import { readChurnFeatures, readForwardLabels } from '../../../src/features/read-churn-features.ts';
import { openHistory } from '../../../src/training/churn/order-history.ts';
import { dataElsewhere } from '../../helpers/data-elsewhere.ts';
import { leavingCustomers } from '../../helpers/leaving-customers.ts';
import { copyOfHome } from '../../helpers/shared-homes.ts';
import { makeSnapshot } from '../../helpers/snapshot.ts';

const cutoff = '2025-12-01';

async function featuresAndLabels(data: DataSource): Promise<readonly [ColumnTable, ColumnTable]> {
  return [
    await readChurnFeatures(data, { asOf: cutoff }),
    await readForwardLabels(data, { cutoff, horizonDays: 30 }),
  ];
}

function valuesOf(tables: readonly ColumnTable[], rows: readonly number[]): unknown[] {
  return tables.flatMap((table) =>
    table.columnNames.map((name) => [name, ...table.pick(Uint32Array.from(rows)).float64(name)]),
  );
}

describe('a sample of a shop that has more customers than a forecast learns from', () => {
  it('holds every nth customer, with the very features and outcomes they have in the whole shop', async () => {
    await using home = openDataHome(await copyOfHome('demo shop'));
    const data = await home.current();
    await using history = await openHistory(data, { customers: 300, most: 100, asOf: '2026-01-31' });
    expect(history.customersPerRow).toBe(3);

    const all = (await data.columns({ file: 'portable/reads/churn_features', values: [] })).ids(
      'customer_id',
    );
    const chosen = new Set(all.filter((_, position) => position % 3 === 0));
    const whole = await featuresAndLabels(data);
    const sample = await featuresAndLabels(history.data);
    const rows = whole[0].ids('customer_id').flatMap((id, row) => (chosen.has(id) ? [row] : []));
    expect(rows.length).toBeGreaterThan(80);
    expect(valuesOf(sample, [...sample[0].ids('customer_id').keys()])).toEqual(valuesOf(whole, rows));
  });

  it('is the whole shop if there are not too many customers', async () => {
    await using home = openDataHome(await copyOfHome('demo shop'));
    const data = await home.current();
    await using history = await openHistory(data, { customers: 300, asOf: '2026-01-31' });
    expect(history.customersPerRow).toBe(1);
    const whole = await featuresAndLabels(data);
    const rows = [...whole[0].ids('customer_id').keys()];
    expect(valuesOf(await featuresAndLabels(history.data), rows)).toEqual(valuesOf(whole, rows));
  });

  it('makes no relation of data elsewhere if there are not too many customers', async () => {
    await using home = openDataHome(await copyOfHome('demo shop'));
    let derived = 0;
    const shop = await home.current();
    const data = dataElsewhere(shop, {
      withRelations: (...args) => {
        derived++;
        return shop.withRelations(...args);
      },
    });
    await using whole = await openHistory(data, { customers: 300, asOf: '2026-01-31' });
    expect(await whole.data.summary()).toEqual(await shop.summary());
    expect(derived).toBe(0);
    await using sample = await openHistory(data, { customers: 300, most: 100, asOf: '2026-01-31' });
    expect(sample.customersPerRow).toBe(3);
    expect(derived).toBe(1);
  });
});

describe('features of several days that share what does not depend on the day', () => {
  it.each(['2024-03-01', '2025-12-01', '2026-01-31'])('are those of the day alone as of %s', async (day) => {
    await using home = openDataHome(await copyOfHome('demo shop'));
    const data = await home.current();
    await using history = await openHistory(data, { customers: 300, asOf: '2026-01-31' });
    const days = ['2025-06-01', day, '2025-07-01'];
    const read = await Promise.all(days.map((asOf) => featuresOn(history.data, asOf)));
    const alone = await featuresOn(data, day);
    const rows = [...alone.ids('customer_id').keys()];
    expect(rows.length).toBeGreaterThan(10);
    expect(read[1].ids('customer_id')).toEqual(alone.ids('customer_id'));
    expect(valuesOf([read[1]], rows)).toEqual(valuesOf([alone], rows));
  });

  it('are read from a snapshot whose file has gone since it was opened, and the data goes on after a refused relation', async () => {
    await using shop = await makeSnapshot(leavingCustomers());
    const { lastOrderDate: asOf, customers } = shop.summary;
    const day = addDays(asOf, -30);
    const alone = await featuresOn(shop.data, day);
    const nonsense = [{ name: 'nonsense', text: 'select nonsense', values: [] }];
    await expect(shop.data.withRelations(nonsense, undefined, { areForSeveral: true })).rejects.toThrow();
    await rm(homeLayout(shop.home).snapshot(shop.snapshotId));
    await using history = await openHistory(shop.data, { customers, asOf });
    const [read] = await Promise.all([day, asOf].map((each) => featuresOn(history.data, each)));
    const rows = [...alone.ids('customer_id').keys()];
    expect(rows.length).toBeGreaterThan(10);
    expect(valuesOf([read], rows)).toEqual(valuesOf([alone], rows));
  });
});

/** By the statement, also if the day is one of a serving table. */
function featuresOn(data: DataSource, day: string): Promise<ColumnTable> {
  return data.columns({
    file: 'portable/tables/churn_features',
    values: [day],
    isOneOfSeveral: true,
  });
}
