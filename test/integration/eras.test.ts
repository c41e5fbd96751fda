import type { Client } from '@modelcontextprotocol/client';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createServices } from '../../src/server/create-services.ts';
import { TOOLS } from '../../tools/index.ts';
import {
  CLAIM,
  connectEraHttp,
  connectEraStdio,
  ERAS,
  type Era,
  HANDSHAKE,
  STATELESS,
} from '../helpers/era-client.ts';
import { startTestServer } from '../helpers/http-server.ts';
import { startRawServer } from '../helpers/raw-server.ts';
import { copyOfHome } from '../helpers/shared-homes.ts';

const home = await copyOfHome('trained demo');
const services = createServices({ home });
const http = await startTestServer(services);
const clients: Client[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});
afterAll(async () => {
  await http[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

type Transport = 'stdio' | 'HTTP';

async function connect(era: Era, transport: Transport): Promise<Client> {
  const client =
    transport === 'stdio'
      ? await connectEraStdio(era, { CHURN_MCP_HOME: home })
      : await connectEraHttp(era, http.url);
  clients.push(client);
  return client;
}

const resultSchema = z.looseObject({
  _meta: z.unknown().optional(),
  ttlMs: z.unknown().optional(),
  cacheScope: z.unknown().optional(),
});

/** What a request leads to, without what the newest revision adds to every result. */
async function outcomeOf(request: Promise<object>): Promise<unknown> {
  try {
    const { _meta, ttlMs, cacheScope, ...result } = resultSchema.parse(await request);
    return result;
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

const REQUESTS: Readonly<Record<string, (client: Client) => Promise<object>>> = {
  'the list of tools': (client) => client.listTools(),
  'an answer': (client) =>
    client.callTool({ name: 'get_at_risk_customers', arguments: { limit: 3, label: 'forward' } }),
  'wrong arguments': (client) => client.callTool({ name: 'get_at_risk_customers', arguments: { limit: -1 } }),
  'an unknown tool': (client) => client.callTool({ name: 'no_such_tool', arguments: {} }),
  'a job that is not there': (client) => client.callTool({ name: 'get_job', arguments: { job_id: 'gone' } }),
  'the list of resources': (client) => client.listResources(),
  'the list of resource templates': (client) => client.listResourceTemplates(),
  'a resource': (client) => client.readResource({ uri: 'churn://models/customer_churn_forecast/champion' }),
  'the dashboard': (client) => client.readResource({ uri: 'ui://churn-mcp/dashboard' }),
  'a resource that is not there': (client) => client.readResource({ uri: 'churn://models/none/champion' }),
  'a version that is not there': (client) =>
    client.readResource({ uri: 'churn://models/customer_churn_forecast/v_20200101_000000' }),
  'the list of prompts': (client) => client.listPrompts(),
  'a prompt': (client) => client.getPrompt({ name: 'weekly_retention_review', arguments: {} }),
  'an unknown prompt': (client) => client.getPrompt({ name: 'no_such_prompt' }),
  'a completion': (client) =>
    client.complete({
      ref: { type: 'ref/resource', uri: 'churn://segments/{segment}' },
      argument: { name: 'segment', value: 'high' },
    }),
};

describe('both eras over both transports', () => {
  it.each(Object.keys(REQUESTS))('give the same for %s', async (what) => {
    const outcomes: unknown[] = [];
    for (const era of ERAS) {
      for (const transport of ['stdio', 'HTTP'] as const) {
        outcomes.push(await outcomeOf(REQUESTS[what](await connect(era, transport))));
      }
    }
    const [first, ...others] = outcomes;
    expect(first).toBeDefined();
    for (const other of others) expect(other).toEqual(first);
  });

  it.each(ERAS)('tell of progress, and stop a call that is cancelled (%s)', async (era) => {
    for (const transport of ['stdio', 'HTTP'] as const) {
      const client = await connect(era, transport);
      const before = (await services.registry.list()).length;
      const controller = new AbortController();
      const messages: string[] = [];
      const call = client.callTool(
        { name: 'train_churn_model', arguments: { label: 'inactivity', params: { n_estimators: 10_000 } } },
        {
          signal: controller.signal,
          onprogress: ({ message }) => {
            messages.push(message ?? '');
            controller.abort();
          },
        },
      );
      await expect(call).rejects.toThrow();
      expect(messages.length).toBeGreaterThan(0);
      // The next training waits until the cancelled one has stopped.
      const next = await client.callTool({
        name: 'train_churn_model',
        arguments: { label: 'inactivity', params: { n_estimators: 5 }, comment: era },
      });
      expect(next.isError).toBeFalsy();
      expect((await services.registry.list()).length - before).toBeLessThanOrEqual(1);
    }
  });
});

describe('the newest revision', () => {
  it('says who answers, and how long a client may keep the answer', async () => {
    const server = startRawServer({ CHURN_MCP_HOME: home });
    const { result } = await server.ask('server/discover', { _meta: CLAIM });
    expect(result).toMatchObject({
      resultType: 'complete',
      supportedVersions: [STATELESS],
      capabilities: { tools: {}, prompts: {}, completions: {} },
      instructions: expect.stringContaining('job_id'),
      ttlMs: 3_600_000,
      cacheScope: 'public',
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'churn-mcp' } },
    });
    await server.end();
  });

  it.each(['stdio', 'HTTP'] as const)('tells a client that listens of changes (%s)', async (transport) => {
    const client = await connect(STATELESS, transport);
    const told: string[] = [];
    client.setNotificationHandler('notifications/resources/list_changed', () => void told.push('list'));
    client.setNotificationHandler(
      'notifications/resources/updated',
      ({ params }) => void told.push(params.uri),
    );
    const uri = 'churn://models/customer_churn_predictor/champion';
    await client.listen({ resourcesListChanged: true, resourceSubscriptions: [uri] });
    await client.callTool({
      name: 'train_churn_model',
      arguments: { label: 'inactivity', params: { n_estimators: 5 } },
    });
    await expect.poll(() => [...new Set(told)].sort(), { timeout: 10_000 }).toEqual([uri, 'list'].sort());
  });
});

describe('a stdio connection', () => {
  it('refuses requests that name a revision once it has begun with initialize', async () => {
    const server = startRawServer({ CHURN_MCP_HOME: home });
    await server.initialize();
    const answer = await server.ask('tools/list', { _meta: CLAIM });
    expect(answer.error).toMatchInlineSnapshot(`
      {
        "code": -32600,
        "message": "This connection began with initialize, so its requests must not name a revision of their own. Leave that out, or start another connection.",
      }
    `);
    expect((await server.ask('tools/list', {})).result).toBeDefined();
    await server.end();
  });

  it('refuses initialize, and requests that name no revision, once a request has named one', async () => {
    const server = startRawServer({ CHURN_MCP_HOME: home });
    expect((await server.ask('prompts/list', { _meta: CLAIM })).result).toBeDefined();
    const initialize = {
      protocolVersion: HANDSHAKE,
      capabilities: {},
      clientInfo: { name: 'raw', version: '0' },
    };
    const answers = [await server.ask('initialize', initialize), await server.ask('tools/list', {})];
    expect(answers.map(({ error }) => error)).toMatchInlineSnapshot(`
      [
        {
          "code": -32022,
          "data": {
            "requested": "2025-11-25",
            "supported": [
              "2026-07-28",
            ],
          },
          "message": "Unsupported protocol version: 2025-11-25",
        },
        {
          "code": -32602,
          "message": "Request is missing the required _meta envelope for protocol revision 2026-07-28 (io.modelcontextprotocol/protocolVersion, io.modelcontextprotocol/clientCapabilities)",
        },
      ]
    `);
    expect((await server.ask('prompts/list', { _meta: CLAIM })).result).toBeDefined();
    await server.end();
  });

  it('lets a client begin with initialize after it has asked what there is, or named a revision that nobody knows', async () => {
    const server = startRawServer({ CHURN_MCP_HOME: home });
    expect((await server.ask('server/discover', { _meta: CLAIM })).result).toBeDefined();
    const unknown = { ...CLAIM, 'io.modelcontextprotocol/protocolVersion': '2031-01-01' };
    expect((await server.ask('tools/list', { _meta: unknown })).error).toMatchInlineSnapshot(`
      {
        "code": -32022,
        "data": {
          "requested": "2031-01-01",
          "supported": [
            "2026-07-28",
          ],
        },
        "message": "Unsupported protocol version: 2031-01-01",
      }
    `);
    await server.initialize();
    expect((await server.ask('tools/list', {})).result).toMatchObject({ tools: { length: TOOLS.length } });
    await server.end();
  });
});
