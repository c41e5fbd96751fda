/** The Streamable HTTP server: many clients, each in a session of its own, behind checks of who they are. */
import { once } from 'node:events';
import { createServer as createNodeServer, type Server as NodeServer } from 'node:http';
import { metadataHandler } from '@modelcontextprotocol/sdk/server/auth/handlers/metadata.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { getOAuthProtectedResourceMetadataUrl } from '@modelcontextprotocol/sdk/server/auth/router.js';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import cors from 'cors';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { ChurnMcpError } from '../../errors.ts';
import { type HttpConfig, isLoopback } from '../../http-config.ts';
import { SCOPES } from '../../mcp/tool.ts';
import { createServer, type ServerOptions } from '../create-server.ts';
import type { JobBoard } from '../job-board.ts';
import { dashboardPage } from './dashboard-page.ts';
import { allowedOrigins, checkHost, checkOrigin } from './host-and-origin.ts';
import { limitRequests, limitWrongTokens } from './rate-limits.ts';
import { RPC_CODES, refusalHandler, refuse } from './refusal.ts';
import { checkScope } from './scope-check.ts';
import { type Session, type SessionLimits, Sessions } from './sessions.ts';
import { createTokenVerifier } from './token-verifier.ts';

export interface HttpLimits extends SessionLimits {
  /** Bytes of a request. */
  readonly body: number;
  readonly requestsPerMinute: number;
  /** From one address, before it is not listened to for the rest of the minute. */
  readonly wrongTokensPerMinute: number;
}

export const HTTP_LIMITS: HttpLimits = {
  body: 1_048_576,
  mostSessions: 100,
  idleMs: 30 * 60_000,
  leftMs: 60_000,
  requestsPerMinute: 1200,
  wrongTokensPerMinute: 60,
};

export interface HttpServerOptions extends Omit<ServerOptions, 'caller'> {
  readonly jobs: JobBoard;
  readonly config: HttpConfig;
  readonly limits?: Partial<HttpLimits>;
  /** What makes the server of each session; `createServer` by default. */
  readonly createSessionServer?: (options: ServerOptions) => Server;
}

export interface HttpServer extends AsyncDisposable {
  /** Where it listens. */
  readonly url: URL;
}

/** Calls in flight get this long to end when the server does. */
const ENDING_MS = 500;
/** Proxies keep idle connections up to two minutes; were the server the first to close one, a request could be lost. */
const KEEP_ALIVE_MS = 130_000;

/** @throws INVALID_CONFIG where the port is taken or the address is not this machine's */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { config, jobs, log, createSessionServer = createServer } = options;
  const limits = { ...HTTP_LIMITS, ...options.limits };
  const node = createNodeServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  const url = await listen(node, config);
  const sessions = new Sessions(limits, (caller) => createSessionServer({ ...options, caller }), log);
  node.on('request', createApp(options, limits, url, sessions));
  return {
    url,
    async [Symbol.asyncDispose]() {
      const closed = once(node, 'close');
      node.close();
      const late = new Promise((resolve) => setTimeout(resolve, ENDING_MS).unref());
      await Promise.race([jobs[Symbol.asyncDispose](), late]);
      await sessions[Symbol.asyncDispose]();
      node.closeAllConnections();
      await closed;
    },
  };
}

async function listen(node: NodeServer, { host, port }: HttpConfig): Promise<URL> {
  try {
    node.listen(port, host);
    await once(node, 'listening');
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    throw new ChurnMcpError(
      'INVALID_CONFIG',
      isTaken ? `Port ${port} is in use.` : `It cannot listen on ${host}, port ${port}.`,
      { hint: 'Choose another with --port (0 takes any free one) and --host.', cause },
    );
  }
  const address = node.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return new URL(`http://${host.includes(':') ? `[${host}]` : host}:${bound}`);
}

function createApp(
  { config, log, tools, version }: HttpServerOptions,
  limits: HttpLimits,
  url: URL,
  sessions: Sessions,
): Express {
  const app = express();
  app.disable('x-powered-by');
  // Whoever stands in front says where requests come from. Only this machine and its own networks are believed.
  if (config.publicUrl) app.set('trust proxy', ['loopback', 'linklocal', 'uniquelocal']);
  // What watches over containers asks by an address of the moment, which no list of names can hold.
  if (!isLoopback(config.host)) app.get('/healthz', health(version));
  app.use(checkHost(config));
  app.get('/healthz', health(version));
  app.get('/dashboard', dashboardPage());

  const resource = config.publicUrl ?? new URL('/mcp', url);
  const verifier = createTokenVerifier(config.access, resource, log);
  const metadataUrl =
    config.access.kind === 'oauth' ? getOAuthProtectedResourceMetadataUrl(resource) : undefined;
  if (config.access.kind === 'oauth') {
    const metadata = metadataHandler({
      resource: resource.href,
      authorization_servers: [config.access.issuer],
      scopes_supported: [...SCOPES],
      bearer_methods_supported: ['header'],
      resource_name: 'churn-mcp',
    });
    // The path of the resource goes behind, below a proxy's path too; clients that know only the host look at the root.
    for (const path of new Set([resource.pathname, '/mcp', ''])) {
      app.use(`/.well-known/oauth-protected-resource${path}`, metadata);
    }
  }
  app.use(
    '/mcp',
    checkOrigin(config),
    cors({ origin: allowedOrigins(config), exposedHeaders: ['Mcp-Session-Id', 'WWW-Authenticate'] }),
    ...(verifier
      ? [
          ...limitWrongTokens(limits.wrongTokensPerMinute),
          requireBearerAuth({
            verifier,
            requiredScopes: ['churn:read'],
            ...(metadataUrl !== undefined && { resourceMetadataUrl: metadataUrl }),
          }),
        ]
      : []),
    limitRequests(limits.requestsPerMinute),
    express.json({ limit: limits.body }),
    checkScope(tools, metadataUrl),
  );
  app.post('/mcp', (request, response) => post(request, response, sessions));
  app.get('/mcp', (request, response) => withSession(request, response, sessions));
  app.delete('/mcp', (request, response) => withSession(request, response, sessions));
  app.all('/mcp', (_request, response) => {
    response.set('Allow', 'GET, POST, DELETE');
    refuse(response, 405, RPC_CODES.refused, 'There are GET, POST and DELETE here.');
  });
  app.use((_request, response) => refuse(response, 404, RPC_CODES.refused, 'The server is at /mcp.'));
  app.use(refusalHandler(log));
  return app;
}

function health(version: string): RequestHandler {
  return (_request, response) => void response.json({ status: 'ok', version });
}

async function post(request: Request, response: Response, sessions: Sessions): Promise<void> {
  if (request.headers['mcp-session-id'] !== undefined) return withSession(request, response, sessions);
  const messages: unknown[] = Array.isArray(request.body) ? request.body : [request.body];
  if (!messages.some((message) => isInitializeRequest(message))) {
    return refuse(response, 400, RPC_CODES.refused, 'Begin with initialize: there is no Mcp-Session-Id.');
  }
  if (!sessions.hasRoomFor(principalOf(request))) {
    response.set('Retry-After', '60');
    return refuse(response, 503, RPC_CODES.refused, 'All sessions are taken: try again later.');
  }
  const session = await sessions.open(principalOf(request));
  await handle(session, request, response);
  // What was sent is no beginning after all.
  if (response.statusCode >= 400) await session.server.close();
}

async function withSession(request: Request, response: Response, sessions: Sessions): Promise<void> {
  const id = request.headers['mcp-session-id'];
  const session = typeof id === 'string' ? sessions.find(id, principalOf(request)) : undefined;
  if (session) return handle(session, request, response);
  if (id === undefined) {
    return refuse(response, 400, RPC_CODES.refused, 'Begin with initialize: there is no Mcp-Session-Id.');
  }
  refuse(response, 404, RPC_CODES.noSession, 'There is no such session: begin a new one with initialize.');
}

async function handle(session: Session, request: Request, response: Response): Promise<void> {
  session.lastUsed = performance.now();
  // The stream of a GET stands open for as long as the client likes, and says nothing of its use.
  const open = request.method === 'GET' ? 'streams' : 'inFlight';
  session[open]++;
  response.once('close', () => {
    session[open]--;
    session.lastUsed = performance.now();
  });
  await session.transport.handleRequest(request, response, request.body);
}

function principalOf({ auth }: Request): string {
  return auth?.clientId ?? 'anybody';
}
