import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readContacts } from '../../src/scoring/customer-contacts.ts';
import { createServices } from '../../src/server/create-services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { copyOfHome } from '../helpers/shared-homes.ts';
import { makeSnapshot } from '../helpers/snapshot.ts';
import { openShop } from '../helpers/snowflake/snowflake-shop.ts';

const home = await copyOfHome('demo shop');

const listedSchema = z.object({ customers: z.array(z.object({ customer_id: z.int() })) });

async function answersWith(showContacts: boolean): Promise<string> {
  await using services = createServices({ home, showContacts, threads: 1 });
  const client = await connectClient(services);
  const listed = await callText(client, 'get_at_risk_customers', { limit: 2 });
  const explained = await callText(client, 'explain_churn_risk', {
    customer_id: listedSchema.parse(listed.structuredContent).customers[0].customer_id,
  });
  const recommended = await callText(client, 'get_product_recommendations', {});
  await client.close();
  return JSON.stringify([listed, explained, recommended]);
}

describe('the contacts of a list', () => {
  const day = '2024-01-01';
  const orders = [3, 1, 2].map((id) => ({
    order_id: String(id),
    customer_id: id,
    order_date: day,
    total_amount: 5,
  }));
  const customers = [
    { customer_id: 1, first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com' },
    { customer_id: 3, first_name: ' ', last_name: null, email: null },
  ];

  it('are read by one statement on both engines, without customers that the shop does not know', async () => {
    await using snapshot = await makeSnapshot({ orders, customers });
    await using shop = await openShop(snapshot);
    const remote = await shop.provider.current();
    const before = shop.testServer.queries.length;
    for (const data of [snapshot.data, remote]) {
      expect([...(await readContacts(data, [3, 2, 1, 404]))]).toEqual([
        [3, { name: undefined, email: undefined }],
        [1, { name: 'Ada Lovelace', email: 'ada@example.com' }],
      ]);
    }
    expect(shop.testServer.queries.length - before).toBe(1);
    expect(await readContacts(snapshot.data, [])).toEqual(new Map());
  });
});

describe('the names of customers', () => {
  it('are shown only if the configuration allows it', async () => {
    const email = /@/;
    expect(await answersWith(false)).not.toMatch(email);
    const shown = await answersWith(true);
    expect(shown.match(/"email":"[^"]+@/g)).toHaveLength(3);
    expect(shown).toMatch(/Customer \d+, [^,]+, [^,]+@/);
  });
});
