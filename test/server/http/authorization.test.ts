import { createServer, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Access, HttpConfig } from '../../../src/http-config.ts';
import { fakeServices } from '../../helpers/fake-services.ts';
import {
  beginSession,
  connectHttp,
  INITIALIZE,
  postRaw,
  startTestServer,
} from '../../helpers/http-server.ts';

const closing: AsyncDisposable[] = [];
afterEach(async () => {
  for (const server of closing.splice(0)) await server[Symbol.asyncDispose]();
});

async function start(access: Access, config: Partial<HttpConfig> = {}): Promise<URL> {
  const services = fakeServices({ models: { list: async () => [] } });
  const server = await startTestServer(services, { access, ...config });
  closing.push(server);
  return server.url;
}

/** Writes for as long as somebody reads. */
function endless(response: ServerResponse): void {
  response.write('{"keys": [');
  const more = () => {
    while (!response.destroyed && response.write(' '.repeat(65_536)));
  };
  response.on('drain', more);
  more();
}

const PING = { jsonrpc: '2.0', id: 2, method: 'ping' };
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

describe('one token for all callers', () => {
  const token = 'correct-horse-battery-staple';
  const access: Access = { kind: 'token', token };

  it('lets in every caller who has it', async () => {
    const client = await connectHttp(await start(access), token);
    expect((await client.callTool({ name: 'list_models', arguments: {} })).isError).toBeFalsy();
    await client.close();
  });

  it.each([
    ['none', {}],
    ['another', bearer('correct-horse-battery-stapler')],
    ['a beginning', bearer('correct-horse')],
    ['another scheme', { Authorization: `Basic ${token}` }],
    ['an empty one', { Authorization: 'Bearer ' }],
  ])('refuses %s', async (_, headers: Record<string, string>) => {
    const response = await postRaw(await start(access), INITIALIZE, headers);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    expect(await response.text()).not.toContain(token);
  });

  it('locks out an address that guesses tokens', async () => {
    const url = await start(access);
    const statuses: number[] = [];
    for (let i = 0; i < 62; i++) statuses.push((await postRaw(url, PING, bearer(`guess-${i}`))).status);
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
    const refused = await postRaw(url, PING, bearer(token));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ jsonrpc: '2.0', error: { code: -32000 } });
  });

  it('does not lock out an address that sends no token, because clients ask in this way where to get one', async () => {
    const url = await start(access);
    for (let i = 0; i < 62; i++) expect((await postRaw(url, PING)).status).toBe(401);
    expect((await postRaw(url, INITIALIZE, bearer(token))).status).toBe(200);
  });

  it('trusts X-Forwarded-For only from a configured proxy', async () => {
    const from = (address: string) => ({ 'X-Forwarded-For': address });
    const guess = async (url: URL) => {
      for (let i = 0; i < 60; i++)
        await postRaw(url, PING, { ...bearer(`guess-${i}`), ...from('203.0.113.9') });
    };
    const publicUrl = new URL('https://churn.example.com/mcp');
    const behindProxy = await start(access, { publicUrl, proxies: ['127.0.0.0/8'] });
    await guess(behindProxy);
    const guessing = { ...bearer(token), ...from('203.0.113.9') };
    expect((await postRaw(behindProxy, INITIALIZE, guessing)).status).toBe(429);
    const another = { ...bearer(token), ...from('203.0.113.10') };
    expect((await postRaw(behindProxy, INITIALIZE, another)).status).toBe(200);

    for (const config of [{}, { publicUrl }, { publicUrl, proxies: ['10.0.0.0/8'] }]) {
      const direct = await start(access, config);
      await guess(direct);
      expect((await postRaw(direct, INITIALIZE, another)).status).toBe(429);
    }
  });
});

describe('tokens of an OAuth server', () => {
  const audience = 'https://churn.example.com/mcp';
  let keyServer: Server;
  let issuer = '';
  let sign: (claims: Record<string, unknown>, expires?: string | null) => Promise<string>;
  let signByAnother: typeof sign;
  let signWithPublicKey: () => Promise<string>;
  let answerKeys: (response: ServerResponse) => void;

  beforeAll(async () => {
    const [ours, another] = [await generateKeyPair('ES256'), await generateKeyPair('ES256')];
    const jwk = { ...(await exportJWK(ours.publicKey)), kid: 'k1', alg: 'ES256' };
    const publicKeys = JSON.stringify({ keys: [jwk] });
    answerKeys = (response) => response.end(publicKeys);
    keyServer = createServer((_, response) => {
      response.setHeader('Content-Type', 'application/json');
      answerKeys(response);
    });
    await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
    const address = keyServer.address();
    issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const signer =
      ({ privateKey }: typeof ours): typeof sign =>
      (claims, expires = '5m') => {
        const token = new SignJWT({ iss: issuer, aud: audience, sub: 'ann', scope: 'churn:read', ...claims })
          .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
          .setIssuedAt();
        return (expires === null ? token : token.setExpirationTime(expires)).sign(privateKey);
      };
    sign = signer(ours);
    signByAnother = signer(another);
    signWithPublicKey = () =>
      new SignJWT({ iss: issuer, aud: audience, sub: 'ann', scope: 'churn:admin' })
        .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
        .setExpirationTime('5m')
        .sign(Buffer.from(JSON.stringify(jwk)));
  });
  afterAll(() => keyServer.close());

  const access = () => ({
    kind: 'oauth' as const,
    issuer,
    audience,
    jwksUrl: new URL('/.well-known/jwks.json', issuer),
  });

  it('let in the user they were made for; a request without one is told where to get it', async () => {
    const url = await start(access());
    const client = await connectHttp(url, await sign({}));
    expect((await client.callTool({ name: 'list_models', arguments: {} })).isError).toBeFalsy();
    await client.close();
    const metadataUrl = new URL('/.well-known/oauth-protected-resource/mcp', url);
    expect(await (await fetch(metadataUrl)).json()).toEqual({
      resource: new URL('/mcp', url).href,
      authorization_servers: [issuer],
      scopes_supported: ['churn:read', 'churn:train', 'churn:admin', 'churn:ingest'],
      bearer_methods_supported: ['header'],
      resource_name: 'churn-mcp',
    });
    const refused = await postRaw(url, INITIALIZE);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain(`resource_metadata="${metadataUrl.href}"`);
  });

  it('are asked for at the public address, even below the path of a proxy', async () => {
    const url = await start(access(), { publicUrl: new URL('https://example.com/shop/mcp') });
    const refused = await postRaw(url, INITIALIZE);
    const path = '/.well-known/oauth-protected-resource/shop/mcp';
    expect(refused.headers.get('www-authenticate')).toContain(
      `resource_metadata="https://example.com${path}"`,
    );
    const metadata = await fetch(new URL(path, url));
    expect(await metadata.json()).toMatchObject({ resource: 'https://example.com/shop/mcp' });
  });

  it('must name the public address as audience if no other is configured', async () => {
    const url = await start({ ...access(), audience: undefined }, { publicUrl: new URL(audience) });
    expect((await postRaw(url, INITIALIZE, bearer(await sign({})))).status).toBe(200);
    const another = await sign({ aud: 'https://churn.example.com' });
    expect((await postRaw(url, INITIALIZE, bearer(another))).status).toBe(401);
  });

  it.each([
    ['expired', () => sign({}, '-1m')],
    ['without an end', () => sign({}, null)],
    ['for nobody', () => sign({ sub: undefined })],
    ['signed with the public key for a secret', () => signWithPublicKey()],
    ['not valid yet', () => sign({ nbf: Math.floor(Date.now() / 1000) + 600 })],
    ['for another audience', () => sign({ aud: 'https://other.example.com/mcp' })],
    ['of another issuer', () => sign({ iss: 'https://other.example.com' })],
    ['signed by another', () => signByAnother({})],
    ['not a token', async () => 'abc.def.ghi'],
    [
      'signed by nobody',
      async () => {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
        return `${part({ alg: 'none' })}.${part({ iss: issuer, aud: audience, exp: 4e9, scope: 'churn:admin' })}.`;
      },
    ],
  ])('are refused when %s', async (_, make) => {
    const response = await postRaw(await start(access()), INITIALIZE, bearer(await make()));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
  });

  it('are refused without a scope of ours', async () => {
    const response = await postRaw(await start(access()), INITIALIZE, bearer(await sign({ scope: 'email' })));
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toContain('insufficient_scope');
  });

  it.each([
    [{ scope: 'churn:read' }, 'promote_model', 403],
    [{ scope: 'churn:train' }, 'promote_model', 403],
    [{ scope: 'openid churn:admin' }, 'promote_model', 200],
    [{ scope: undefined, scp: ['churn:train'] }, 'train_churn_model', 200],
    [{ scope: 'churn:read' }, 'train_churn_model', 403],
    [{ scope: 'churn:admin' }, 'list_models', 200],
  ])('grant tools by scope: %j calling %s gets %i', async (claims, name, status) => {
    const url = await start(access());
    const headers = bearer(await sign(claims));
    const session = await beginSession(url, headers);
    const call = { jsonrpc: '2.0', id: 5, method: 'tools/call', params: { name, arguments: {} } };
    const response = await postRaw(url, call, { ...headers, 'Mcp-Session-Id': session });
    expect(response.status).toBe(status);
    if (status === 403) {
      expect(response.headers.get('www-authenticate')).toMatch(/insufficient_scope", scope="churn:\w+"/);
    }
  });

  it('open at most the sessions that one principal may have, and leave room for others', async () => {
    const url = await start(access());
    const [ann, bob] = [bearer(await sign({ sub: 'ann' })), bearer(await sign({ sub: 'bob' }))];
    const streams: Response[] = [];
    for (let i = 0; i < 25; i++) {
      const session = await beginSession(url, ann);
      const headers = { ...ann, Accept: 'text/event-stream', 'Mcp-Session-Id': session };
      streams.push(await fetch(new URL('/mcp', url), { headers }));
    }
    const refused = await postRaw(url, INITIALIZE, ann);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    expect((await postRaw(url, INITIALIZE, bob)).status).toBe(200);
    for (const stream of streams) await stream.body?.cancel();
  });

  it('end the stream that they opened when they expire', async () => {
    const url = await start(access());
    const exp = Math.floor(Date.now() / 1000) + 3;
    const session = await beginSession(url, bearer(await sign({})));
    const headers = {
      ...bearer(await sign({ exp }, null)),
      Accept: 'text/event-stream',
      'Mcp-Session-Id': session,
    };
    const stream = await fetch(new URL('/mcp', url), { headers });
    expect(stream.status).toBe(200);
    const ended = stream.text().catch(() => 'cut off');
    expect(await Promise.race([ended, delay(8000, 'still open')])).not.toBe('still open');
    const again = await postRaw(url, PING, { ...bearer(await sign({})), 'Mcp-Session-Id': session });
    expect(again.status).toBe(200);
  });

  it('open sessions that no other principal can use', async () => {
    const url = await start(access());
    const session = await beginSession(url, bearer(await sign({ sub: 'ann' })));
    const asBob = await postRaw(url, PING, {
      ...bearer(await sign({ sub: 'bob' })),
      'Mcp-Session-Id': session,
    });
    expect(asBob.status).toBe(404);
    for (const method of ['GET', 'DELETE']) {
      const headers = { ...bearer(await sign({ sub: 'bob' })), Accept: 'text/event-stream' };
      const asked = await fetch(new URL('/mcp', url), {
        method,
        headers: { ...headers, 'Mcp-Session-Id': session },
      });
      expect(asked.status).toBe(404);
    }
    const asAnn = await postRaw(url, PING, {
      ...bearer(await sign({ sub: 'ann' })),
      'Mcp-Session-Id': session,
    });
    expect(asAnn.status).toBe(200);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['the key server fails', (response) => response.writeHead(503).end()],
    ['it sends something else', (response) => response.end('<html>')],
    ['it sends no keys', (response) => response.end('{"keys": "none"}')],
    ['it hangs up', (response) => response.destroy()],
    ['it sends a body without an end', endless],
    ['it leads elsewhere', (response) => response.writeHead(302, { Location: 'http://127.0.0.1:1' }).end()],
  ])('are answered with a server error, not a refusal, while %s', async (_, answer) => {
    const answerAsUsual = answerKeys;
    answerKeys = answer;
    try {
      const url = await start(access());
      const response = await postRaw(url, INITIALIZE, bearer(await sign({})));
      expect(response.status).toBe(500);
      expect(await response.json()).toEqual({
        error: 'server_error',
        error_description: 'Tokens cannot be checked at the moment',
      });
    } finally {
      answerKeys = answerAsUsual;
    }
  });
});
