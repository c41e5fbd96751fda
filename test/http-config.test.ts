import { describe, expect, it } from 'vitest';
import { readHttpConfig } from '../src/config.ts';

const OAUTH = { CHURN_MCP_OAUTH_ISSUER: 'https://login.example.com/' };

describe('the configuration of the HTTP server', () => {
  it('serves this machine alone unless it is told otherwise', () => {
    expect(readHttpConfig({}, {})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      access: { kind: 'open' },
      publicUrl: undefined,
      allowedHosts: [],
      allowedOrigins: [],
      proxies: [],
      metrics: false,
      webhookSecrets: { shopify: undefined, woocommerce: undefined },
    });
  });

  it('prefers flags to the environment', () => {
    const environment = { CHURN_MCP_HTTP_PORT: '1', CHURN_MCP_HTTP_TOKEN: 'a'.repeat(16) };
    expect(readHttpConfig({ host: '0.0.0.0', port: '0', token: 'b'.repeat(16) }, environment)).toMatchObject({
      host: '0.0.0.0',
      port: 0,
      access: { kind: 'token', token: 'b'.repeat(16) },
    });
  });

  it("derives the address of an OAuth server's keys from its issuer", () => {
    const { access } = readHttpConfig({}, OAUTH);
    expect(access).toMatchObject({
      kind: 'oauth',
      issuer: 'https://login.example.com/',
      jwksUrl: new URL('https://login.example.com/.well-known/jwks.json'),
    });
  });

  it.each([
    ['https://churn.example.com', 'https://churn.example.com/mcp'],
    ['https://churn.example.com/', 'https://churn.example.com/mcp'],
    ['https://churn.example.com/mcp', 'https://churn.example.com/mcp'],
    ['https://example.com/shop/', 'https://example.com/shop/mcp'],
    ['https://example.com/shop/mcp/', 'https://example.com/shop/mcp'],
  ])('serves MCP below the public address %s', (given, found) => {
    const { publicUrl } = readHttpConfig({}, { ...OAUTH, CHURN_MCP_PUBLIC_URL: given });
    expect(publicUrl?.href).toBe(found);
  });

  it('reads host names as requests write them', () => {
    const environment = {
      ...OAUTH,
      CHURN_MCP_HTTP_ALLOWED_HOSTS: 'Churn.Example.com:8443, fd00::1,10.0.0.7',
    };
    expect(readHttpConfig({ host: '[::1]' }, environment)).toMatchObject({
      host: '::1',
      allowedHosts: ['churn.example.com', '[fd00::1]', '10.0.0.7'],
    });
    expect(readHttpConfig({}, { CHURN_MCP_HTTP_ALLOWED_HOSTS: 'localhost,[::1]' }).access.kind).toBe('open');
  });

  it('may listen on every address behind the ingress of Snowflake', () => {
    const environment = { CHURN_MCP_HTTP_AUTHENTICATED_BY: 'snowflake' };
    expect(readHttpConfig({ host: '0.0.0.0' }, environment).access).toEqual({ kind: 'snowflake' });
  });

  it.each([
    [
      { token: 'a'.repeat(16) },
      { CHURN_MCP_HTTP_AUTHENTICATED_BY: 'snowflake' },
      'CHURN_MCP_HTTP_AUTHENTICATED_BY and CHURN_MCP_HTTP_TOKEN are both set.',
    ],
    [
      {},
      { ...OAUTH, CHURN_MCP_HTTP_AUTHENTICATED_BY: 'snowflake' },
      'CHURN_MCP_HTTP_AUTHENTICATED_BY and CHURN_MCP_OAUTH_ISSUER are both set.',
    ],
    [{ host: '' }, {}, '--host is empty.'],
    [
      {},
      { CHURN_MCP_PUBLIC_URL: 'https://churn.example.com' },
      'Without a token, everybody who reaches churn.example.com could train and promote models.',
    ],
    [
      {},
      { CHURN_MCP_HTTP_ALLOWED_HOSTS: 'localhost,shop.lan' },
      'Without a token, everybody who reaches shop.lan could train',
    ],
    [{}, { CHURN_MCP_HTTP_ALLOWED_HOSTS: 'https://a.example' }, 'CHURN_MCP_HTTP_ALLOWED_HOSTS holds'],
    [
      { host: '0.0.0.0' },
      OAUTH,
      'OAuth clients need the server’s address, and 0.0.0.0 is not one that they can call.',
    ],
    [
      {},
      { ...OAUTH, CHURN_MCP_PUBLIC_URL: 'https://me:secret@example.com' },
      'CHURN_MCP_PUBLIC_URL holds more than an address.',
    ],
    [
      { host: '0.0.0.0' },
      {},
      'Without a token, everybody who reaches 0.0.0.0 could train and promote models.',
    ],
    [
      { host: '0.0.0.0' },
      { CHURN_MCP_HTTP_TOKEN: ' ' },
      'Without a token, everybody who reaches 0.0.0.0 could train',
    ],
    [{ token: 'short' }, {}, 'The token needs 16 characters or more'],
    [{ token: 'a token that has spaces' }, {}, 'The token needs 16 characters or more'],
    [{ token: 'a'.repeat(16) }, OAUTH, 'CHURN_MCP_HTTP_TOKEN and CHURN_MCP_OAUTH_ISSUER are both set.'],
    [
      {},
      { CHURN_MCP_OAUTH_AUDIENCE: 'x' },
      'CHURN_MCP_OAUTH_AUDIENCE is set, and CHURN_MCP_OAUTH_ISSUER is not.',
    ],
    [
      {},
      { CHURN_MCP_OAUTH_ISSUER: 'http://login.example.com' },
      'CHURN_MCP_OAUTH_ISSUER is not an https address.',
    ],
    [{}, { CHURN_MCP_PUBLIC_URL: 'churn' }, 'CHURN_MCP_PUBLIC_URL is not an https address.'],
    [{}, { CHURN_MCP_HTTP_ALLOWED_ORIGINS: 'https://a.example, b' }, 'CHURN_MCP_HTTP_ALLOWED_ORIGINS holds'],
    [{ port: '70000' }, {}, '--port takes a whole number from 0 to 65535.'],
    [{}, { CHURN_MCP_HTTP_PORT: 'web' }, 'CHURN_MCP_HTTP_PORT is not a number: give a number.'],
  ])('refuses %j with %j', (flags, environment: Record<string, string>, message) => {
    expect(() => readHttpConfig(flags, environment)).toThrow(message);
  });

  it.each([
    [{}, { CHURN_MCP_PUBLIC_URL: 'https://churn.example.com' }, ['127.0.0.0/8', '::1']],
    [{ host: '0.0.0.0' }, { CHURN_MCP_PUBLIC_URL: 'https://churn.example.com' }, []],
    [{}, { CHURN_MCP_HTTP_PROXIES: '10.0.0.7, fd00::/8' }, ['10.0.0.7', 'fd00::/8']],
  ])('trusts the proxies of %j with %j', (flags, environment, proxies) => {
    expect(readHttpConfig(flags, { ...OAUTH, ...environment }).proxies).toEqual(proxies);
  });

  it.each(['proxy.lan', '10.0.0.0/33', '10.0.0.7/8/8', 'uniquelocal', '::/129', '10.0.0.7/x'])(
    'refuses "%s" as a proxy',
    (text) => {
      expect(() => readHttpConfig({}, { ...OAUTH, CHURN_MCP_HTTP_PROXIES: text })).toThrow(
        'CHURN_MCP_HTTP_PROXIES holds something that is not an address or a network.',
      );
    },
  );
});
