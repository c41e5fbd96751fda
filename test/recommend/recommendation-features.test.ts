import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { asOfDay, withRelations } from '../../src/data/compose-statement.ts';
import type { DataSource } from '../../src/data/data-source.ts';
import {
  customersByPosition,
  DEFAULT_CANDIDATES,
  recommendationFeatures,
} from '../../src/features/recommendation-features.ts';
import { makeTastefulShop } from '../helpers/recommendation-shop.ts';
import { makeSnapshot } from '../helpers/snapshot.ts';

const anyRow = z.record(z.string(), z.unknown());

function sortedFeatures(asOf: string) {
  const features = recommendationFeatures(customersByPosition(1, 1000), DEFAULT_CANDIDATES, asOf);
  return withRelations([{ name: 'recommendation_features', ...features }], {
    sql: 'recommendation_sorted_features',
    values: [],
  });
}

async function featuresOf(data: DataSource, asOf: string) {
  return data.rows(asOfDay(sortedFeatures(asOf), asOf), anyRow);
}

describe('recommendation features', () => {
  const shop = makeTastefulShop(40, 12);

  it('are the same from the serving tables and from raw orders as of the same day', async () => {
    await using snapshot = await makeSnapshot(shop);
    const { lastOrderDate } = snapshot.summary;
    const served = await snapshot.data.rows(sortedFeatures(lastOrderDate), anyRow);
    expect(served.length).toBe(40 * 12);
    expect(await featuresOf(snapshot.data, lastOrderDate)).toEqual(served);
  });

  it('see nothing after the as-of day', async () => {
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
    expect(await featuresOf(whole.data, asOf)).toEqual(await featuresOf(cut.data, asOf));
  });
});
