import { writeFile } from 'node:fs/promises';
import { request as rawRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { homeLayout } from '../../../src/data/home-layout.ts';
import { createServices } from '../../../src/server/create-services.ts';
import { fakeServices } from '../../helpers/fake-services.ts';
import {
  beginSession,
  connectHttp,
  INITIALIZE,
  postRaw,
  startTestServer,
} from '../../helpers/http-server.ts';
import { makeSnapshot, newTestHome } from '../../helpers/snapshot.ts';

const closing: AsyncDisposable[] = [];
afterEach(async () => {
  for (const server of closing.splice(0)) await server[Symbol.asyncDispose]();
});

async function start(...args: Parameters<typeof startTestServer>): Promise<URL> {
  const server = await startTestServer(...args);
  closing.push(server);
  return server.url;
}

/** A call of an argument that is nested. */
function nestedCall(limit: string): string {
  return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_models","arguments":{"limit":${limit}}}}`;
}

const PING = { jsonrpc: '2.0', id: 2, method: 'ping' };
const LIST = { jsonrpc: '2.0', id: 3, method: 'tools/list' };

/** Status of a request with headers that `fetch` would not send. */
function statusWith(
  url: URL,
  headers: Record<string, string>,
  { method, path } = { method: 'POST', path: '/mcp' },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = rawRequest(
      new URL(path, url),
      {
        method,
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
          ...headers,
        },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.on('error', reject);
    sent.end(method === 'POST' ? JSON.stringify(INITIALIZE) : undefined);
  });
}

/** Opens the stream on which a server speaks of itself. */
async function listenTo(url: URL, session: string): Promise<Response> {
  const headers = { Accept: 'text/event-stream', 'Mcp-Session-Id': session };
  const response = await fetch(new URL('/mcp', url), { headers });
  expect(response.status).toBe(200);
  return response;
}

describe('the HTTP server', () => {
  it('serves a real client, and lets it end its session', async () => {
    const url = await start(fakeServices({ models: { list: async () => [] } }));
    const client = await connectHttp(url);
    expect((await client.listTools()).tools.length).toBeGreaterThan(5);
    const result = await client.callTool({ name: 'list_models', arguments: {} });
    expect(result.isError).toBeFalsy();
    await client.close();
  });

  it('reports its health without a token', async () => {
    const url = await start(fakeServices(), { access: { kind: 'token', token: 'x'.repeat(32) } });
    const response = await fetch(new URL('/healthz', url));
    expect(await response.json()).toEqual({ status: 'ok', version: '0.0.0' });
    expect(response.headers.get('x-powered-by')).toBeNull();
  });

  it('reports its health under any host name, unless it serves this machine alone', async () => {
    const health = { method: 'GET', path: '/healthz' };
    const url = await start(fakeServices());
    expect(await statusWith(url, { Host: '10.1.2.3:3000' }, health)).toBe(403);
    const token = { kind: 'token', token: 'x'.repeat(32) } as const;
    const { port } = await start(fakeServices(), { host: '0.0.0.0', access: token });
    const open = new URL(`http://127.0.0.1:${port}`);
    expect(await statusWith(open, { Host: '10.1.2.3:3000' }, health)).toBe(200);
    expect(await statusWith(open, { Host: '10.1.2.3:3000' })).toBe(403);
  });

  it('says whether questions can be answered, and with which code if they cannot', async () => {
    const home = await newTestHome();
    await (
      await makeSnapshot(
        { orders: [{ order_id: '1', customer_id: 1, order_date: '2026-01-01', total_amount: 5 }] },
        home,
      )
    )[Symbol.asyncDispose]();
    const ready = await fetch(new URL('/readyz', await start(createServices({ home }))));
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
    const empty = await fetch(new URL('/readyz', await start(createServices({ home: await newTestHome() }))));
    expect(empty.status).toBe(200);
    await writeFile(homeLayout(home).pointer, 'nonsense');
    const damaged = await fetch(new URL('/readyz', await start(createServices({ home }))));
    expect(damaged.status).toBe(503);
    expect(await damaged.json()).toEqual({ status: 'not ready', code: expect.stringMatching(/^[A-Z_]+$/) });
  });

  it('counts and times calls for Prometheus, if it is asked to', async () => {
    const hidden = await start(fakeServices());
    expect((await fetch(new URL('/metrics', hidden))).status).toBe(404);
    const services = fakeServices({ models: { list: async () => [] } });
    const url = await start(services, { metrics: true });
    const client = await connectHttp(url);
    await client.callTool({ name: 'list_models', arguments: {} });
    await client.callTool({ name: 'list_models', arguments: { model: 'x' } });
    const response = await fetch(new URL('/metrics', url));
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    expect(text).toContain('churn_mcp_tool_calls_total{tool="list_models",outcome="ok"} 1');
    expect(text).toContain('churn_mcp_tool_calls_total{tool="list_models",outcome="INVALID_ARGUMENT"} 1');
    expect(text).toContain('churn_mcp_tool_call_seconds_count{tool="list_models"} 2');
    expect(text).toContain('churn_mcp_sessions 1');
    expect(text).toContain('churn_mcp_tool_calls_running 0');
    expect(text).toContain('process_resident_memory_bytes');
    await client.close();
  });

  it('serves the page of the dashboard, which may load nothing and must not be framed', async () => {
    const url = await start(fakeServices(), { access: { kind: 'token', token: 'x'.repeat(32) } });
    const response = await fetch(new URL('/dashboard', url));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toMatchInlineSnapshot(
      `"default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"`,
    );
  });

  it.each([
    ['evil.example', 403],
    ['evil.example:80', 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost', 200],
    ['churn.example.com', 200],
  ])('answers a request for host %s with %i', async (host, status) => {
    const url = await start(fakeServices(), { allowedHosts: ['churn.example.com'] });
    expect(await statusWith(url, { Host: host })).toBe(status);
  });

  it.each([
    ['https://evil.example', 403],
    ['null', 403],
    ['http://localhost:1', 403],
    ['https://inspector.example.com', 200],
  ])('answers a page from %s with %i', async (origin, status) => {
    const url = await start(fakeServices(), { allowedOrigins: ['https://inspector.example.com'] });
    expect(await statusWith(url, { Origin: origin })).toBe(status);
    expect(await statusWith(url, { Origin: url.origin })).toBe(200);
  });

  it('accepts preflight requests from allowed origins only', async () => {
    const url = await start(fakeServices(), {
      allowedOrigins: ['https://inspector.example.com'],
      access: { kind: 'token', token: 'x'.repeat(32) },
    });
    const ask = (origin: string) => {
      const wishes = {
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,mcp-session-id',
      };
      return fetch(new URL('/mcp', url), { method: 'OPTIONS', headers: { Origin: origin, ...wishes } });
    };
    const allowed = await ask('https://inspector.example.com');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://inspector.example.com');
    expect(allowed.headers.get('access-control-allow-headers')).toBe('authorization,mcp-session-id');
    const foreign = await ask('https://evil.example');
    expect(foreign.status).toBe(403);
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each([
    ['this is not JSON', 400, -32700],
    ['{"jsonrpc":"2.0"', 400, -32700],
    ['[]', 400, -32600],
    [JSON.stringify([INITIALIZE]), 400, -32600],
    ['null', 400, -32700],
    ['{"jsonrpc":"2.0","id":1,"method":"tools/list"}', 400, -32000],
    [`{"x":"${'x'.repeat(2_000_000)}"}`, 413, -32600],
    [nestedCall('['.repeat(101) + ']'.repeat(101)), 400, -32600],
    [nestedCall(`${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`), 400, -32600],
    ['['.repeat(500_000), 400, -32600],
  ])('refuses a body such as %.40s', async (body, status, code) => {
    const url = await start(fakeServices());
    const response = await postRaw(url, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ jsonrpc: '2.0', error: { code } });
  });

  it('refuses a body that is not compressed as its header says', async () => {
    const url = await start(fakeServices());
    expect(await statusWith(url, { 'Content-Encoding': 'gzip' })).toBe(400);
    expect(await statusWith(url, { 'Content-Encoding': 'no-such-code' })).toBe(400);
  });

  it('refuses a guessed session and one that has ended', async () => {
    const url = await start(fakeServices());
    const session = await beginSession(url);
    expect((await postRaw(url, PING, { 'Mcp-Session-Id': session })).status).toBe(200);
    const guessed = await postRaw(url, PING, { 'Mcp-Session-Id': '0f0f0f0f-0000-4000-8000-000000000000' });
    expect(guessed.status).toBe(404);
    expect(await guessed.json()).toMatchObject({ error: { code: -32001 } });
    const ended = await fetch(new URL('/mcp', url), {
      method: 'DELETE',
      headers: { 'Mcp-Session-Id': session },
    });
    expect(ended.status).toBe(200);
    expect((await postRaw(url, PING, { 'Mcp-Session-Id': session })).status).toBe(404);
  });

  it('accepts sessions up to its limit, and more once one ends', async () => {
    const url = await start(fakeServices(), {}, { mostSessions: 2 });
    const [first] = [await beginSession(url), await beginSession(url)];
    const refused = await postRaw(url, INITIALIZE);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('60');
    await fetch(new URL('/mcp', url), { method: 'DELETE', headers: { 'Mcp-Session-Id': first } });
    expect((await postRaw(url, INITIALIZE)).status).toBe(200);
  });

  it('makes room by ending sessions that a client seems to have left, and no others', async () => {
    const url = await start(fakeServices(), {}, { mostSessions: 2, leftMs: 0 });
    const [listening, left] = [await beginSession(url), await beginSession(url)];
    const stream = await listenTo(url, listening);
    const next = await beginSession(url);
    expect((await postRaw(url, PING, { 'Mcp-Session-Id': left })).status).toBe(404);
    const nextStream = await listenTo(url, next);
    expect((await postRaw(url, INITIALIZE)).status).toBe(503);
    expect((await postRaw(url, PING, { 'Mcp-Session-Id': listening })).status).toBe(200);
    await Promise.all([stream.body?.cancel(), nextStream.body?.cancel()]);
  });

  it('refuses a batch of calls, which would count as one request', async () => {
    const url = await start(fakeServices({ models: { list: async () => [] } }));
    const session = { 'Mcp-Session-Id': await beginSession(url) };
    const call = { method: 'tools/call', params: { name: 'list_models', arguments: {} } };
    const batch = Array.from({ length: 100 }, (_, id) => ({ jsonrpc: '2.0', id, ...call }));
    const refused = await postRaw(url, batch, session);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error: { code: -32600, message: 'Batches are not supported. Send one message per request.' },
    });
  });

  it('refuses more open requests than a caller may have', async () => {
    let finish = () => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const services = fakeServices({ models: { list: () => slow.then(() => []) } });
    const url = await start(services, {}, { openRequests: 2 });
    const session = { 'Mcp-Session-Id': await beginSession(url) };
    const call = { jsonrpc: '2.0', method: 'tools/call', params: { name: 'list_models', arguments: {} } };
    const waiting = [1, 2].map((id) => postRaw(url, { ...call, id }, session));
    const answers = await Promise.all(waiting);
    const refused = await postRaw(url, { ...call, id: 3 }, session);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    finish();
    for (const answer of answers) expect(await answer.text()).toContain('No model has been trained yet');
    expect((await postRaw(url, PING, session)).status).toBe(200);
  });

  it('accepts many sessions from one address, each with an open stream', async () => {
    const url = await start(fakeServices());
    const clients = await Promise.all(Array.from({ length: 90 }, () => connectHttp(url)));
    await Promise.all(clients.map((client) => client.ping()));
    await Promise.all(clients.map((client) => client.close()));
  });

  it('keeps no session if it refused its initialize request', async () => {
    const url = await start(fakeServices(), {}, { mostSessions: 1 });
    for (const headers of [{ Accept: 'text/html' }, { 'Content-Type': 'text/plain' }]) {
      const refused = await postRaw(url, INITIALIZE, headers);
      expect(refused.status).toBeGreaterThanOrEqual(400);
      await refused.text();
    }
    const unknownVersion = { ...INITIALIZE, params: { ...INITIALIZE.params, protocolVersion: 7 } };
    expect((await postRaw(url, unknownVersion)).status).toBe(400);
    expect((await postRaw(url, INITIALIZE)).status).toBe(200);
  });

  it('ends idle sessions, but none with a running call', async () => {
    let finish: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const services = fakeServices({ models: { list: () => slow.then(() => []) } });
    const url = await start(services, {}, { idleMs: 150 });
    const [idle, busy] = [await beginSession(url), await beginSession(url)];
    const call = {
      jsonrpc: '2.0',
      id: 4,
      method: 'tools/call',
      params: { name: 'list_models', arguments: {} },
    };
    const answer = postRaw(url, call, { 'Mcp-Session-Id': busy });
    await expect
      .poll(async () => {
        await delay(300);
        return (await postRaw(url, PING, { 'Mcp-Session-Id': idle })).status;
      })
      .toBe(404);
    finish();
    expect(await (await answer).text()).toContain('No model has been trained yet');
  });

  it('limits the rate of requests, and says so', async () => {
    const url = await start(fakeServices(), {}, { requestsPerMinute: 3 });
    const session = await beginSession(url);
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) {
      const response = await postRaw(url, LIST, { 'Mcp-Session-Id': session });
      await response.text();
      statuses.push(response.status);
    }
    expect(statuses).toEqual([200, 200, 429, 429]);
  });

  it('keeps the progress of two sessions apart even if their progress tokens are the same', async () => {
    const services = fakeServices({
      models: {
        list: async () => [],
      },
      churn: {
        train: async (request, { onProgress }) => {
          for (let i = 1; i <= 5; i++) {
            await delay(120);
            onProgress?.({ phase: 'train', done: i, total: 5, message: `for ${request.comment}` });
          }
          throw new Error('enough');
        },
      },
    });
    const url = await start(services);
    const seen: Record<string, Set<string>> = { ann: new Set(), bob: new Set() };
    await Promise.all(
      Object.keys(seen).map(async (name) => {
        const client = await connectHttp(url);
        await client.callTool({ name: 'train_churn_model', arguments: { comment: name } }, undefined, {
          onprogress: ({ message }) => seen[name].add(message ?? ''),
        });
        await client.close();
      }),
    );
    expect([...seen.ann]).toEqual(['for ann']);
    expect([...seen.bob]).toEqual(['for bob']);
  });

  it('answers only its few addresses and methods', async () => {
    const url = await start(fakeServices());
    expect((await fetch(new URL('/etc/passwd', url))).status).toBe(404);
    expect((await fetch(new URL('/mcp', url), { method: 'PUT' })).status).toBe(405);
    expect((await fetch(new URL('/mcp', url))).status).toBe(400);
  });

  it('says so if its port is taken', async () => {
    const url = await start(fakeServices());
    await expect(startTestServer(fakeServices(), { port: Number(url.port) })).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      message: `Port ${url.port} is in use.`,
    });
  });
});
