import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/mcp/tool.ts';
import { createServices } from '../../../src/server/create-services.ts';
import { TOOLS } from '../../../tools/index.ts';
import { handshakeServer, silentLog } from '../../helpers/mcp-client.ts';
import { copyOfHome } from '../../helpers/shared-homes.ts';

const services = createServices({ home: await copyOfHome('demo shop'), threads: 1 });

afterAll(() => services[Symbol.asyncDispose]());

/** A client whose every message comes with a token that grants a scope, as over HTTP. */
async function connectWith(scope: Scope): Promise<Client> {
  const server = handshakeServer({ services, tools: TOOLS, log: silentLog, version: '0.0.0' });
  const client = new Client({ name: 'test', version: '0.0.0' });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const send = clientSide.send.bind(clientSide);
  const authInfo = { token: 'irrelevant', clientId: 'ann', scopes: [scope] };
  clientSide.send = (message: JSONRPCMessage) => send(message, { authInfo });
  await Promise.all([server.connect(serverSide), client.connect(clientSide)]);
  return client;
}

describe('a token that grants no training', () => {
  it.each([
    ['get_at_risk_customers', {}, 'customer_churn_forecast'],
    ['explain_churn_risk', { customer_id: '1' }, 'customer_churn_forecast'],
    ['get_product_recommendations', {}, 'product_recommendation'],
  ])('cannot make %s train the first model', async (name, args, model) => {
    const client = await connectWith('churn:read');
    const result = await client.callTool({ name, arguments: args });
    expect(result).toMatchObject({ isError: true, _meta: { 'churn-mcp/code': 'FORBIDDEN' } });
    expect(result.content).toEqual([
      {
        type: 'text',
        text: `${model} has not been trained yet, and this caller may not train. A person whose token has the scope churn:train can train it. If the server only reads (CHURN_MCP_READ_ONLY), run "churn-mcp train".`,
      },
    ]);
    expect(await services.registry.list()).toEqual([]);
    await client.close();
  });

  it('cannot call the tools that train or promote', async () => {
    const client = await connectWith('churn:read');
    const texts = await Promise.all(
      [
        { name: 'train_churn_model', arguments: {} },
        { name: 'promote_model', arguments: { model: 'customer_churn_forecast', version: 'v' } },
      ].map(async (call) => (await client.callTool(call)).content),
    );
    expect(texts).toMatchInlineSnapshot(`
      [
        [
          {
            "text": "train_churn_model needs the scope churn:train, and the token does not grant it. Sign in again with that scope, or ask the administrator of the server.",
            "type": "text",
          },
        ],
        [
          {
            "text": "promote_model needs the scope churn:admin, and the token does not grant it. Sign in again with that scope, or ask the administrator of the server.",
            "type": "text",
          },
        ],
      ]
    `);
    await client.close();
  });

  it('gets its answer once somebody else has trained', async () => {
    const trainer = await connectWith('churn:train');
    expect((await trainer.callTool({ name: 'get_at_risk_customers', arguments: {} })).isError).toBeFalsy();
    await trainer.close();
    const reader = await connectWith('churn:read');
    expect((await reader.callTool({ name: 'get_at_risk_customers', arguments: {} })).isError).toBeFalsy();
    await reader.close();
  });
});
