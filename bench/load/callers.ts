import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const AUDIENCE = 'https://load.example/mcp';
const SCOPE = 'churn:read churn:train churn:admin churn:ingest';

/** A server of tokens on this machine, so that each session is a caller of its own, as with an OAuth server. */
export interface Callers extends AsyncDisposable {
  /** What the HTTP server needs to take these tokens. */
  readonly env: Readonly<Record<string, string>>;
  tokenOf(name: string): Promise<string>;
}

export async function startCallers(): Promise<Callers> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'load', alg: 'ES256' }] });
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json').end(keys);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${portOf(server.address())}`;
  return {
    env: { CHURN_MCP_OAUTH_ISSUER: issuer, CHURN_MCP_OAUTH_AUDIENCE: AUDIENCE },
    tokenOf: (name) =>
      new SignJWT({ scope: SCOPE })
        .setProtectedHeader({ alg: 'ES256', kid: 'load' })
        .setIssuer(issuer)
        .setAudience(AUDIENCE)
        .setSubject(name)
        .setExpirationTime('6h')
        .sign(privateKey),
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server of tokens has no port');
  return address.port;
}
