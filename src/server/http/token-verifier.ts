/** Checks a bearer token, and says what it grants: one secret for all callers, or tokens of an OAuth server. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { InvalidTokenError, ServerError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import type { OAuthTokenVerifier } from '@modelcontextprotocol/sdk/server/auth/provider.js';
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js';
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Access } from '../../http-config.ts';
import { INGEST_SCOPE, isGranted, SCOPES } from '../../mcp/tool.ts';
import type { ServerLog } from '../server-log.ts';
import { fetchBounded } from './bounded-fetch.ts';

/** The middleware requires an expiry. A secret never expires, so this is always an hour from now. */
const SECRET_LASTS_S = 3600;
/** Seconds of tolerance, because clocks differ. */
const CLOCK_TOLERANCE_S = 5;
const JWKS_TIMEOUT_MS = 5000;
/** Only public-key signatures: a key set that anybody can read must never be used as a shared secret. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'],
  // The same algorithm under its old and its new name.
  ...['EdDSA', 'Ed25519'],
];

/** Undefined if callers send no tokens. `resource` is the server's own address, which tokens must be made for. */
export function createTokenVerifier(
  access: Access,
  resource: URL,
  log: ServerLog,
): OAuthTokenVerifier | undefined {
  switch (access.kind) {
    case 'open':
    case 'snowflake':
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
      // Digests have equal length, so the comparison does not reveal the length of the secret.
      if (!timingSafeEqual(digest(token), expected)) throw new InvalidTokenError('The token is not valid');
      return {
        token,
        clientId: 'token',
        scopes: [...SCOPES, INGEST_SCOPE],
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

/** Errors caused by the token itself. Any other error happened while reading the keys. */
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
    return new InvalidTokenError(`The token's claim ${error.claim} has a wrong value`);
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

/** The principal and our scopes among those granted; each includes the lower ones. Servers use several claims for both. */
function claimsOf(payload: JWTPayload): Pick<AuthInfo, 'clientId' | 'scopes'> {
  const parsed = claimsSchema.safeParse(payload);
  if (!parsed.success) throw new InvalidTokenError('The token is not valid');
  const { sub, client_id, azp, scope = '', scp = [] } = parsed.data;
  const client = client_id ?? azp;
  // Otherwise all callers whose tokens name no subject would be one principal and could use each other's sessions.
  if (sub === undefined && client === undefined) throw new InvalidTokenError('The token names no subject');
  const granted = [...scope.split(' '), ...(typeof scp === 'string' ? scp.split(' ') : scp)];
  return {
    clientId: JSON.stringify([sub ?? null, client ?? null]),
    scopes: [
      ...SCOPES.filter((wanted) => isGranted(granted, wanted)),
      ...(granted.includes(INGEST_SCOPE) ? [INGEST_SCOPE] : []),
    ],
  };
}
