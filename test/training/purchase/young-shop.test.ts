import { describe, expect, it } from 'vitest';
import { sharedColumnOf } from '../../../src/dataset/column-rows.ts';
import type { LabelledDataset } from '../../../src/dataset/feature-matrix.ts';
import { addDays } from '../../../src/features/calendar-day.ts';
import { rawScoresOf } from '../../../src/gbdt/raw-scores.ts';
import { createBoosterTrainer } from '../../../src/training/backend/booster-pool.ts';
import { carriedShare, shortfallOn, withShortfall } from '../../../src/training/purchase/young-shop.ts';
import { rollRecommendations } from '../../../src/training/rolling-origin.ts';
import { createFakeRegistry } from '../../helpers/fake-registry.ts';
import { seededRandom } from '../../helpers/random-trees.ts';
import { makeSnapshot } from '../../helpers/snapshot.ts';

const FIRST_DAY = '2026-01-01';

/** Of a shop with so many months of orders: from the model that learnt from the four months before to the next one. */
function shareAt(months: number): number {
  const monthsAgo = (ago: number) => addDays(FIRST_DAY, 30 * (months - ago));
  const outlook = (ago: number) => ({
    day: monthsAgo(ago),
    trainCutoffs: [1, 2, 3, 4]
      .filter((before) => months - ago - before >= 1)
      .map((before) => monthsAgo(ago + before)),
  });
  return carriedShare(FIRST_DAY, outlook(1), outlook(0));
}

const MODEL = { featureNames: ['times_bought'], baseScore: -2, trees: [] };

/** Half of the pairs are of products bought before; each group has a chance of its own. */
function pairs(rowCount: number, chances: readonly [number, number]): LabelledDataset {
  const random = seededRandom(11);
  const timesBought = Array.from({ length: rowCount }, (_, row) => row % 2);
  return {
    rowCount,
    featureNames: MODEL.featureNames,
    columns: [sharedColumnOf(timesBought)],
    labels: sharedColumnOf(timesBought.map((times) => (random() < chances[times] ? 1 : 0))),
  };
}

const CUSTOMERS = 200;
const PRODUCTS = 300;
const STAPLES = 60;

/** Everybody buys some of their own staples again and again, and did so before the first day that is known. */
function shopOfStaples(days: number) {
  const random = seededRandom(5);
  const drawn = () => Math.floor(PRODUCTS * random() ** 2);
  const orders = [];
  const orderItems = [];
  for (let customer = 1; customer <= CUSTOMERS; customer++) {
    const staples = Array.from({ length: STAPLES }, drawn);
    for (let day = random() * 10; day < days; day += 3 + 8 * random()) {
      const bought = new Set([drawn(), ...staples.filter(() => random() < 0.06)]);
      const order_id = `${customer}-${Math.floor(day)}`;
      const order_date = `${addDays('2026-01-01', Math.floor(day))} 12:00:00`;
      orders.push({ order_id, customer_id: customer, order_date, total_amount: bought.size });
      for (const product of bought) {
        const line = { product_name: `Product ${product}`, quantity: 1, unit_price: 1, line_total: 1 };
        orderItems.push({
          ...line,
          order_item_id: `${order_id}-${product}`,
          order_id,
          product_id: product + 1,
        });
      }
    }
  }
  return { orders, orderItems };
}

const logit = (chance: number) => Math.log(chance / (1 - chance));

describe('a young shop', () => {
  it('carries on less of an error the longer its history is, and nothing from nine months on', () => {
    const shares = Array.from({ length: 24 }, (_, month) => shareAt(month + 3));
    expect(shares[0]).toBeGreaterThan(0.6);
    expect(shares[0]).toBeLessThan(1);
    for (const [at, share] of shares.slice(3).entries()) expect(share).toBeLessThanOrEqual(shares[at + 2]);
    expect(shares.slice(6)).toEqual(shares.slice(6).map(() => 0));
  });

  it('measures the error of new products and of those bought before apart, and takes it off', () => {
    const seen = pairs(40_000, [0.08, 0.2]);
    const shortfall = shortfallOn(MODEL, seen);
    expect(shortfall.newProducts).toBeCloseTo(logit(0.08) + 2, 0);
    expect(shortfall.knownProducts).toBeCloseTo(logit(0.2) + 2, 0);
    const mended = withShortfall(MODEL, shortfall, 1);
    expect(Math.abs(shortfallOn(mended, seen).newProducts)).toBeLessThan(
      0.25 * Math.abs(shortfall.newProducts),
    );
    expect(Math.abs(shortfallOn(mended, seen).knownProducts)).toBeLessThan(
      0.1 * Math.abs(shortfall.knownProducts),
    );
    const tenth = rawScoresOf(withShortfall(MODEL, shortfall, 0.1), seen);
    expect(tenth[0]).toBeCloseTo(-2 + shortfall.newProducts / 10, 5);
    expect(tenth[1]).toBeCloseTo(-2 + shortfall.knownProducts / 10, 5);
  });

  it('at most doubles or halves odds', () => {
    const scores = rawScoresOf(
      withShortfall(MODEL, { newProducts: -3, knownProducts: 3 }, 1),
      pairs(2, [0, 0]),
    );
    expect([...scores]).toEqual([Math.fround(-2 - Math.LN2), Math.fround(-2 + Math.LN2)]);
  });

  it('takes the error of few purchases for chance', () => {
    const few = shortfallOn(MODEL, pairs(60, [0, 0.9]));
    expect(few.newProducts).toBe(0);
    expect(few.knownProducts).toBeGreaterThan(0);
    expect(few.knownProducts).toBeLessThan(0.3 * (logit(0.9) + 2));
  });

  it('says about as many purchases as there will be: without this 1.14 times as many', async () => {
    await using snapshot = await makeSnapshot(shopOfStaples(122));
    await using trainer = createBoosterTrainer({ threads: 1 });
    const env = { registry: createFakeRegistry(), trainer, now: () => new Date(0) };
    const [day] = await rollRecommendations({ cutoffs: 1 }, snapshot.data, env);
    expect(day.said / day.bought).toBeLessThan(1.1);
    expect(day.said / day.bought).toBeGreaterThan(0.9);
  });
});
