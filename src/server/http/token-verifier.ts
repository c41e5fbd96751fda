/** Whether a bearer token is good, and what it grants: one secret for all, or tokens of an OAuth server. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { InvalidTokenError, ServerError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import type { OAuthTokenVerifier } from '@modelcontextprotocol/sdk/server/auth/provider.js';
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js';
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Access } from '../../http-config.ts';
import { isGranted, SCOPES } from '../../mcp/tool.ts';
import type { ServerLog } from '../server-log.ts';
import { fetchBounded } from './bounded-fetch.ts';

/** The middleware wants an end of every token; a secret has none, so it is always an hour away. */
const SECRET_LASTS_S = 3600;
/** Clocks differ. */
const CLOCK_TOLERANCE_S = 5;
const JWKS_TIMEOUT_MS = 5000;
/** Signatures by public keys only: a key set that anybody may read must never serve as a shared secret. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'],
  // The same signature, by its old name and its new one.
  ...['EdDSA', 'Ed25519'],
];

/** Undefined where callers are not told apart. `resource` is the server's own address, which tokens must be for. */
export function createTokenVerifier(
  access: Access,
  resource: URL,
  log: ServerLog,
): OAuthTokenVerifier | undefined {
  switch (access.kind) {
    case 'open':
      return undefined;
    case 'token':
      return secretVerifier(access.token);
    case 'oauth':
      return jwtVerifier(access, resource, log);
  }
}

function secretVerifier(secret: string): OAuthTokenVerifier {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(secret);
  return {
    async verifyAccessToken(token): Promise<AuthInfo> {
      // Digests are of one length, so that the comparison tells nothing of the secret's.
      if (!timingSafeEqual(digest(token), expected)) throw new InvalidTokenError('The token is not valid');
      return {
        token,
        clientId: 'token',
        scopes: [...SCOPES],
        expiresAt: Math.floor(Date.now() / 1000) + SECRET_LASTS_S,
      };
    },
  };
}

function jwtVerifier(
  { issuer, audience, jwksUrl }: Access & { kind: 'oauth' },
  resource: URL,
  log: ServerLog,
): OAuthTokenVerifier {
  const keys = createRemoteJWKSet(jwksUrl, { timeoutDuration: JWKS_TIMEOUT_MS, [customFetch]: fetchBounded });
  const expected = {
    issuer,
    audience: audience ?? resource.href,
    algorithms: ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE_S,
    requiredClaims: ['exp'],
  };
  return {
    async verifyAccessToken(token): Promise<AuthInfo> {
      const { payload } = await jwtVerify(token, keys, expected).catch((error: unknown) => {
        throw refusalOf(error, log);
      });
      const { clientId, scopes } = claimsOf(payload);
      return { token, clientId, scopes, expiresAt: payload.exp ?? 0, resource };
    },
  };
}

/** What a token can be blamed for. Whatever else fails, failed on the way to the keys. */
const TOKENS_FAULTS = [
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

function refusalOf(error: unknown, log: ServerLog): InvalidTokenError | ServerError {
  if (error instanceof errors.JWTExpired) return new InvalidTokenError('The token has expired');
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new InvalidTokenError(`The token's claim ${error.claim} is not the one expected`);
  }
  if (TOKENS_FAULTS.some((fault) => error instanceof fault)) {
    return new InvalidTokenError('The token is not valid');
  }
  log.error('the keys of the OAuth server cannot be read', {
    cause: error instanceof Error ? error.message : String(error),
  });
  return new ServerError('Tokens cannot be checked at the moment');
}

const claimsSchema = z.looseObject({
  sub: z.string().max(1000).optional(),
  client_id: z.string().max(1000).optional(),
  azp: z.string().max(1000).optional(),
  scope: z.string().max(10_000).optional(),
  scp: z.union([z.string().max(10_000), z.array(z.string().max(1000)).max(1000)]).optional(),
});

/** Who it is, and our scopes among those granted; each includes those below. Servers spell both in several ways. */
function claimsOf(payload: JWTPayload): Pick<AuthInfo, 'clientId' | 'scopes'> {
  const parsed = claimsSchema.safeParse(payload);
  if (!parsed.success) throw new InvalidTokenError('The token is not valid');
  const { sub, client_id, azp, scope = '', scp = [] } = parsed.data;
  const client = client_id ?? azp;
  // Else all whose tokens name nobody would be one caller, with one another's sessions.
  if (sub === undefined && client === undefined) throw new InvalidTokenError('The token names nobody');
  const granted = [...scope.split(' '), ...(typeof scp === 'string' ? scp.split(' ') : scp)];
  return {
    clientId: JSON.stringify([sub ?? null, client ?? null]),
    scopes: SCOPES.filter((wanted) => isGranted(granted, wanted)),
  };
}
