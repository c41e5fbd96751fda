import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { importShop } from '../../src/data/import/import-shop.ts';
import { createServices } from '../../src/server/create-services.ts';
import type { Services } from '../../src/server/services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { sharedData } from '../helpers/shared-data.ts';
import { newTestHome } from '../helpers/snapshot.ts';

const listSchema = z.object({
  total_value_at_risk: z.number().positive(),
  customers: z.array(z.object({ customer_id: z.union([z.string(), z.number()]), value_at_risk: z.number() })),
});

describe.each([
  ['CDNOW', sharedData('cdnow/orders.csv')],
  ['Online Retail', sharedData('online_retail/orders.csv')],
])('a manager with the orders of %s', (_, orders) => {
  describe.skipIf(orders === undefined)('(needs the public data beside the repository)', () => {
    let services: Services;
    let client: Awaited<ReturnType<typeof connectClient>>;
    const ask = async (name: string, args: Record<string, unknown> = {}) => {
      const answer = await callText(client, name, args);
      expect(answer.isError, answer.text).toBe(false);
      expect(answer.text).not.toMatch(/NaN|undefined|Infinity|\[object/);
      return answer;
    };

    beforeAll(async () => {
      const home = await newTestHome();
      await importShop({ orders: orders ?? '' }, { home });
      services = createServices({ home });
      client = await connectClient(services);
      const few = { label: 'forward', params: { n_estimators: 30 } };
      await client.callTool({ name: 'train_churn_model', arguments: few }, undefined, { timeout: 240_000 });
    }, 240_000);
    afterAll(async () => {
      await client.close();
      await services[Symbol.asyncDispose]();
    });

    it('gets a list with money at stake, its first customer explained, a campaign and the metrics', async () => {
      const list = listSchema.parse((await ask('get_at_risk_customers', { limit: 20 })).structuredContent);
      expect(list.customers).toHaveLength(20);
      expect(list.customers.every((customer) => customer.value_at_risk > 0)).toBe(true);
      await ask('explain_churn_risk', { customer_id: String(list.customers[0].customer_id) });
      const campaign = { contact_cost: 0.5, offer_cost: 5, success_rate: 0.2, margin: 0.3 };
      await ask('get_at_risk_customers', { limit: 5, campaign });
      await ask('get_churn_metrics', { model: 'customer_churn_forecast' });
    });
  });
});
