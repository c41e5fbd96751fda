import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnOf } from '../../../src/dataset/column-rows.ts';
import { planRecommendationTraining, type RecommendationPlan } from '../../../src/training/purchase/plan.ts';
import { drawnRows, type RecommendationRows } from '../../../src/training/purchase/rows.ts';
import { baseRateOf, readPurchaseRows } from '../../../src/training/purchase/windows.ts';
import { createFakeRegistry } from '../../helpers/fake-registry.ts';
import { createInProcessTrainer } from '../../helpers/in-process-trainer.ts';
import { makeTastefulShop } from '../../helpers/recommendation-shop.ts';
import { makeSnapshot, type TestSnapshot } from '../../helpers/snapshot.ts';

const shop = makeTastefulShop(150, 30);
const LAST_DAY = '2024-08-27';
const now = () => new Date(0);
const env = { registry: createFakeRegistry(), trainer: createInProcessTrainer(), now };

let snapshot: TestSnapshot;
let plan: RecommendationPlan;
beforeAll(async () => {
  snapshot = await makeSnapshot(shop);
  plan = await planRecommendationTraining({ asOf: LAST_DAY }, snapshot.data);
});
afterAll(() => snapshot[Symbol.asyncDispose]());

describe('the windows that recommendations learn from', () => {
  it('are the four horizons before the hold-out, and those served the hold-out and the latest three', async () => {
    expect(plan.evaluationCutoff).toBe('2024-07-28');
    expect(plan.trainCutoffs).toEqual(['2024-06-28', '2024-05-29', '2024-04-29', '2024-03-30']);
    expect(plan.refitCutoffs).toEqual([plan.evaluationCutoff, ...plan.trainCutoffs.slice(0, 3)]);
  });

  it('are fewer in a shop with less before them, each with a horizon of orders before it', async () => {
    const planOf = (horizonDays: number) =>
      planRecommendationTraining({ asOf: LAST_DAY, horizonDays }, snapshot.data);
    expect((await planOf(60)).trainCutoffs.length).toBe(2);
    const shortest = await planOf(80);
    expect(shortest.trainCutoffs.length).toBe(1);
    expect(shortest.refitCutoffs).toEqual([shortest.evaluationCutoff, ...shortest.trainCutoffs]);
  });

  it('end where too few customers had ordered', async () => {
    const young = (order: { customer_id: number; order_date: string }) =>
      order.customer_id <= 20 || order.order_date >= '2024-05-10';
    const orders = shop.orders.filter(young);
    const kept = new Set(orders.map(({ order_id }) => order_id));
    await using grown = await makeSnapshot({
      ...shop,
      orders,
      orderItems: shop.orderItems.filter(({ order_id }) => kept.has(order_id)),
    });
    const grownPlan = await planRecommendationTraining({ asOf: LAST_DAY }, grown.data);
    const { trainCutoffs, taughtCustomers } = grownPlan;
    expect(trainCutoffs).toEqual(['2024-06-28', '2024-05-29']);
    const knownBy = (day: string) =>
      new Set(
        orders
          .filter(({ order_date }) => order_date.slice(0, 10) <= day)
          .map(({ customer_id }) => customer_id),
      ).size;
    expect(taughtCustomers).toEqual(trainCutoffs.map(knownBy));
    const sampling = { drawn: 65_536, usualOrders: 1, listed: 65_536 };
    const { windows } = await readPurchaseRows(grown.data, { ...grownPlan, sampling }, env);
    expect(windows.map(({ customers }) => (customers.at(-1) ?? -1) + 1)).toEqual(taughtCustomers);
  });

  it('have the same rows whether customers are read at once or some after others', async () => {
    const [atOnce, inParts] = await Promise.all(
      [1000, 7].map((batchCustomers) => readPurchaseRows(snapshot.data, { ...plan, batchCustomers }, env)),
    );
    expect(inParts.windows.map(sortedRows)).toEqual(atOnce.windows.map(sortedRows));
  });

  it('list more of what a buyer left than probabilities are learnt from, and of nobody else', async () => {
    const [all, drawn, listed] = await Promise.all([
      sampled({ drawn: 65_536, listed: 65_536 }),
      sampled({ drawn: 8192, listed: 8192 }),
      sampled({ drawn: 8192, listed: 32_768 }),
    ]);
    for (const [at, window] of listed.windows.entries()) {
      expect(drawnRows(window).dataset).toEqual(drawn.windows[at].dataset);
      const added = window.dataset.rowCount - drawn.windows[at].dataset.rowCount;
      expect(added).toBeGreaterThan(drawn.windows[at].dataset.rowCount / 2);
      expect(window.dataset.rowCount).toBeLessThan(all.windows[at].dataset.rowCount);
      const buyers = new Set([...rowsOf(window)].filter(({ label }) => label === 1).map(({ of }) => of));
      const listedAlone = [...rowsOf(window)].filter(({ weight }) => weight === 0);
      expect(listedAlone.length).toBe(added);
      expect(listedAlone.every(({ of, label }) => label === 0 && buyers.has(of))).toBe(true);
    }
    expect(baseRateOf(listed.windows)).toBe(baseRateOf(drawn.windows));
    expect(baseRateOf(listed.windows)).toBeCloseTo(baseRateOf(all.windows), 2);
  });

  it('draw more of the pairs of customers with more orders, each of which stands for fewer', async () => {
    const [all, drawn] = await Promise.all([
      sampled({ drawn: 65_536, listed: 65_536 }),
      sampled({ drawn: 4096, listed: 4096, usualOrders: 3 }),
    ]);
    const factors = new Set<number>();
    for (const window of drawn.windows) {
      const orders = columnOf(window.dataset, 'total_past_orders');
      for (const [row, { label, weight }] of [...rowsOf(window)].entries()) {
        const factor = Math.max(1, orders[row] / 3);
        if (label === 0) factors.add(factor);
        expect(weight).toBeCloseTo(label === 1 ? 1 : Math.max(1, 16 / factor), 5);
      }
    }
    expect(factors.has(1)).toBe(true);
    expect(Math.max(...factors)).toBeGreaterThan(2);
    // Together they stand for all pairs, however many were drawn of a customer.
    const [pairs, stoodFor] = [all, drawn].map(({ windows }) =>
      windows.flatMap((window) => [...rowsOf(window)].map(({ weight }) => weight ?? 1)),
    );
    expect(stoodFor.length).toBeLessThan(pairs.length / 2);
    expect(sumOf(stoodFor) / sumOf(pairs)).toBeCloseTo(1, 1);
  });
});

function sampled(some: { drawn: number; listed: number; usualOrders?: number }) {
  const sampling = { usualOrders: 1000, ...some };
  return readPurchaseRows(snapshot.data, { ...plan, sampling }, env);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function* rowsOf({ dataset, customers }: RecommendationRows) {
  for (const [row, of] of customers.entries()) {
    yield { of, label: dataset.labels[row], weight: dataset.weights?.[row] };
  }
}

/** The rows without their order: customers who are read together come by id. */
function sortedRows({ dataset, folds }: RecommendationRows): string[] {
  const columns = [...dataset.columns, dataset.labels, dataset.weights ?? [], folds];
  return Array.from(folds, (_, row) => columns.map((column) => column[row]).join(' ')).sort();
}
