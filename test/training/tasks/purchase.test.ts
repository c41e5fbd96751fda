import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEGMENTS } from '../../../src/customers/segments.ts';
import { SEASON_FEATURE } from '../../../src/features/season-feature.ts';
import { exportOnnx } from '../../../src/onnx/export-onnx.ts';
import { recommendProducts } from '../../../src/recommend/product-recommendations.ts';
import { recommendForEveryone } from '../../../src/recommend/recommend-for-everyone.ts';
import { modelCardSchema } from '../../../src/registry/model-card.ts';
import { createScorer } from '../../../src/scoring/onnx-scorer.ts';
import type { Scorer } from '../../../src/scoring/scorer.ts';
import { createBoosterTrainer } from '../../../src/training/backend/booster-pool.ts';
import { createFakeRegistry } from '../../helpers/fake-registry.ts';
import { makeTastefulShop } from '../../helpers/recommendation-shop.ts';
import { makeSnapshot, type TestSnapshot } from '../../helpers/snapshot.ts';
import { fieldsOf, trainRecommendationModel } from '../../helpers/training.ts';

const CUSTOMERS = 90;
const PRODUCTS = 12;
const shop = makeTastefulShop(CUSTOMERS, PRODUCTS);
const trainer = createBoosterTrainer({ threads: 2 });
const now = () => new Date('2026-01-01T00:00:00Z');

let snapshot: TestSnapshot;
beforeAll(async () => {
  snapshot = await makeSnapshot(shop);
});
afterAll(async () => {
  await snapshot[Symbol.asyncDispose]();
  await trainer[Symbol.asyncDispose]();
});

describe('a recommendation model', () => {
  const registry = createFakeRegistry();
  let scorer: Scorer;

  it('is measured on a later period beside the baselines, and becomes the champion', async () => {
    const { card, promoted } = await trainRecommendationModel(
      {},
      { data: snapshot.data, registry, trainer, now },
    );
    expect(modelCardSchema.parse(card)).toEqual(card);
    expect(promoted).toBe(true);
    const { windows, ranking } = fieldsOf(card);
    const { train_cutoffs = [], evaluation_cutoff = '' } = windows ?? {};
    expect(train_cutoffs.length).toBeGreaterThan(0);
    expect(train_cutoffs.every((cutoff) => cutoff < evaluation_cutoff)).toBe(true);
    expect(Object.keys(ranking ?? {})).toEqual([
      'model',
      'popularity_all_time',
      'popularity_last_30_days',
      'personal_frequency',
      'item_cosine',
    ]);
    expect(card.metrics.roc_auc).toBeGreaterThan(0.6);
    scorer = await createScorer(registry.versions[0].onnx);
  });

  it('is the same byte for byte if trained again, and then does not replace the champion', async () => {
    const { promoted } = await trainRecommendationModel({}, { data: snapshot.data, registry, trainer, now });
    expect(Buffer.from(registry.versions[1].onnx).equals(Buffer.from(registry.versions[0].onnx))).toBe(true);
    expect(promoted).toBe(false);
  });

  it('recommends only products never bought, and skips customers who have everything', async () => {
    const { card } = registry.versions[0];
    for (const segment of SEGMENTS) {
      const request = { nCustomers: 1000, nProducts: PRODUCTS, segment };
      const { customers } = await recommendProducts(request, { data: snapshot.data, scorer, card });
      const ids = customers.map(({ customerId }) => Number(customerId));
      expect(ids).toEqual([...ids].sort((one, other) => one - other));
      expect(ids).not.toContain(CUSTOMERS);
      for (const { customerId, recommendations } of customers) {
        const bought = productsOf(customerId);
        expect(recommendations.length).toBe(PRODUCTS - bought.size);
        expect(recommendations.filter(({ productId }) => bought.has(productId))).toEqual([]);
      }
    }
  });

  it('ranks by more than the probability, and shows the same probability as without', async () => {
    const { card, ensemble, onnx } = registry.versions[0];
    expect(ensemble.rankingTrees?.length).toBeGreaterThan(0);
    const withoutRanking = { ...ensemble, rankingTrees: undefined };
    const plain = await createScorer(exportOnnx(withoutRanking, { model: 'product_recommendation' }));
    const listsOf = (of: Scorer) =>
      recommendForEveryone(
        { nProducts: PRODUCTS, includePurchased: true },
        { data: snapshot.data, scorer: of, card },
      );
    const [ranked, byProbability] = [await listsOf(scorer), await listsOf(plain)];
    const probabilitiesIn = (list: typeof ranked) =>
      Object.fromEntries(
        list.customer_id.map((customer, row) => [
          `${customer} ${list.product_id[row]}`,
          list.purchase_probability[row],
        ]),
      );
    expect(probabilitiesIn(ranked)).toEqual(probabilitiesIn(byProbability));
    expect(ranked.product_id).not.toEqual(byProbability.product_id);
    const descends = byProbability.rank.every(
      (rank, row) =>
        rank === 1 || byProbability.purchase_probability[row] <= byProbability.purchase_probability[row - 1],
    );
    expect(descends).toBe(true);
    expect(Buffer.from(exportOnnx(ensemble, { model: card.model })).equals(Buffer.from(onnx))).toBe(true);
  });

  it('still serves if it was trained before a feature was added', async () => {
    const { card, ensemble } = registry.versions[0];
    const earlier = { ...ensemble, featureNames: ensemble.featureNames.slice(0, -1) };
    expect(ensemble.featureNames.at(-1)).toBe(SEASON_FEATURE);
    const old = await createScorer(exportOnnx(earlier, { model: 'product_recommendation' }));
    const request = { nCustomers: 50, nProducts: 3, segment: '', customerIds: ['1', '2', '3'] };
    const lists = await Promise.all(
      [old, scorer].map((of) => recommendProducts(request, { data: snapshot.data, scorer: of, card })),
    );
    expect(lists[0].customers.length).toBe(3);
    expect(lists[0].customers).toEqual(lists[1].customers);
  });

  it('ranks products for every customer, on any day, with or without what they own', async () => {
    const { card } = registry.versions[0];
    const source = { data: snapshot.data, scorer, card };
    for (const asOf of [snapshot.summary.lastOrderDate, '2024-06-01']) {
      const everyone = new Set(
        shop.orders
          .filter((order) => order.order_date.slice(0, 10) <= asOf)
          .map((order) => order.customer_id),
      );
      const columns = await recommendForEveryone({ nProducts: 5, asOf, includePurchased: true }, source);
      expect(new Set(columns.customer_id)).toEqual(everyone);
      expect(columns.rank.length).toBe(5 * everyone.size);
      expect(columns.rank).toEqual(Array.from({ length: columns.rank.length }, (_, row) => (row % 5) + 1));
    }
    const fresh = await recommendForEveryone({ nProducts: 5, includePurchased: false }, source);
    const isBought = fresh.customer_id.map((id, row) => productsOf(id).has(fresh.product_id[row]));
    expect(isBought).not.toContain(true);
  });

  it('has nothing to recommend if nobody is named, as a list of customers at risk may be empty', async () => {
    const { card } = registry.versions[0];
    const request = { nCustomers: 0, nProducts: 3, segment: 'REGULAR', customerIds: [] };
    const found = await recommendProducts(request, { data: snapshot.data, scorer, card });
    expect(found).toMatchObject({ segment: undefined, customers: [], text: undefined });
  });

  it('never offers what is out of stock, unless the shop keeps no count of stock', async () => {
    const { card } = registry.versions[0];
    const offeredWith = async (stockOf: (product: number) => number) => {
      const products = shop.products.map((product, index) => ({
        ...product,
        stock_quantity: stockOf(index),
      }));
      await using stocked = await makeSnapshot({ ...shop, products });
      const { product_id: offered } = await recommendForEveryone(
        { nProducts: PRODUCTS, includePurchased: true },
        { data: stocked.data, scorer, card },
      );
      return new Set(offered.map(Number));
    };
    const offered = await offeredWith((product) => (product < 3 ? 0 : 5));
    expect([...offered].sort()).toEqual(
      shop.products
        .slice(3)
        .map(({ product_id }) => product_id)
        .sort(),
    );
    const uncounted = await offeredWith(() => 0);
    expect(uncounted.size).toBe(PRODUCTS);
  });

  it('no longer offers what was last sold more than a year ago, unless a count of stock says that it is there', async () => {
    const { card } = registry.versions[0];
    const old = { order_id: 'old', customer_id: 1, order_date: '2023-08-20 12:00:00', total_amount: 5 };
    const line = { ...shop.orderItems[0], order_item_id: 'old-1', order_id: 'old' };
    const discontinued = { ...shop.products[0], product_id: 999, product_name: 'Old skis' };
    const isOffered = async (stock_quantity: number | null) => {
      const products = [...shop.products, discontinued].map((product) => ({ ...product, stock_quantity }));
      await using aged = await makeSnapshot({
        orders: [...shop.orders, old],
        orderItems: [...shop.orderItems, { ...line, product_id: 999, product_name: 'Old skis' }],
        products,
      });
      const request = { nProducts: PRODUCTS + 1, includePurchased: true };
      const { product_id: offered } = await recommendForEveryone(request, { data: aged.data, scorer, card });
      return offered.map(Number).includes(999);
    };
    expect(await isOffered(null)).toBe(false);
    expect(await isOffered(5)).toBe(true);
  });

  it.each([
    { nCustomers: 0, nProducts: 3 },
    { nCustomers: 1001, nProducts: 3 },
    { nCustomers: 3, nProducts: 1.5 },
  ])('refuses counts out of range: $nCustomers customers, $nProducts products', async (counts) => {
    const request = { ...counts, segment: 'REGULAR' };
    const source = { data: snapshot.data, scorer, card: registry.versions[0].card };
    await expect(recommendProducts(request, source)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('training a recommendation model is refused', () => {
  const registry = createFakeRegistry();
  const environment = (data: TestSnapshot['data']) => ({ data, registry, trainer, now });

  it('without order items, naming the file to import', async () => {
    await using empty = await makeSnapshot({ orders: shop.orders });
    await expect(trainRecommendationModel({}, environment(empty.data))).rejects.toMatchObject({
      code: 'MISSING_TABLE',
      hint: expect.stringContaining('churn-mcp import --orders FILE --order-items FILE'),
    });
  });

  it('with a horizon that the history does not hold three times, or too few customers', async () => {
    const train = (request: object) => trainRecommendationModel(request, environment(snapshot.data));
    await expect(train({ horizonDays: 200 })).rejects.toMatchObject({ code: 'HORIZON_TOO_LONG' });
    await expect(train({ params: { depth: 3 } })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await using small = await makeSnapshot(makeTastefulShop(10, 5));
    await expect(trainRecommendationModel({}, environment(small.data))).rejects.toMatchObject({
      code: 'TOO_FEW_CUSTOMERS',
    });
    expect(registry.versions).toEqual([]);
  });
});

function productsOf(customer: number | string): Set<number | string> {
  return new Set(
    shop.orderItems
      .filter(({ order_id }) => order_id.startsWith(`${customer}-`))
      .map(({ product_id }) => product_id),
  );
}
