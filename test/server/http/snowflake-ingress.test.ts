/** The server in a container of Snowflake, as requests reach it through the ingress: with the public name and the user. */
import type { OutgoingHttpHeaders } from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { fakeServices } from '../../helpers/fake-services.ts';
import { OF_CLIENTS, sendRequest } from '../../helpers/http-request.ts';
import { INITIALIZE, startTestServer } from '../../helpers/http-server.ts';

const PUBLIC = 'abc-org-account.snowflakecomputing.app';
const ALICE = { host: PUBLIC, 'sf-context-current-user': 'ALICE' };

let server: HttpServer;

beforeAll(async () => {
  const services = fakeServices({ models: { list: async () => [] } });
  server = await startTestServer(services, { access: { kind: 'snowflake' }, host: '0.0.0.0' });
});

afterAll(() => server[Symbol.asyncDispose]());

function send(path: string, headers: OutgoingHttpHeaders, body?: unknown) {
  return sendRequest(new URL(path, server.url), { ...OF_CLIENTS, ...headers }, body);
}

async function statusOf(headers: OutgoingHttpHeaders, body: unknown = INITIALIZE) {
  const { status, text } = await send('/mcp', headers, body);
  return [status, text] as const;
}

describe('a server behind the ingress of Snowflake', () => {
  it('serves the user whom the ingress names, whatever else the request holds', async () => {
    const client = new Client({ name: 'test', version: '0.0.0' });
    const headers = { 'Sf-Context-Current-User': 'ALICE', Authorization: 'Bearer of another proxy' };
    const transport = new StreamableHTTPClientTransport(new URL('/mcp', server.url), {
      requestInit: { headers },
    });
    await client.connect(transport);
    expect((await client.callTool({ name: 'list_models', arguments: {} })).isError).toBeFalsy();
    await client.close();
  });

  it.each([
    ['no user', { host: PUBLIC }],
    ['an empty user', { ...ALICE, 'sf-context-current-user': '' }],
    ['two users', { ...ALICE, 'sf-context-current-user': ['MALLORY', 'ALICE'] }],
  ])('refuses a request with %s', async (_, headers) => {
    expect(await statusOf(headers)).toEqual([
      403,
      expect.stringContaining('did not come through the ingress of Snowflake'),
    ]);
  });

  it('keeps the sessions of users apart', async () => {
    const begun = await send('/mcp', ALICE, INITIALIZE);
    const session = { 'mcp-session-id': String(begun.headers['mcp-session-id']) };
    const ping = { jsonrpc: '2.0', id: 2, method: 'ping' };
    expect((await statusOf({ ...ALICE, ...session }, ping))[0]).toBe(200);
    expect((await statusOf({ ...ALICE, ...session, 'sf-context-current-user': 'BOB' }, ping))[0]).toBe(404);
  });

  it.each([
    [PUBLIC, 200],
    [`${PUBLIC}:443`, 200],
    ['abc.privatelink.snowflakecomputing.com', 200],
    ['churn.example.com', 403],
    ['snowflakecomputing.app.example.com', 403],
    ['evilsnowflakecomputing.app', 403],
  ])('answers a request for %j with %d', async (host, status) => {
    expect((await statusOf({ ...ALICE, host }))[0]).toBe(status);
  });

  it.each([
    [`https://${PUBLIC}`, 200],
    [`http://${PUBLIC}`, 403],
    ['https://other-org-account.snowflakecomputing.app', 403],
    ['https://example.com', 403],
  ])('answers a page of %s with %d', async (origin, status) => {
    expect((await statusOf({ ...ALICE, origin }))[0]).toBe(status);
  });

  it('answers the readiness probe, which names the address of the container and no user', async () => {
    const answer = await send('/healthz', { host: '10.244.1.7:3000' });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { status: 'ok', version: '0.0.0' }]);
  });
});
