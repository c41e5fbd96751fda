import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import type { Services } from '../../src/server/services.ts';
import { TOOLS } from '../../tools/index.ts';
import { fakeServices } from '../helpers/fake-services.ts';
import { handshakeServer, silentLog } from '../helpers/mcp-client.ts';

/** What a server answers to a request as it stands. */
async function answerTo(request: object, services: Services = fakeServices()): Promise<JSONRPCMessage> {
  const server = handshakeServer({ services, tools: TOOLS, log: silentLog, version: '0.0.0' });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const answered = new Promise<JSONRPCMessage>((resolve) => {
    ours.onmessage = resolve;
  });
  await server.connect(theirs);
  await ours.send({ jsonrpc: '2.0', id: 1, method: 'ping', ...request });
  const answer = await answered;
  await server.close();
  return answer;
}

async function errorOf(request: object, services?: Services): Promise<string> {
  const answer = await answerTo(request, services);
  return 'error' in answer ? `${answer.error.code} ${answer.error.message}` : JSON.stringify(answer);
}

describe('the guard of requests', () => {
  it('refuses a request of the wrong shape in plain words', async () => {
    const requests = [
      { method: 'tools/call', params: { name: 5 } },
      { method: 'tools/call', params: { name: 'list_models', arguments: [1] } },
      { method: 'tools/call' },
      { method: 'resources/read', params: { uri: {} } },
      { method: 'prompts/get', params: { name: 'weekly_retention_review', arguments: { n_customers: 5 } } },
      { method: 'completion/complete', params: { ref: { type: 'ref/tool' }, argument: {} } },
      { method: 'initialize', params: { protocolVersion: 5 } },
      { method: 'tools/call', params: { name: 'no_such_tool' } },
    ];
    const errors: string[] = [];
    for (const request of requests) errors.push(await errorOf(request));
    const tools = TOOLS.map(({ name }) => name).join(', ');
    expect(errors.join('\n').replace(tools, '(their names)')).toMatchInlineSnapshot(`
      "-32602 Invalid tools/call request: params.name is 5: give a text.
      -32602 Invalid tools/call request: params.arguments is a list: give an object with named values.
      -32602 Invalid tools/call request: params is missing: give an object with named values.
      -32602 Invalid resources/read request: params.uri is an object: give a text.
      -32602 Invalid prompts/get request: params.arguments.n_customers is 5: give a text.
      -32602 Invalid completion/complete request: params.ref cannot be used as it is.
      -32602 Invalid initialize request: params.protocolVersion is 5: give a text.
      -32602 Unknown tool. Tools: (their names)"
    `);
  });

  it('handles a request that asks for a task like any other', async () => {
    const request = {
      method: 'tools/call',
      params: { name: 'list_models', arguments: {}, task: { ttl: 5 } },
    };
    const services = fakeServices({ models: { list: async () => [] } });
    expect(await answerTo(request, services)).toMatchObject({
      result: { structuredContent: { models: [] } },
    });
  });

  it('answers an internal fault with a reference to the log', async () => {
    // Whatever a test has not stubbed throws an error that nothing foresaw.
    const broken = fakeServices();
    expect(await errorOf({ method: 'resources/list' }, broken)).toMatch(
      /^-32603 INTERNAL: resources\/list failed inside churn-mcp\. The server's log has the details under reference [0-9a-f]{8}\.$/,
    );
  });
});
