import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DEFAULT_THRESHOLDS } from '../../src/data/segment-thresholds.ts';
import { openRegistry } from '../../src/registry/file-registry.ts';
import { createFakeRegistry } from '../helpers/fake-registry.ts';
import { fakeServices } from '../helpers/fake-services.ts';
import { connectClient } from '../helpers/mcp-client.ts';
import { modelDraft } from '../helpers/model-draft.ts';

const home = mkdtempSync(join(tmpdir(), 'churn-mcp-resources-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function clientWithModel() {
  const registry = createFakeRegistry();
  const card = await registry.register(modelDraft('customer_churn_forecast', 1));
  await registry.setAlias('customer_churn_forecast', 'champion', card.version);
  return { client: await connectClient(fakeServices({}, { registry })), card };
}

describe('model cards as resources', () => {
  it('are listed, and read in Markdown, by version or as the champion', async () => {
    const { client, card } = await clientWithModel();
    const uri = `churn://models/customer_churn_forecast/${card.version}`;
    const { resources } = await client.listResources();
    expect(resources.map((resource) => resource.uri)).toEqual([
      'ui://churn-mcp/dashboard',
      'churn://data/summary',
      'churn://segments',
      uri,
      uri.replace('models', 'metrics'),
    ]);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'churn://models/{model}/{version}',
      'churn://metrics/{model}/{version}',
      'churn://segments/{segment}',
    ]);
    for (const asked of [uri, 'churn://models/customer_churn_forecast/champion']) {
      const { contents } = await client.readResource({ uri: asked });
      expect(contents).toMatchObject([{ uri: asked, mimeType: 'text/markdown' }]);
      expect(contents[0]).toHaveProperty(
        'text',
        expect.stringContaining(`# customer_churn_forecast ${card.version}`),
      );
    }
    await client.close();
  });

  it('give the figures of a version under the names that tools use', async () => {
    const { client, card } = await clientWithModel();
    const { contents } = await client.readResource({
      uri: 'churn://metrics/customer_churn_forecast/champion',
    });
    expect(JSON.parse(textOf(contents))).toMatchObject({
      model: 'customer_churn_forecast',
      version: card.version,
      roc_auc: card.metrics.roc_auc,
    });
    await client.close();
  });

  it.each(['churn://models/customer_churn_forecast', 'churn://models/x/champion', 'file:///etc/passwd'])(
    'refuse a wrong address: %s',
    async (uri) => {
      const { client } = await clientWithModel();
      await expect(client.readResource({ uri })).rejects.toMatchObject({
        code: -32602,
        message: expect.stringContaining('No such resource. There are churn://data/summary, '),
      });
      await client.close();
    },
  );

  it('list the versions if the one asked for does not exist', async () => {
    const registry = openRegistry(home, { now: () => new Date('2026-01-31T10:00:00Z') });
    await registry.register(modelDraft('customer_churn_forecast', 1));
    const client = await connectClient(fakeServices({}, { registry }));
    const uri = 'churn://models/customer_churn_forecast/v_20200101_000000';
    await expect(client.readResource({ uri })).rejects.toMatchObject({
      code: -32002,
      message: expect.stringContaining('v_20260131_100000'),
    });
    await client.close();
  });
});

describe('the shop as resources', () => {
  const segment = {
    segment: 'AT_RISK',
    label: 'At Risk (inactive 180+ days)',
    customers: 40,
    totalSpent: 12_345.5,
    totalOrders: 100,
    meanDaysSinceLastOrder: 212.4,
  } as const;
  const shop = {
    describe: async () => ({
      summary: {
        fingerprint: 'f'.repeat(64),
        customers: 100,
        orders: 250,
        orderItems: 700,
        products: 10,
        hasItems: true,
        hasCatalog: true,
        hasCategories: true,
        firstOrderDate: '2024-01-01',
        lastOrderDate: '2026-01-31',
        customerIdType: 'integer',
        productIdType: 'integer',
        segmentThresholds: DEFAULT_THRESHOLDS,
      } as const,
      table: undefined,
    }),
    segments: async () => ({
      segments: [
        segment,
        { ...segment, segment: 'REGULAR', label: 'Regular Customers', customers: 0 } as const,
      ],
      asOf: '2026-01-31',
    }),
  };
  const read = async (uri: string) => {
    const client = await connectClient(fakeServices({}, { shop }));
    const { contents } = await client.readResource({ uri });
    await client.close();
    return textOf(contents);
  };

  it('summarise the imported data', async () => {
    expect(await read('churn://data/summary')).toMatchInlineSnapshot(`
      "# Imported data

      250 orders of 100 customers, from 2024-01-01 to 2026-01-31.
      700 order lines of 10 products, with categories.
      Fingerprint: ffffffffffffffff (the same orders give the same).
      "
    `);
  });

  it('summarise the customers of each segment', async () => {
    expect(await read('churn://segments')).toMatchInlineSnapshot(`
      "# Customer segments as of 2026-01-31

      | segment | who | customers | share | spent in all | days since the last order, mean |
      |---|---|---|---|---|---|
      | AT_RISK | At Risk (inactive 180+ days) | 40 | 100.0% | 12,345.50 | 212 |
      | REGULAR | Regular Customers | 0 | 0.0% | 12,345.50 | – |

      A customer is in the first segment whose rule fits. get_product_recommendations takes these names.
      "
    `);
    expect(await read('churn://segments/at-risk')).toMatchInlineSnapshot(`
      "# AT_RISK

      At Risk (inactive 180+ days)

      40 customers as of 2026-01-31: 100 orders, 12,345.50 spent in all, 212 days since the last order on average.
      "
    `);
    expect(await read('churn://segments/REGULAR')).toMatchInlineSnapshot(`
      "# REGULAR

      Regular Customers

      No customer is in it as of 2026-01-31.
      "
    `);
  });

  it('list the segments if the one asked for does not exist', async () => {
    await expect(read('churn://segments/LOYAL')).rejects.toThrow('Segments: LOW_ENGAGEMENT, ');
  });
});

const textSchema = z.object({ text: z.string() });

function textOf([first]: readonly unknown[]): string {
  return textSchema.parse(first).text;
}
