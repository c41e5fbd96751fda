import { describe, expect, it } from 'vitest';
import { createFakeRegistry } from '../helpers/fake-registry.ts';
import { fakeServices } from '../helpers/fake-services.ts';
import { connectClient } from '../helpers/mcp-client.ts';
import { modelDraft } from '../helpers/model-draft.ts';

async function clientWithModel() {
  const registry = createFakeRegistry();
  const card = await registry.register(modelDraft('customer_churn_forecast', 1));
  await registry.setAlias('customer_churn_forecast', 'champion', card.version);
  return { client: await connectClient({ ...fakeServices(), registry }), card };
}

describe('model cards as resources', () => {
  it('are listed, and read in Markdown, by version or as the champion', async () => {
    const { client, card } = await clientWithModel();
    const uri = `churn://models/customer_churn_forecast/${card.version}`;
    const { resources } = await client.listResources();
    expect(resources).toMatchObject([{ uri, mimeType: 'text/markdown' }]);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates[0].uriTemplate).toBe('churn://models/{model}/{version}');
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

  it.each(['churn://models/customer_churn_forecast', 'churn://models/x/champion', 'file:///etc/passwd'])(
    'refuse %s',
    async (uri) => {
      const { client } = await clientWithModel();
      await expect(client.readResource({ uri })).rejects.toThrow('churn://models/MODEL/VERSION');
      await client.close();
    },
  );
});
