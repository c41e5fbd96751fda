/** What the HTTP server is told by flags and variables, checked as a whole before a port is opened. */
import { isIP } from 'node:net';
import { ChurnMcpError } from './errors.ts';

export type Access =
  /** Whoever reaches the port; so only this machine may. */
  | { readonly kind: 'open' }
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'oauth';
      readonly issuer: string;
      /** Undefined: the server's own address. */
      readonly audience: string | undefined;
      readonly jwksUrl: URL;
    };

export interface HttpConfig {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly access: Access;
  /** As clients reach it through a proxy; undefined where they reach it directly. */
  readonly publicUrl: URL | undefined;
  /** Host names that a request may be for, besides this machine's and the public one. */
  readonly allowedHosts: readonly string[];
  /** Web pages that may call, besides the server's own. */
  readonly allowedOrigins: readonly string[];
}

export interface HttpSettings {
  readonly host: string;
  readonly port: number;
  readonly token?: string | undefined;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly jwksUrl?: string | undefined;
  readonly publicUrl?: string | undefined;
  readonly allowedHosts?: string | undefined;
  readonly allowedOrigins?: string | undefined;
}

/** @throws INVALID_CONFIG, naming the variable and the fix */
export function parseHttpConfig(settings: HttpSettings): HttpConfig {
  const { host, port } = settings;
  const access = accessOf(settings);
  if (access.kind === 'open' && !isLoopback(host)) {
    throw invalid(
      `Whoever reaches ${host} could train and promote models.`,
      'Set CHURN_MCP_HTTP_TOKEN to a secret of 16 characters or more, or CHURN_MCP_OAUTH_ISSUER, or listen on 127.0.0.1.',
    );
  }
  return {
    host,
    port,
    access,
    publicUrl:
      settings.publicUrl === undefined ? undefined : urlOf('CHURN_MCP_PUBLIC_URL', settings.publicUrl),
    allowedHosts: listOf(settings.allowedHosts),
    allowedOrigins: listOf(settings.allowedOrigins).map((origin) => originOf(origin)),
  };
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

const SHORTEST_TOKEN = 16;

function accessOf({ token, issuer, audience, jwksUrl }: HttpSettings): Access {
  if (token !== undefined && issuer !== undefined) {
    throw invalid(
      'CHURN_MCP_HTTP_TOKEN and CHURN_MCP_OAUTH_ISSUER are both set.',
      'Choose one: a token for all, or OAuth.',
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

/** Keys and tokens that travel unencrypted protect nobody, except on this machine. */
function urlOf(name: string, text: string): URL {
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(bare(url.hostname)));
  if (url && isSafe) return url;
  throw invalid(`${name} is no https address.`, `Set ${name} to one such as https://example.com.`);
}

function originOf(text: string): string {
  const url = URL.parse(text);
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url.origin;
  throw invalid(
    'CHURN_MCP_HTTP_ALLOWED_ORIGINS holds something that is no web address.',
    'Write https://example.com, with commas between several.',
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
