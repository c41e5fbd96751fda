import { existsSync } from 'node:fs';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../src/features/calendar-day.ts';
import { measureLiveAccuracy } from '../../src/scoring/live-accuracy.ts';
import { PredictionLog } from '../../src/scoring/prediction-log.ts';
import { forwardDetails, sampleCard } from '../helpers/sample-cards.ts';
import { makeSnapshot, newTestHome } from '../helpers/snapshot.ts';

const card = {
  ...sampleCard,
  as_of: '2026-01-10',
  details: { ...forwardDetails, horizon_days: 30 },
} as const;

/** Two customers order every ten days, two have stopped on the first day. */
function shop(lastDay: number) {
  const ordersOf = (customer: number, days: readonly number[]) =>
    days.map((day) => ({
      order_id: `${customer}-${day}`,
      customer_id: customer,
      order_date: `${addDays('2026-01-01', day)} 12:00:00`,
      total_amount: 10,
    }));
  const regular = Array.from({ length: Math.floor(lastDay / 10) + 1 }, (_, i) => i * 10);
  return {
    orders: [1, 2].flatMap((id) => ordersOf(id, regular)).concat([3, 4].flatMap((id) => ordersOf(id, [0]))),
  };
}

async function record(home: string, days: readonly string[], ids: readonly number[] = [1, 2, 3, 4]) {
  await using log = new PredictionLog(home);
  for (const asOf of days) {
    const probabilities = Float32Array.from(ids, (id) => (id <= 2 ? 0.2 : 0.9));
    log.record(card, { asOf, customerIds: ids, probabilities });
  }
}

describe('the live accuracy', () => {
  it('tells how a forecast did once its horizon has passed, for the newest such day', async () => {
    await using early = await makeSnapshot(shop(30));
    await using later = await makeSnapshot(shop(60));
    const home = await newTestHome();
    await record(home, ['2026-01-11', '2026-01-21', '2026-02-20']);
    await using predictions = new PredictionLog(home);
    const nothing = { live: undefined, damagedDays: [] };
    expect(await measureLiveAccuracy(card, { data: early.data, predictions })).toEqual(nothing);
    const { live } = await measureLiveAccuracy(card, { data: later.data, predictions });
    expect(live).toMatchObject({
      asOf: '2026-01-21',
      customers: 4,
      missing: 0,
      churnRate: 0.5,
      rocAuc: 1,
    });
    expect(live?.predictedRate).toBeCloseTo(0.55, 6);
    expect(live?.brier).toBeCloseTo((2 * 0.2 ** 2 + 2 * 0.1 ** 2) / 4, 6);
  });

  it('leaves out days that training had seen, and counts customers who are gone from the data', async () => {
    await using later = await makeSnapshot(shop(60));
    const seen = await newTestHome();
    await record(seen, ['2026-01-09']);
    await using old = new PredictionLog(seen);
    expect((await measureLiveAccuracy(card, { data: later.data, predictions: old })).live).toBeUndefined();
    const home = await newTestHome();
    await record(home, ['2026-01-11'], [1, 2, 3, 99]);
    await using predictions = new PredictionLog(home);
    const { live } = await measureLiveAccuracy(card, { data: later.data, predictions });
    expect(live).toMatchObject({ customers: 3, missing: 1 });
  });

  it.each<[string, (file: string) => Promise<void>]>([
    ['a flipped bit', flipBit],
    ['a cut file', (file) => truncate(file, 100)],
    ['an empty file', (file) => writeFile(file, '')],
    [
      'a damaged file of a version that kept no checksums',
      async (file) => {
        await rm(`${file}.sha256`);
        await truncate(file, 100);
      },
    ],
  ])('leaves out a day with %s, names it, and reports the day before', async (_, damage) => {
    await using later = await makeSnapshot(shop(60));
    const home = await newTestHome();
    await record(home, ['2026-01-11', '2026-01-21']);
    await damage(join(home, 'predictions', card.model, card.version, '2026-01-21.parquet'));
    await using predictions = new PredictionLog(home);
    expect(await measureLiveAccuracy(card, { data: later.data, predictions })).toMatchObject({
      live: { asOf: '2026-01-11', customers: 4 },
      damagedDays: ['2026-01-21'],
    });
  });
});

/** In the middle, where the values are: the engine would not notice. */
async function flipBit(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length >> 1] ^= 1;
  await writeFile(file, bytes);
}

describe('the log of predictions', () => {
  it('keeps the first prediction per version and day', async () => {
    const home = await newTestHome();
    await record(home, ['2026-01-11'], [1, 2]);
    await record(home, ['2026-01-11'], [1, 2, 3]);
    await using log = new PredictionLog(home);
    expect(await log.days(card)).toEqual(['2026-01-11']);
    expect((await log.read(card, '2026-01-11'))?.customerIds).toEqual([1, 2]);
  });

  it('lets a call succeed even if it cannot be written', async () => {
    const home = await newTestHome();
    await writeFile(join(home, 'predictions'), 'a file in the way');
    await record(home, ['2026-01-11']);
    expect(existsSync(join(home, 'predictions', card.model))).toBe(false);
  });
});
