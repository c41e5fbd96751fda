import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { HttpConfig } from '../../src/http-config.ts';
import type { HomeLog } from '../../src/server/http/home-log.ts';
import type { HttpLimits } from '../../src/server/http/http-limits.ts';
import { type HttpServer, startHttpServer } from '../../src/server/http/http-server.ts';
import { JobBoard } from '../../src/server/job-board.ts';
import { JobFiles } from '../../src/server/job-files.ts';
import type { Services } from '../../src/server/services.ts';
import { TOOLS } from '../../tools/index.ts';
import { silentLog } from './mcp-client.ts';

const OPEN: HttpConfig = {
  host: '127.0.0.1',
  port: 0,
  access: { kind: 'open' },
  publicUrl: undefined,
  allowedHosts: [],
  allowedOrigins: [],
  proxies: [],
  metrics: false,
  webhookSecrets: {},
};

/** A server on a free port of this machine. */
export function startTestServer(
  services: Services,
  config: Partial<HttpConfig> = {},
  limits: Partial<HttpLimits> = {},
  homeLog?: HomeLog,
): Promise<HttpServer> {
  return startHttpServer({
    services,
    tools: TOOLS,
    log: silentLog,
    version: '0.0.0',
    jobs: new JobBoard({
      afterMs: 40_000,
      // Fake services have no home.
      ...(services.home !== '' && { files: new JobFiles(services.home, silentLog) }),
    }),
    config: { ...OPEN, ...config },
    limits,
    homeLog,
  });
}

/** A real client in a session of its own. */
export async function connectHttp(url: URL, token?: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '0.0.0' });
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers } }));
  return client;
}

export const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '0' } },
};

/** A POST as a client of the protocol makes it, whatever the body. */
export function postRaw(url: URL, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(new URL('/mcp', url), {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** Begins a session and returns its id. */
export async function beginSession(url: URL, headers: Record<string, string> = {}): Promise<string> {
  const response = await postRaw(url, INITIALIZE, headers);
  await response.text();
  return response.headers.get('mcp-session-id') ?? '';
}
