import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDay, withRelations } from '../../src/data/compose-statement.ts';
import type { DataSource } from '../../src/data/data-source.ts';
import {
  customersByPosition,
  DEFAULT_CANDIDATES,
  RECOMMENDATION_STATEMENTS,
  recommendationFeatures,
} from '../../src/features/recommendation-features.ts';
import { makeTastefulShop } from '../helpers/recommendation-shop.ts';
import { makeSnapshot } from '../helpers/snapshot.ts';

const anyRow = z.record(z.string(), z.unknown());

function sortedFeatures(asOf: string) {
  const features = recommendationFeatures(customersByPosition(1, 1000), DEFAULT_CANDIDATES, asOf);
  return withRelations([{ name: 'recommendation_features', ...features }], {
    file: 'portable/reads/recommendation_sorted_features',
    values: [],
  });
}

async function featuresOf(data: DataSource, asOf: string) {
  await using day = await openDay(data, asOf, RECOMMENDATION_STATEMENTS);
  return day.data.rows(day.statement(sortedFeatures(asOf)), anyRow);
}

describe('recommendation features', () => {
  const shop = makeTastefulShop(40, 12);

  it("are the same whether a day's serving tables give them or they are computed for that day later", async () => {
    const asOf = '2024-05-01';
    const isSeen = ({ order_date }: { order_date: string }) => order_date.slice(0, 10) <= asOf;
    const orders = shop.orders.filter(isSeen);
    const seen = new Set(orders.map(({ order_id }) => order_id));
    const past = {
      ...shop,
      orders,
      orderItems: shop.orderItems.filter(({ order_id }) => seen.has(order_id)),
    };
    await using whole = await makeSnapshot(shop);
    await using cut = await makeSnapshot(past);
    const lastDay = cut.summary.lastOrderDate;
    expect(lastDay <= asOf && lastDay < whole.summary.lastOrderDate).toBe(true);
    const served = await featuresOf(cut.data, lastDay);
    expect(served.length).toBe(40 * 12);
    expect(await featuresOf(whole.data, lastDay)).toEqual(served);
  });

  it('say what a piece costs without a discount where no catalogue says it', async () => {
    const { orders, orderItems } = shop;
    const discounted = orderItems.map((line, row) => ({
      ...line,
      ...(row % 2 === 0 && {
        quantity: 100,
        unit_price: line.unit_price / 2,
        line_total: line.line_total * 50,
      }),
    }));
    await using uncatalogued = await makeSnapshot({ orders, orderItems: discounted });
    await using catalogued = await makeSnapshot({ ...shop, orderItems: discounted });
    const priceOf = async ({ data, summary }: typeof catalogued) =>
      (await featuresOf(data, summary.lastOrderDate)).map(({ product_price }) => product_price);
    expect(await priceOf(uncatalogued)).toEqual(await priceOf(catalogued));
  });

  it('say what was paid for a piece where lines have no price', async () => {
    const { orders } = shop;
    const orderItems = shop.orderItems.map((line) => ({ ...line, unit_price: null, quantity: 2 }));
    await using shopOfTotals = await makeSnapshot({ orders, orderItems });
    const rows = await featuresOf(shopOfTotals.data, shopOfTotals.summary.lastOrderDate);
    const prices = new Map(rows.map(({ product_id, product_price }) => [product_id, product_price]));
    expect(prices.get(1001)).toBe(5);
  });
});
