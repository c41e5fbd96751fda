/** Every check that a request passes, in order: host, origin, wrong tokens so far, token, requests so far, body, scope. */

import { metadataHandler } from '@modelcontextprotocol/sdk/server/auth/handlers/metadata.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import type { OAuthTokenVerifier } from '@modelcontextprotocol/sdk/server/auth/provider.js';
import { getOAuthProtectedResourceMetadataUrl } from '@modelcontextprotocol/sdk/server/auth/router.js';
import cors from 'cors';
import express, { type Express, type RequestHandler } from 'express';
import { type Access, type HttpConfig, isLoopback } from '../../http-config.ts';
import { INGEST_SCOPE, SCOPES, type Tool } from '../../mcp/tool.ts';
import { withParent } from '../../tracing.ts';
import { RPC_CODES } from '../request-error.ts';
import type { ServerLog } from '../server-log.ts';
import type { Services } from '../services.ts';
import { dashboardPage } from './dashboard-page.ts';
import type { HomeLog } from './home-log.ts';
import { allowedOrigins, checkHost, checkOrigin } from './host-and-origin.ts';
import type { HttpLimits } from './http-limits.ts';
import { ingestRoutes } from './ingest-routes.ts';
import { limitOpenRequests } from './open-requests.ts';
import { callerOf, limitRequests, limitWrongTokens } from './rate-limits.ts';
import { readiness } from './readiness.ts';
import { refusalHandler, refuse, refuseDeepBody } from './refusal.ts';
import { checkScope } from './scope-check.ts';
import type { ServerMetrics } from './server-metrics.ts';
import { endWithToken, serveSessions } from './session-routes.ts';
import type { Sessions } from './sessions.ts';
import { identifyUser } from './snowflake-ingress.ts';
import type { StatelessHttp } from './stateless-http.ts';
import { createTokenVerifier } from './token-verifier.ts';

export interface AppOptions {
  readonly config: HttpConfig;
  readonly tools: readonly Tool[];
  readonly log: ServerLog;
  readonly version: string;
  readonly services: Pick<Services, 'data'>;
  /** Undefined unless the configuration offers them. */
  readonly metrics: ServerMetrics | undefined;
  /** Where rows go that senders post; undefined if none are taken. */
  readonly homeLog?: HomeLog | undefined;
}

/** What answers the requests that passed every check: one part for each era of the protocol. */
export interface Eras {
  readonly sessions: Sessions;
  readonly stateless: StatelessHttp;
}

/** @param url where the server listens, which tokens are for unless it has a public address */
export function createApp(options: AppOptions, limits: HttpLimits, url: URL, eras: Eras): Express {
  const { config, log, tools } = options;
  const app = express();
  app.disable('x-powered-by');
  // Any other sender could write a false address there, and so hide or pretend to be somebody else.
  if (config.proxies.length > 0) app.set('trust proxy', config.proxies);
  // The health check of a container, and Prometheus, use changing addresses, which no list of hosts can contain.
  if (!isLoopback(config.host)) serveOperations(app, options);
  app.use(checkHost(config));
  serveOperations(app, options);
  app.get('/dashboard', dashboardPage());

  const resource = config.publicUrl ?? new URL('/mcp', url);
  const isOAuth = config.access.kind === 'oauth';
  const metadataUrl = isOAuth ? getOAuthProtectedResourceMetadataUrl(resource) : undefined;
  if (config.access.kind === 'oauth') serveMetadata(app, resource, config.access);
  const verifier = createTokenVerifier(config.access, resource, log);
  app.use(
    '/mcp',
    checkOrigin(config),
    cors({ origin: allowedOrigins(config), exposedHeaders: ['Mcp-Session-Id', 'WWW-Authenticate'] }),
    ...(verifier ? checkToken(verifier, limits, metadataUrl) : []),
    ...(config.access.kind === 'snowflake' ? [identifyUser] : []),
    limitRequests(limits.requestsPerMinute),
    limitOpenRequests(limits.openRequests, callerOf),
    express.json({ limit: limits.body, verify: refuseDeepBody }),
    refuseBatches,
    checkScope(tools, metadataUrl),
    (request, _response, next) => withParent(request.headers.traceparent, next),
  );
  if (options.homeLog !== undefined) {
    const checked = [checkOrigin(config), ...(verifier ? checkToken(verifier, limits, metadataUrl, []) : [])];
    app.use('/ingest', ingestRoutes(options.homeLog, { checked, config, limits, log }));
  }
  if (isOAuth) app.use('/mcp', endWithToken);
  app.post('/mcp', eras.stateless.handler);
  serveSessions(app, eras.sessions);
  app.use((_request, response) => refuse(response, 404, RPC_CODES.refused, 'The server is at /mcp.'));
  app.use(refusalHandler(log));
  return app;
}

function serveOperations(app: Express, { version, services, metrics }: AppOptions): void {
  app.get('/healthz', health(version));
  app.get('/readyz', readiness(services.data));
  if (metrics === undefined) return;
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.text());
  });
}

function health(version: string): RequestHandler {
  return (_request, response) => void response.json({ status: 'ok', version });
}

function checkToken(
  verifier: OAuthTokenVerifier,
  limits: HttpLimits,
  metadataUrl: string | undefined,
  requiredScopes = ['churn:read'],
): RequestHandler[] {
  return [
    ...limitWrongTokens(limits.wrongTokensPerMinute),
    requireBearerAuth({
      verifier,
      requiredScopes,
      ...(metadataUrl !== undefined && { resourceMetadataUrl: metadataUrl }),
    }),
  ];
}

/** Says where to get a token (RFC 9728). */
function serveMetadata(app: Express, resource: URL, { issuer }: Access & { kind: 'oauth' }): void {
  const metadata = metadataHandler({
    resource: resource.href,
    authorization_servers: [issuer],
    scopes_supported: [...SCOPES, INGEST_SCOPE],
    bearer_methods_supported: ['header'],
    resource_name: 'churn-mcp',
  });
  // The path of the resource follows the well-known path, also below a proxy; clients that know only the host ask at the root.
  for (const path of new Set([resource.pathname, '/mcp', ''])) {
    app.use(`/.well-known/oauth-protected-resource${path}`, metadata);
  }
}

/** Since 2025-06-18 the protocol has no batches; one request could contain any number of calls. */
const refuseBatches: RequestHandler = (request, response, next) => {
  if (!Array.isArray(request.body)) return next();
  refuse(response, 400, RPC_CODES.invalid, 'Batches are not supported. Send one message per request.');
};
