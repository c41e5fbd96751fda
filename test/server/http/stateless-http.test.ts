import { afterEach, describe, expect, it } from 'vitest';
import type { HttpConfig } from '../../../src/http-config.ts';
import type { HttpLimits } from '../../../src/server/http/http-limits.ts';
import type { Services } from '../../../src/server/services.ts';
import { CLAIM, STATELESS } from '../../helpers/era-client.ts';
import { fakeServices } from '../../helpers/fake-services.ts';
import { INITIALIZE, postRaw, startTestServer } from '../../helpers/http-server.ts';

const closing: AsyncDisposable[] = [];
afterEach(async () => {
  for (const server of closing.splice(0)) await server[Symbol.asyncDispose]();
});

async function start(
  services: Services = fakeServices({ models: { list: async () => [] } }),
  config: Partial<HttpConfig> = {},
  limits: Partial<HttpLimits> = {},
): Promise<URL> {
  const server = await startTestServer(services, config, limits);
  closing.push(server);
  return server.url;
}

function request(method: string, params: object = {}, claim: object = CLAIM) {
  return { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: claim } };
}

const headersOf = (method: string, name?: string) => ({
  'MCP-Protocol-Version': STATELESS,
  'Mcp-Method': method,
  ...(name !== undefined && { 'Mcp-Name': name }),
});

async function answerOf(response: Response): Promise<string> {
  return `${response.status} ${await response.text()}`;
}

describe('a request over HTTP that names its revision', () => {
  it('is answered without a session', async () => {
    const url = await start();
    const body = request('tools/call', { name: 'list_models', arguments: {} });
    const response = await postRaw(url, body, headersOf('tools/call', 'list_models'));
    expect(response.headers.get('mcp-session-id')).toBeNull();
    expect(await response.json()).toMatchObject({ result: { resultType: 'complete' } });
  });

  it('is refused if its parts contradict each other', async () => {
    const url = await start();
    const call = request('tools/call', { name: 'list_models', arguments: {} });
    const unknown = { ...CLAIM, 'io.modelcontextprotocol/protocolVersion': '2031-01-01' };
    const refused = [
      await postRaw(url, call, headersOf('tools/list')),
      await postRaw(url, call, headersOf('tools/call', 'get_job')),
      await postRaw(url, call, headersOf('tools/call')),
      await postRaw(url, call, {
        ...headersOf('tools/call', 'list_models'),
        'MCP-Protocol-Version': '2025-11-25',
      }),
      await postRaw(url, call),
      await postRaw(url, INITIALIZE, headersOf('initialize')),
      await postRaw(
        url,
        { ...call, params: { name: 'list_models' } },
        headersOf('tools/call', 'list_models'),
      ),
      await postRaw(url, request('tools/list', {}, unknown), {
        ...headersOf('tools/list'),
        'MCP-Protocol-Version': '2031-01-01',
      }),
      await postRaw(
        url,
        request('tools/list', {}, { ...CLAIM, 'io.modelcontextprotocol/clientCapabilities': 5 }),
        {
          ...headersOf('tools/list'),
        },
      ),
      await postRaw(url, request('no/such/method'), headersOf('no/such/method')),
      await postRaw(url, [call], headersOf('tools/call', 'list_models')),
    ];
    expect((await Promise.all(refused.map(answerOf))).join('\n')).toMatchInlineSnapshot(`
      "400 {"jsonrpc":"2.0","error":{"code":-32020,"message":"Bad Request: the request headers and body disagree: the body names method tools/call but the Mcp-Method header names tools/list","data":{"mismatch":{"header":"tools/list","body":"the body names method tools/call but the Mcp-Method header names tools/list"}}},"id":1}
      400 {"jsonrpc":"2.0","error":{"code":-32020,"message":"Bad Request: the request headers and body disagree: the body carries params.name=\\"list_models\\" but the Mcp-Name header names \\"get_job\\"","data":{"mismatch":{"header":"get_job","body":"the body carries params.name=\\"list_models\\" but the Mcp-Name header names \\"get_job\\""}}},"id":1}
      400 {"jsonrpc":"2.0","error":{"code":-32020,"message":"Bad Request: the request headers and body disagree: the body carries params.name=\\"list_models\\" but the required Mcp-Name header is absent","data":{"mismatch":{"header":"(missing)","body":"the body carries params.name=\\"list_models\\" but the required Mcp-Name header is absent"}}},"id":1}
      400 {"jsonrpc":"2.0","error":{"code":-32020,"message":"Bad Request: the request headers and body disagree: the body envelope names protocol version 2026-07-28 but the MCP-Protocol-Version header names 2025-11-25","data":{"mismatch":{"header":"2025-11-25","body":"the body envelope names protocol version 2026-07-28 but the MCP-Protocol-Version header names 2025-11-25"}}},"id":1}
      400 {"jsonrpc":"2.0","error":{"code":-32020,"message":"Bad Request: the request headers and body disagree: the body envelope names protocol version 2026-07-28 but the required MCP-Protocol-Version header is absent","data":{"mismatch":{"header":"(missing)","body":"the body envelope names protocol version 2026-07-28 but the required MCP-Protocol-Version header is absent"}}},"id":1}
      400 {"jsonrpc":"2.0","error":{"code":-32020,"message":"Bad Request: the request headers and body disagree: an initialize request (legacy handshake) was sent with a modern MCP-Protocol-Version header","data":{"mismatch":{"header":"2026-07-28","body":"an initialize request (legacy handshake) was sent with a modern MCP-Protocol-Version header"}}},"id":1}
      400 {"jsonrpc":"2.0","error":{"code":-32602,"message":"Invalid params: the MCP-Protocol-Version header names protocol revision 2026-07-28, but the request is missing the required per-request envelope key(s): _meta","data":{"envelope":{"missing":["_meta"]}}},"id":1}
      400 {"jsonrpc":"2.0","error":{"code":-32022,"message":"Unsupported protocol version: 2031-01-01","data":{"supported":["2026-07-28"],"requested":"2031-01-01"}},"id":1}
      400 {"jsonrpc":"2.0","error":{"code":-32602,"message":"Invalid _meta envelope for protocol revision 2026-07-28: io.modelcontextprotocol/clientCapabilities: Invalid input: expected object, received number","data":{"envelope":{"key":"io.modelcontextprotocol/clientCapabilities","problem":"Invalid input: expected object, received number"}}},"id":1}
      404 {"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}
      400 {"jsonrpc":"2.0","error":{"code":-32600,"message":"Batches are not supported. Send one message per request."},"id":null}"
    `);
  });

  it('passes the same checks as any other', async () => {
    const token = 'correct-horse-battery-staple';
    const url = await start(undefined, { access: { kind: 'token', token } }, { requestsPerMinute: 3 });
    const list = request('tools/list');
    const headers = headersOf('tools/list');
    const bearer = { Authorization: `Bearer ${token}` };
    expect((await postRaw(url, list, headers)).status).toBe(401);
    expect((await postRaw(url, list, { ...headers, ...bearer, Origin: 'https://evil.example' })).status).toBe(
      403,
    );
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await postRaw(url, list, { ...headers, ...bearer })).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
  });

  it('gets no internals of an unexpected fault', async () => {
    const url = await start(fakeServices());
    const response = await postRaw(url, request('resources/list'), headersOf('resources/list'));
    expect(await response.text()).toMatch(
      /INTERNAL: resources\/list failed inside churn-mcp\. [^/]*reference/,
    );
  });
});
