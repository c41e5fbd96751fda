/** What a merchandiser may ask of a list: through a real client over a real shop. */
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createServices } from '../../src/server/create-services.ts';
import type { Services } from '../../src/server/services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { copyOfHome } from '../helpers/shared-homes.ts';

const answerSchema = z.looseObject({
  note: z.string().optional(),
  next_offset: z.number().nullable(),
  customers: z.array(
    z.object({
      customer_id: z.coerce.string(),
      recommendations: z.array(
        z.looseObject({
          product_id: z.coerce.string(),
          product_name: z.string(),
          product_category: z.string().nullable(),
          purchase_probability: z.number(),
          price: z.number().nullable(),
        }),
      ),
    }),
  ),
});

let services: Services;
let client: Client;
beforeAll(async () => {
  services = createServices({ home: await copyOfHome('trained demo'), threads: 1 });
  client = await connectClient(services);
});
afterAll(async () => {
  await client.close();
  await services[Symbol.asyncDispose]();
});

const asked = { segment: 'REGULAR', n_customers: 20, n_products: 4 };
const ask = (args: Record<string, unknown>) =>
  callText(client, 'get_product_recommendations', { ...asked, ...args });

async function listsWith(args: Record<string, unknown>) {
  const { text, isError, structuredContent } = await ask(args);
  expect(isError, text).toBe(false);
  const answer = answerSchema.parse(structuredContent);
  return { ...answer, offers: answer.customers.flatMap(({ recommendations }) => recommendations) };
}

it('customers who are named and have no offers are named in the note', async () => {
  const free = await listsWith({ n_customers: 1 });
  const { customer_id: known } = free.customers[0];
  const { customers, note } = await listsWith({ customer_ids: [known, 'nobody', '999999999'] });
  expect(customers.map(({ customer_id }) => customer_id)).toEqual([known]);
  expect(note).toBe(
    'No offers for "nobody", "999999999": no such customer has ordered, or nothing is left that they have not bought.',
  );
});

it('pages go on behind customers who have everything that a list may offer', async () => {
  const { offers } = await listsWith({ n_customers: 1, n_products: 1 });
  const rules = {
    only_category: offers[0].product_category,
    min_price: offers[0].price,
    max_price: offers[0].price,
  };
  const whole = await listsWith({ n_customers: 1000, rules });
  const segment = await listsWith({ n_customers: 1000 });
  expect(whole.customers.length).toBeLessThan(segment.customers.length);
  const paged: string[] = [];
  for (let offset: number | null = 0; offset !== null; ) {
    const page: Awaited<ReturnType<typeof listsWith>> = await listsWith({ n_customers: 2, rules, offset });
    paged.push(...page.customers.map(({ customer_id }) => customer_id));
    offset = page.next_offset;
  }
  expect(paged.sort()).toEqual(whole.customers.map(({ customer_id }) => customer_id).sort());
});

describe('the rules of a list', () => {
  it('keep a list to a category and a range of prices, and lose none of what meets them', async () => {
    const free = await listsWith({ n_products: 100 });
    const { product_category: category, price: middle } = free.offers[0];
    const rules = { only_category: category?.toUpperCase(), min_price: 0.01, max_price: middle };
    const { customers, note } = await listsWith({ rules });
    const expected = free.customers.map(({ customer_id, recommendations }) => ({
      customer_id,
      recommendations: recommendations
        .filter(({ product_category, price }) => product_category === category && price !== null)
        .filter(({ price }) => price !== null && price <= Number(middle))
        .slice(0, 4)
        .map(({ product_id }) => product_id),
    }));
    const listed = customers.map(({ customer_id, recommendations }) => ({
      customer_id,
      recommendations: recommendations.map(({ product_id }) => product_id),
    }));
    expect(listed).toEqual(expected.filter(({ recommendations }) => recommendations.length > 0));
    expect(listed.length).toBeGreaterThan(0);
    expect(note).toBe(
      `Rules of this list: only category "${category?.toUpperCase()}"; only prices of 0.01 or more; only prices of ${middle} or less.`,
    );
  });

  it('leave out what is excluded, and keep everything else in its order', async () => {
    const free = await listsWith({ n_products: 5 });
    const { product_name: excluded } = free.offers[0];
    const ruled = await listsWith({ rules: { exclude: [excluded] } });
    expect(ruled.offers.map(({ product_name }) => product_name)).not.toContain(excluded);
    const idsOf = ({ customers }: typeof free) =>
      customers.map(({ recommendations }) =>
        recommendations
          .filter(({ product_name }) => product_name !== excluded)
          .slice(0, 4)
          .map(({ product_id }) => product_id),
      );
    expect(idsOf(ruled)).toEqual(idsOf(free));
  });

  it('rank a boosted product earlier, leave the order of all others, and say its own chance', async () => {
    const free = await listsWith({ n_products: 100 });
    const boosted = free.customers[0].recommendations[3].product_id;
    const { customers, note } = await listsWith({ n_products: 100, rules: { boost: [boosted] } });
    let climbed = 0;
    for (const [at, { recommendations }] of customers.entries()) {
      const before = free.customers[at].recommendations;
      const [now, then] = [recommendations, before].map((list) => list.map(({ product_id }) => product_id));
      const others = (ids: readonly string[]) => ids.filter((id) => id !== boosted);
      expect(others(now)).toEqual(others(then));
      expect(now.indexOf(boosted)).toBeLessThanOrEqual(then.indexOf(boosted));
      if (now.indexOf(boosted) < then.indexOf(boosted)) climbed++;
      const chanceIn = (list: typeof before) =>
        list.find(({ product_id }) => product_id === boosted)?.purchase_probability;
      expect(chanceIn(recommendations)).toBe(chanceIn(before));
    }
    expect(climbed).toBeGreaterThan(0);
    expect(note).toContain('ranks as if its odds were twice as high');
  });

  it('are refused if they match nothing, contradict each other, or stand beside one product', async () => {
    const unknown = await ask({ rules: { exclude: ['no such thing'] } });
    expect(unknown.text).toMatch(/No product or category matches "no such thing"/);
    const category = await ask({ rules: { only_category: 'no such category' } });
    expect(category.text).toMatch(/No product has the category "no such category"\..*Categories: "/s);
    const prices = await ask({ rules: { min_price: 5, max_price: 1 } });
    expect(prices.text).toMatch(/The least price 5 is above the highest price 1/);
    const product = await ask({ product: 'Skis', rules: { min_price: 5 } });
    expect(product.text).toMatch(/rules choose among products, and product names one/);
    const negative = await ask({ rules: { min_price: -1 } });
    expect(negative.text).toMatch(/min_price and max_price must be 0 or more/);
    const nothing = await ask({ rules: { min_price: 1_000_000 } });
    expect(nothing.text).toMatch(/^No product that the shop sells meets these rules\. Exclude less/);
    const both = await ask({ rules: { exclude: ['skis'], boost: ['Skis'] } });
    expect(both.text).toMatch(/^"Skis" is in exclude and in boost\. An excluded product is never offered\./);
    const refused = [unknown, category, prices, product, negative, nothing, both];
    for (const { isError } of refused) expect(isError).toBe(true);
  });
});
