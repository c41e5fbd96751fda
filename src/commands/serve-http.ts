import { TOOLS } from '../../tools/index.ts';
import { type Config, type HttpFlags, readConfig, readHttpConfig } from '../config.ts';
import { isEveryAddress } from '../http-config.ts';
import { createLog, type Log } from '../log.ts';
import { offeredTools } from '../mcp/offered-tools.ts';
import { HomeLog } from '../server/http/home-log.ts';
import { refreshApart } from '../server/http/refresh-apart.ts';
import { watchAlertsIfAny } from './alert-checks.ts';
import { type CommandEnvironment, type CommonFlags, openJobs, servicesOf } from './command-context.ts';
import { parseWhole } from './flag-values.ts';
import { type RetrainFlags, retrainWhenOf } from './retrain-flags.ts';
import { startCalls } from './start-calls.ts';

/** The Streamable HTTP server; ends with Ctrl-C or SIGTERM. */
export async function runHttpServer(
  flags: CommonFlags & HttpFlags & { readonly json?: boolean; readonly targetLag?: string } & RetrainFlags,
  { signal, stdout, version }: CommandEnvironment,
): Promise<number> {
  const config = readConfig(flags);
  const tools = offeredTools(TOOLS, config);
  const http = readHttpConfig(flags);
  const { startHttpServer } = await import('../server/http/http-server.ts');
  await using services = servicesOf(config, 'remote');
  const log = createLog(config.logLevel);
  const jobs = openJobs(config, log);
  await using calls = startCalls(flags, 'remote', log);
  await using alerts = await watchAlertsIfAny(config, services, log);
  const onChanged = alerts?.check;
  const homeLog =
    config.readOnly || config.snowflake !== undefined
      ? undefined
      : homeLogOf(config, { ...flags, onRefreshed: onChanged }, log);
  const retrainWhen = retrainWhenOf(flags, config);
  const options = {
    homeLog,
    retrainWhen,
    onRetrainingRound: onChanged,
    alertCounts: alerts?.counts,
    services,
    tools,
    readOnly: config.readOnly,
    log,
    version,
    jobs,
    calls,
  };
  await using server = await startHttpServer({ ...options, config: http });
  const url = (http.publicUrl ?? new URL('/mcp', server.url)).href;
  const access = http.access.kind;
  process.stderr.write(`churn-mcp serves MCP at ${url}, ${WHO_MAY_CALL[access]}\n`);
  if (flags.json === true) stdout.write(`${JSON.stringify({ url, access })}\n`);
  const isBehindIngress = http.access.kind === 'snowflake';
  if (
    isEveryAddress(http.host) &&
    !isBehindIngress &&
    http.publicUrl === undefined &&
    http.allowedHosts.length === 0
  ) {
    process.stderr.write(ONLY_LOCAL_NAMES);
  }
  if (http.publicUrl !== undefined && http.proxies.length === 0) process.stderr.write(PROXY_UNKNOWN);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return 0;
}

function homeLogOf(
  { home }: Config,
  { targetLag, onRefreshed }: { targetLag?: string; onRefreshed: (() => Promise<void>) | undefined },
  log: Log,
): HomeLog {
  const targetLagMs = 1000 * parseWhole('--target-lag', targetLag ?? '60', 1, 86_400);
  const refresh = (signal: AbortSignal) => refreshApart(home, signal);
  return new HomeLog({ home, refresh, targetLagMs, log, onRefreshed });
}

const ONLY_LOCAL_NAMES =
  'It answers only requests for the hosts localhost and 127.0.0.1. If clients use another name, set it in CHURN_MCP_HTTP_ALLOWED_HOSTS or CHURN_MCP_PUBLIC_URL.\n';

const PROXY_UNKNOWN =
  'All callers behind the proxy count as one address. To tell them apart, set CHURN_MCP_HTTP_PROXIES to the address of the proxy.\n';

const WHO_MAY_CALL = {
  open: 'to anybody on this machine. Ctrl-C ends it.',
  token: 'to everybody who has the token. Ctrl-C ends it.',
  oauth: 'to everybody who has a token of the OAuth server. Ctrl-C ends it.',
  snowflake: 'to everybody whom the ingress of Snowflake lets in. Ctrl-C ends it.',
} as const;
