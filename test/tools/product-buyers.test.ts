/** Who would buy a product, and why it is offered: through a real client over a real shop. */
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createServices } from '../../src/server/create-services.ts';
import type { Services } from '../../src/server/services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { copyOfHome } from '../helpers/shared-homes.ts';

const answerSchema = z.looseObject({
  customers: z.array(
    z.object({
      customer_id: z.coerce.string(),
      recommendations: z.array(
        z.looseObject({
          product_id: z.coerce.string(),
          product_name: z.string(),
          purchase_probability: z.number(),
          reason: z.string(),
        }),
      ),
    }),
  ),
  next_offset: z.number().nullable(),
});
const foundSchema = z.looseObject({ customers: z.array(z.looseObject({ customer_id: z.coerce.string() })) });

let services: Services;
let client: Client;
let offer: z.output<typeof answerSchema>['customers'][number];
beforeAll(async () => {
  services = createServices({ home: await copyOfHome('trained demo'), threads: 1 });
  client = await connectClient(services);
  [offer] = (await answerOf({ segment: 'REGULAR', n_customers: 1 })).customers;
});
afterAll(async () => {
  await client.close();
  await services[Symbol.asyncDispose]();
});

async function answerOf(args: Record<string, unknown>) {
  const { text, isError, structuredContent } = await callText(client, 'get_product_recommendations', args);
  expect(isError, text).toBe(false);
  return { text, ...answerSchema.parse(structuredContent) };
}

describe('get_product_recommendations for a product', () => {
  it('lists who is likeliest to buy it among those who never did', async () => {
    const product = offer.recommendations[0].product_id;
    const { customers, text } = await answerOf({ product, n_customers: 50 });
    const chances = customers.map(({ recommendations }) => recommendations[0].purchase_probability);
    expect(chances).toEqual([...chances].sort((a, b) => b - a));
    expect(
      new Set(customers.flatMap(({ recommendations }) => recommendations.map((each) => each.product_id))),
    ).toEqual(new Set([product]));
    const bought = await callText(client, 'find_customers', { filter: { bought: product }, limit: 1000 });
    const buyers = new Set(
      foundSchema.parse(bought.structuredContent).customers.map((each) => each.customer_id),
    );
    expect(buyers.size).toBeGreaterThan(0);
    expect(customers.filter(({ customer_id }) => buyers.has(customer_id))).toEqual([]);
    expect(text).toMatch(/^Who is likeliest to buy .+: 50 of \d+ customers with a tie to it\.\n1\. Customer/);
    expect(text).toMatch(/Who bought it already: find_customers with bought\./);
  });

  it('gives a customer the same chance and reason as the offer that the customer gets', async () => {
    const [first] = offer.recommendations;
    const named = await answerOf({ product: first.product_id, customer_ids: [offer.customer_id, 'nobody'] });
    expect(named.customers[0].recommendations[0]).toMatchObject({
      product_name: first.product_name,
      purchase_probability: first.purchase_probability,
      reason: first.reason,
    });
    expect(named.text).toMatch(
      /^How likely this customer buys .+:\n1\. Customer \d+: [\d.]+%; bought (with|by) /,
    );
    expect(named.text).toContain('Customer nobody: unlikely, or unknown.');
  });

  it('comes in pages that hold every customer once', async () => {
    const product = offer.recommendations[0].product_id;
    const whole = await answerOf({ product, n_customers: 30 });
    const first = await answerOf({ product, n_customers: 10 });
    const rest = await answerOf({ product, n_customers: 20, offset: first.next_offset });
    const ids = (answer: { customers: { customer_id: string }[] }) =>
      answer.customers.map((each) => each.customer_id);
    expect([...ids(first), ...ids(rest)]).toEqual(ids(whole));
  });

  it('names what is wrong with a product', async () => {
    const unknown = await callText(client, 'get_product_recommendations', { product: 'no such thing' });
    expect(unknown).toMatchObject({
      isError: true,
      text: expect.stringMatching(/No product matches "no such thing"/),
    });
    const several = await callText(client, 'get_product_recommendations', { product: 'e' });
    expect(several.text).toMatch(
      /"e" matches \d+ products\. Give the id of one of them: ".+ \(\d+\)", .+ and \d+ more\./,
    );
  });

  it('says of an offer how many buyers of what the customer owns bought it, too', async () => {
    const { customers } = await answerOf({ segment: 'REGULAR', n_customers: 20 });
    const reasons = customers.flatMap(({ recommendations }) => recommendations.map(({ reason }) => reason));
    const shares = reasons.flatMap(
      (reason) => /^bought with .+ by (\d+)% of those who bought that$/.exec(reason)?.[1] ?? [],
    );
    expect(shares.length).toBeGreaterThan(0);
    expect(shares.every((share) => Number(share) > 0 && Number(share) <= 100)).toBe(true);
  });
});
