import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toFeatureMatrix } from '../../../../src/dataset/column-rows.ts';
import { addDays, dayNumber } from '../../../../src/features/calendar-day.ts';
import { readChurnFeatures } from '../../../../src/features/read-churn-features.ts';
import { SEASON_FEATURE } from '../../../../src/features/season-feature.ts';
import { meanOf } from '../../../../src/metrics/mean.ts';
import { openRegistry } from '../../../../src/registry/file-registry.ts';
import { createScorer } from '../../../../src/scoring/onnx-scorer.ts';
import { createBoosterTrainer } from '../../../../src/training/backend/booster-pool.ts';
import { shared } from '../../../helpers/learner.ts';
import { seededRandom } from '../../../helpers/random-trees.ts';
import { makeSnapshot, newTestHome, type TestShop, type TestSnapshot } from '../../../helpers/snapshot.ts';
import { fieldsOf, trainChurnModel } from '../../../helpers/training.ts';

const LAST_DAY = '2025-12-31';
const DAYS = 640;

/** Customers who order three times as often in winter as in summer, and leave now and then. */
function seasonalShop(): TestShop {
  const random = seededRandom(31);
  const speed = (age: number) =>
    1 + 0.5 * Math.cos((2 * Math.PI * (dayNumber(LAST_DAY) - age - dayNumber('2025-01-01'))) / 365);
  const orders: TestShop['orders'][number][] = [];
  for (let customer = 1; customer <= 150; customer++) {
    const rate = 0.01 + 0.03 * random();
    for (let age = Math.floor(DAYS * (0.3 + 0.7 * random())), isFirst = true; age >= 0; age--) {
      if (!isFirst && random() > rate * speed(age)) continue;
      isFirst = false;
      orders.push({
        order_id: `${orders.length}`,
        customer_id: customer,
        order_date: `${addDays(LAST_DAY, -age)} 12:00:00`,
        total_amount: 10 + Math.floor(90 * random()),
      });
      if (random() < 0.06) break;
    }
  }
  return { orders };
}

async function trainOn({ data }: TestSnapshot, threads: number) {
  const home = await newTestHome();
  const trainer = createBoosterTrainer({ threads });
  try {
    const { card } = await trainChurnModel(
      { label: 'forward', horizonDays: 30, params: { n_estimators: 10 } },
      { data, trainer, registry: openRegistry(home, { now: () => new Date(0) }), now: () => new Date(0) },
    );
    return { card, onnx: await readFile(join(home, 'registry', card.model, card.version, 'model.onnx')) };
  } finally {
    await trainer[Symbol.asyncDispose]?.();
  }
}

describe('a forecast of a shop whose season is known', () => {
  let shop: TestSnapshot;
  let one: Awaited<ReturnType<typeof trainOn>>;
  let three: Awaited<ReturnType<typeof trainOn>>;

  beforeAll(async () => {
    shop = await makeSnapshot(seasonalShop());
    one = await trainOn(shop, 1);
    three = await trainOn(shop, 3);
  });
  afterAll(() => shop[Symbol.asyncDispose]());

  it('has the same bytes on one thread as on three', () => {
    expect(fieldsOf(one.card).season).toMatchObject({ is_known: true });
    expect(one.onnx.equals(three.onnx)).toBe(true);
    expect(one.card.details).toEqual(three.card.details);
  });

  it('gives the probabilities of each week by its ONNX file alone', async () => {
    const { features } = one.card;
    const { factors = [] } = fieldsOf(one.card).season ?? {};
    const matrix = toFeatureMatrix(await readChurnFeatures(shop.data, { asOf: LAST_DAY }), features);
    const place = features.indexOf(SEASON_FEATURE);
    const scorer = await createScorer(one.onnx);
    const meanOn = async (dayOfYear: number) => {
      const columns = matrix.columns.map((column, i) =>
        i === place ? shared(new Array(column.length).fill(dayOfYear)) : column,
      );
      return meanOf(await scorer.score({ ...matrix, columns }));
    };
    const weeks = [0, 10, 20, 30, 40];
    const means: number[] = [];
    for (const week of weeks) means.push(await meanOn(7 * week + 1));
    const places = [...weeks.keys()];
    const byFactor = places.toSorted((a, b) => factors[weeks[b]] - factors[weeks[a]]);
    const byMean = places.toSorted((a, b) => means[a] - means[b]);
    expect(byMean).toEqual(byFactor);
    expect(means[byMean[4]] - means[byMean[0]]).toBeGreaterThan(0.01);
  });
});
