import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ASKED_CUSTOMERS, ofCustomers, openDay, withRelations } from '../../src/data/compose-statement.ts';
import type { Id } from '../../src/data/data-source.ts';
import {
  customersByPosition,
  DEFAULT_CANDIDATES,
  RECOMMENDATION_STATEMENTS,
  recommendationFeatures,
} from '../../src/features/recommendation-features.ts';
import { customersNamed, customersOfPage } from '../../src/recommend/chosen-customers.ts';
import { readOfferReasons } from '../../src/recommend/offer-reasons.ts';
import { makeTastefulShop } from '../helpers/recommendation-shop.ts';
import { makeSnapshot, type TestSnapshot } from '../helpers/snapshot.ts';

const rowSchema = z.looseObject({ customer_id: z.union([z.number(), z.string()]) });
const shop = makeTastefulShop(80, 12);
const textOf = (id: unknown) => `c-${String(id)}`;
const shops = {
  numbers: shop,
  texts: {
    ...shop,
    orders: shop.orders.map((order) => ({ ...order, customer_id: textOf(order.customer_id) })),
  },
};

function sortedFeatures(choice: ReturnType<typeof customersByPosition>, asOf: string) {
  const features = recommendationFeatures(choice, DEFAULT_CANDIDATES, asOf);
  return withRelations([{ name: 'recommendation_features', ...features }], {
    file: 'portable/reads/recommendation_sorted_features',
    values: [],
  });
}

/** The features of all customers, and of some whose rows are looked up, on a day. */
async function featuresOf({ data }: TestSnapshot, asOf: string) {
  await using day = await openDay(data, asOf, RECOMMENDATION_STATEMENTS);
  const all = await day.data.rows(
    day.statement(sortedFeatures(customersByPosition(1, 1000), asOf)),
    rowSchema,
  );
  const ids = [...new Set(all.map((row) => row.customer_id))];
  for (const count of [1, 2, 7, 64, 65]) {
    const some = ids.filter((_, i) => (i * 29) % ids.length < count);
    const statement = ofCustomers(sortedFeatures(ASKED_CUSTOMERS, asOf), some);
    expect(await day.data.rows(day.statement(statement), rowSchema)).toEqual(
      all.filter((row) => some.includes(row.customer_id)),
    );
  }
  return all.length;
}

describe.each(Object.entries(shops))('a few customers of a shop whose ids are %s', (kind, tables) => {
  it('have the features, bit for bit, that a pass over all customers gives', async () => {
    await using snapshot = await makeSnapshot(tables);
    expect(snapshot.summary.customerIdType).toBe(kind === 'numbers' ? 'integer' : 'text');
    expect(await featuresOf(snapshot, snapshot.summary.lastOrderDate)).toBe(80 * 12);
    expect(await featuresOf(snapshot, '2024-05-01')).toBeGreaterThan(0);
  });

  it('have the reasons for their offers, with the share of buyers that counting by hand gives', async () => {
    await using snapshot = await makeSnapshot(tables);
    const { data, summary } = snapshot;
    const customerOf = new Map(tables.orders.map((order) => [order.order_id, order.customer_id]));
    const buyersOf = (product: unknown) =>
      new Set(
        tables.orderItems
          .filter((item) => String(item.product_id) === String(product))
          .map((item) => customerOf.get(item.order_id)),
      );
    const nameOf = new Map(tables.products.map((product) => [product.product_name, product.product_id]));
    const customers: Id[] = [...new Set(tables.orders.map((order) => order.customer_id))].slice(0, 5);
    const offers = customers.flatMap((customerId) =>
      tables.products.map((product) => ({ customerId, productId: product.product_id })),
    );
    const options = { asOf: summary.lastOrderDate };
    const alone = await readOfferReasons(data, offers.slice(3, 4), options);
    const reasonOf = await readOfferReasons(data, offers, options);
    expect(alone(offers[3])).toEqual(reasonOf(offers[3]));
    let shares = 0;
    for (const offer of offers) {
      const reason = reasonOf(offer);
      if (reason?.boughtWith == null) continue;
      const owners = buyersOf(nameOf.get(reason.boughtWith));
      const both = [...buyersOf(offer.productId)].filter((buyer) => owners.has(buyer));
      expect(reason.share).toBe(both.length / owners.size);
      shares++;
    }
    expect(shares).toBeGreaterThan(20);
  });

  it('come in the order of their segment, whatever page is asked for first', async () => {
    await using snapshot = await makeSnapshot(tables);
    await using day = await openDay(snapshot.data, snapshot.summary.lastOrderDate, RECOMMENDATION_STATEMENTS);
    const page = (offset: number, count: number) =>
      customersOfPage({ segment: 'REGULAR', offset, count }, day, undefined);
    const some = await page(2, 3);
    const all = await page(0, 5000);
    expect(some).toEqual(all.slice(2, 5));
    expect(await page(0, 1)).toEqual(all.slice(0, 1));
  });
});

describe('customers named by text', () => {
  it('are numbers in a shop of numbers, and each is named once', () => {
    expect(customersNamed(['7', '007', 'x', '7', '12'], 'integer')).toEqual([7, 12]);
    expect(customersNamed(['7', '007', '7'], 'text')).toEqual(['7', '007']);
  });
});
