/** The settings of the HTTP server, from flags and variables, checked as a whole before a port is opened. */
import { isIP } from 'node:net';
import { ChurnMcpError } from './errors.ts';

export type Access =
  /** Every caller who reaches the port is allowed, so only this machine may reach it. */
  | { readonly kind: 'open' }
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'oauth';
      readonly issuer: string;
      /** Undefined means the server's own address. */
      readonly audience: string | undefined;
      readonly jwksUrl: URL;
    }
  /** The ingress of Snowflake lets callers in, and says who each is. */
  | { readonly kind: 'snowflake' };

/** Whether requests say who sent them. Otherwise all callers are one principal. */
export function tellsCallersApart({ kind }: Access): boolean {
  return kind === 'oauth' || kind === 'snowflake';
}

export interface HttpConfig {
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
  readonly access: Access;
  /** Public address of the protocol, ending in `/mcp`, if clients reach it through a proxy; undefined if directly. */
  readonly publicUrl: URL | undefined;
  /** Allowed host names of requests, besides those of this machine and the public address. */
  readonly allowedHosts: readonly string[];
  /** Origins of web pages that may call, besides the server's own. */
  readonly allowedOrigins: readonly string[];
  /** Addresses and networks of proxies whose `X-Forwarded-For` is trusted. */
  readonly proxies: readonly string[];
  /** Whether `/metrics` tells everybody who reaches the port how often tools are called. */
  readonly metrics: boolean;
  /** The secrets with which shop systems sign their webhooks. */
  readonly webhookSecrets: {
    readonly shopify?: string | undefined;
    readonly woocommerce?: string | undefined;
  };
}

export interface HttpFlags {
  readonly host?: string;
  readonly port?: string;
  readonly token?: string;
}

export interface HttpSettings {
  readonly host: string;
  readonly port: number;
  readonly token?: string | undefined;
  readonly authenticatedBy?: 'snowflake' | undefined;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly jwksUrl?: string | undefined;
  readonly publicUrl?: string | undefined;
  readonly allowedHosts?: string | undefined;
  readonly allowedOrigins?: string | undefined;
  readonly proxies?: string | undefined;
  readonly metrics?: boolean;
  readonly shopifySecret?: string | undefined;
  readonly woocommerceSecret?: string | undefined;
}

/** @throws INVALID_CONFIG, naming the variable and the fix */
export function parseHttpConfig(settings: HttpSettings): HttpConfig {
  const config = {
    host: bare(settings.host),
    port: settings.port,
    access: accessOf(settings),
    publicUrl: settings.publicUrl === undefined ? undefined : publicUrlOf(settings.publicUrl),
    allowedHosts: listOf(settings.allowedHosts).map((name) => hostnameOf(name)),
    allowedOrigins: listOf(settings.allowedOrigins).map((origin) => originOf(origin)),
    proxies: proxiesOf(settings),
    metrics: settings.metrics ?? false,
    webhookSecrets: { shopify: settings.shopifySecret, woocommerce: settings.woocommerceSecret },
  };
  assertProtected(config);
  assertFindable(config);
  return config;
}

/** A public address or another host name means that a proxy lets in callers from other machines too. */
function assertProtected({ host, access, publicUrl, allowedHosts }: HttpConfig): void {
  if (access.kind !== 'open') return;
  const names = [host, ...(publicUrl ? [publicUrl.hostname] : []), ...allowedHosts];
  const reachable = names.find((name) => !isLoopback(bare(name)));
  if (reachable === undefined) return;
  throw invalid(
    `Without a token, everybody who reaches ${reachable} could train and promote models.`,
    'Set CHURN_MCP_HTTP_TOKEN to a secret of 16 characters or more, or CHURN_MCP_OAUTH_ISSUER; or serve only this machine: use 127.0.0.1, and set neither CHURN_MCP_PUBLIC_URL nor CHURN_MCP_HTTP_ALLOWED_HOSTS.',
  );
}

/** OAuth clients compare the address in a token with the address they called, and refuse a different one. */
function assertFindable({ host, access, publicUrl }: HttpConfig): void {
  if (access.kind !== 'oauth' || publicUrl !== undefined || !isEveryAddress(host)) return;
  throw invalid(
    `OAuth clients need the server’s address, and ${host} is not one that they can call.`,
    'Set CHURN_MCP_PUBLIC_URL to the address that clients use.',
  );
}

/** Whether it listens on all addresses of the machine, so that none of them is its name. */
export function isEveryAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

const SHORTEST_TOKEN = 16;
const THIS_MACHINE = ['127.0.0.0/8', '::1'];

function accessOf({ token, issuer, audience, jwksUrl, authenticatedBy }: HttpSettings): Access {
  if (authenticatedBy !== undefined) {
    if (token === undefined && issuer === undefined) return { kind: authenticatedBy };
    const other = token === undefined ? 'CHURN_MCP_OAUTH_ISSUER' : 'CHURN_MCP_HTTP_TOKEN';
    throw invalid(
      `CHURN_MCP_HTTP_AUTHENTICATED_BY and ${other} are both set.`,
      'Set only one of them. Snowflake takes tokens away from requests before they arrive.',
    );
  }
  if (token !== undefined && issuer !== undefined) {
    throw invalid(
      'CHURN_MCP_HTTP_TOKEN and CHURN_MCP_OAUTH_ISSUER are both set.',
      'Set only one of them: a token for all callers, or OAuth.',
    );
  }
  if (token !== undefined) {
    if (/^[\x21-\x7e]+$/.test(token) && token.length >= SHORTEST_TOKEN) return { kind: 'token', token };
    throw invalid(
      `The token needs ${SHORTEST_TOKEN} characters or more, none of them a space.`,
      'Make one with: openssl rand -hex 32',
    );
  }
  if (issuer !== undefined) {
    const base = urlOf('CHURN_MCP_OAUTH_ISSUER', issuer);
    const keys = jwksUrl ?? `${base.href.replace(/\/$/, '')}/.well-known/jwks.json`;
    return { kind: 'oauth', issuer, audience, jwksUrl: urlOf('CHURN_MCP_OAUTH_JWKS_URL', keys) };
  }
  if (audience === undefined && jwksUrl === undefined) return { kind: 'open' };
  throw invalid(
    `${audience === undefined ? 'CHURN_MCP_OAUTH_JWKS_URL' : 'CHURN_MCP_OAUTH_AUDIENCE'} is set, and CHURN_MCP_OAUTH_ISSUER is not.`,
    'Set CHURN_MCP_OAUTH_ISSUER to the address that tokens name as their issuer.',
  );
}

/** Keys and tokens must travel encrypted, except within this machine. */
function urlOf(name: string, text: string): URL {
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(bare(url.hostname)));
  if (url && isSafe) return url;
  throw invalid(`${name} is not an https address.`, `Set ${name} to one such as https://example.com.`);
}

/** Accepts the address with or without `/mcp` at its end, also below a path of the proxy. */
function publicUrlOf(text: string): URL {
  const url = urlOf('CHURN_MCP_PUBLIC_URL', text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw invalid(
      'CHURN_MCP_PUBLIC_URL holds more than an address.',
      'Write only scheme, host and path, without user name, ? and #.',
    );
  }
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith('/mcp') ? path : `${path}/mcp`;
  return url;
}

/** A server that only this machine reaches, with a public address, has its proxy on this machine. */
function proxiesOf({ host, publicUrl, proxies }: HttpSettings): string[] {
  if (proxies === undefined) return publicUrl !== undefined && isLoopback(bare(host)) ? THIS_MACHINE : [];
  return listOf(proxies).map((proxy) => {
    const [address, bits, ...rest] = proxy.split('/');
    const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
    const isNetwork = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
    if (most > 0 && isNetwork && rest.length === 0) return proxy;
    throw invalid(
      'CHURN_MCP_HTTP_PROXIES holds something that is not an address or a network.',
      'Write 10.0.0.7 or 10.0.0.0/24, separated by commas.',
    );
  });
}

/** The host name as requests contain it: in lower case, without the port. */
function hostnameOf(text: string): string {
  const name = isIP(text) === 6 ? `[${text}]` : text;
  const url = /^[^/@?#]+$/.test(name) ? URL.parse(`http://${name}`) : null;
  if (url) return url.hostname;
  throw invalid(
    'CHURN_MCP_HTTP_ALLOWED_HOSTS holds something that is not a host name.',
    'Write churn.example.com, separated by commas.',
  );
}

function originOf(text: string): string {
  const url = URL.parse(text);
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url.origin;
  throw invalid(
    'CHURN_MCP_HTTP_ALLOWED_ORIGINS holds something that is not a web address.',
    'Write https://example.com, separated by commas.',
  );
}

/** IPv6 addresses stand in brackets in URLs. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function invalid(message: string, hint: string): ChurnMcpError {
  return new ChurnMcpError('INVALID_CONFIG', message, { hint });
}
