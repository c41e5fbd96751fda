import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createDemoShop } from '../../src/data/demo/create-demo-shop.ts';
import { createServices } from '../../src/server/create-services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';

const home = mkdtempSync(join(tmpdir(), 'churn-mcp-contacts-'));
beforeAll(() => createDemoShop({ home, customers: 300, seed: 42, asOf: '2026-01-31' }));
afterAll(() => rmSync(home, { recursive: true, force: true }));

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

describe('who customers are', () => {
  it('is told only where the configuration says so', async () => {
    const email = /@/;
    expect(await answersWith(false)).not.toMatch(email);
    const shown = await answersWith(true);
    expect(shown.match(/"email":"[^"]+@/g)).toHaveLength(3);
    expect(shown).toMatch(/Customer \d+, [^,]+, [^,]+@/);
  });
});
