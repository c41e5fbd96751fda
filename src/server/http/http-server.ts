/** The Streamable HTTP server: many clients, each with its own session or with none. */
import { once } from 'node:events';
import { createServer as createNodeServer, type Server as NodeServer } from 'node:http';
import { ChurnMcpError } from '../../errors.ts';
import { type HttpConfig, tellsCallersApart } from '../../http-config.ts';
import type { AlertCounts } from '../alert-watch.ts';
import { localRunner } from '../call-runner.ts';
import { createHandshakeServer } from '../handshake-server.ts';
import type { JobBoard } from '../job-board.ts';
import { createMcpService, type McpService } from '../mcp-service.ts';
import type { RetrainWhen } from '../retraining/retrain-when.ts';
import { startRetrainer } from '../retraining/start-retrainer.ts';
import type { ServiceOptions } from '../service-handlers.ts';
import { createApp } from './app.ts';
import type { HomeLog } from './home-log.ts';
import { HTTP_LIMITS, type HttpLimits } from './http-limits.ts';
import type { ServerMetrics } from './server-metrics.ts';
import { Sessions } from './sessions.ts';
import { StatelessHttp } from './stateless-http.ts';

export interface HttpServerOptions extends ServiceOptions {
  readonly jobs: JobBoard;
  readonly config: HttpConfig;
  readonly limits?: Partial<HttpLimits>;
  readonly homeLog?: HomeLog | undefined;
  /** When the server trains models again by itself; never by default. */
  readonly retrainWhen?: RetrainWhen | undefined;
  /** What is counted of alerts; undefined if no rules are configured. */
  readonly alertCounts?: AlertCounts | undefined;
  /** Called after each round of trainings. */
  readonly onRetrainingRound?: (() => Promise<void>) | undefined;
  /** Makes what is served; `createMcpService` by default. */
  readonly createService?: (options: ServiceOptions) => McpService;
}

export interface HttpServer extends AsyncDisposable {
  /** The address it listens on. */
  readonly url: URL;
}

/** Running calls get this long to end when the server stops. */
const ENDING_MS = 500;
/** Proxies keep idle connections up to two minutes. If the server closed one first, a request could be lost. */
const KEEP_ALIVE_MS = 130_000;

/** @throws INVALID_CONFIG if the port is taken or the address is not one of this machine */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { config, jobs, log, createService = createMcpService } = options;
  const limits = limitsFor(config, options.limits);
  const node = createNodeServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  const url = await listen(node, config);
  const metrics = config.metrics ? await metricsOf(() => sessions.size, options.alertCounts) : undefined;
  const runner = options.calls ?? localRunner(options.services, log);
  const calls = metrics?.measured(runner) ?? runner;
  const service = createService({ ...options, calls });
  const sessions = new Sessions(limits, (caller) => createHandshakeServer(service, caller), log);
  const stateless = new StatelessHttp(service);
  const onRetrained = metrics?.countRetraining;
  const retrainer = await startRetrainer({
    ...options,
    calls,
    onRetrained,
    onRound: options.onRetrainingRound,
  });
  await options.homeLog?.resume();
  node.on('request', createApp({ ...options, metrics }, limits, url, { sessions, stateless }));
  return {
    url,
    async [Symbol.asyncDispose]() {
      const closed = once(node, 'close');
      node.close();
      const late = new Promise((resolve) => setTimeout(resolve, ENDING_MS).unref());
      await Promise.race([jobs[Symbol.asyncDispose](), late]);
      await sessions[Symbol.asyncDispose]();
      await stateless[Symbol.asyncDispose]();
      await options.homeLog?.[Symbol.asyncDispose]();
      await retrainer?.[Symbol.asyncDispose]();
      node.closeAllConnections();
      await closed;
    },
  };
}

/** The library is read only where somebody asks for its figures. */
async function metricsOf(sessions: () => number, alerts: AlertCounts | undefined): Promise<ServerMetrics> {
  const { createServerMetrics } = await import('./server-metrics.ts');
  return createServerMetrics(sessions, alerts);
}

/** If callers are not told apart, all are one principal, which may use all sessions. */
function limitsFor({ access }: HttpConfig, changed: Partial<HttpLimits> = {}): HttpLimits {
  const limits = { ...HTTP_LIMITS, ...changed };
  return tellsCallersApart(access) ? limits : { ...limits, sessionsPerPrincipal: limits.mostSessions };
}

async function listen(node: NodeServer, { host, port }: HttpConfig): Promise<URL> {
  try {
    node.listen(port, host);
    await once(node, 'listening');
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    throw new ChurnMcpError(
      'INVALID_CONFIG',
      isTaken ? `Port ${port} is in use.` : `The server cannot listen on ${host}, port ${port}.`,
      { hint: 'Choose another with --port (0 takes any free one) and --host.', cause },
    );
  }
  const address = node.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return new URL(`http://${host.includes(':') ? `[${host}]` : host}:${bound}`);
}
