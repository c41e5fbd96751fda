import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SignJWT } from 'jose';
import { ChurnMcpError } from '../../errors.ts';
import { type LoginOptions, readLogin } from '../session/connection-settings.ts';
import type { ConnectionChoice } from '../snowflake-config.ts';

/** Snowflake accepts tokens of an hour at most. */
const TOKEN_MINUTES = 55;

/** What Snowflake calls each kind of token. */
type TokenType = 'KEYPAIR_JWT' | 'PROGRAMMATIC_ACCESS_TOKEN' | 'OAUTH';

/** What proves to the REST interface who asks. */
export interface StreamingCredential {
  /** The address of the account. */
  readonly url: URL;
  readonly tokenType: TokenType;
  /** A token that holds now. */
  newToken(now: Date): Promise<string>;
}

/** @throws INVALID_CONFIG if the configured login needs a session, which this interface does not have */
export async function readStreamingCredential(choice: ConnectionChoice): Promise<StreamingCredential> {
  const login = await readLogin(choice);
  const { account = '', accessUrl, authenticator } = login;
  const url = new URL(accessUrl ?? `https://${hostOf(account)}.snowflakecomputing.com`);
  switch (authenticator) {
    case 'SNOWFLAKE_JWT':
      return { url, tokenType: 'KEYPAIR_JWT', newToken: signerOf(login, await privateKeyOf(login)) };
    case 'PROGRAMMATIC_ACCESS_TOKEN':
    case 'OAUTH':
      // Read again, because what writes a token file renews it.
      return { url, tokenType: authenticator, newToken: async () => (await readLogin(choice)).token ?? '' };
    default:
      throw new ChurnMcpError('INVALID_CONFIG', 'Snowpipe Streaming cannot use the configured login.', {
        hint: 'It needs a key pair (CHURN_MCP_SNOWFLAKE_PRIVATE_KEY_FILE), a programmatic access token or an OAuth token (CHURN_MCP_SNOWFLAKE_TOKEN).',
      });
  }
}

/** An underscore cannot be in the name of a host. */
function hostOf(account: string): string {
  return account.toLowerCase().replaceAll('_', '-');
}

async function privateKeyOf({
  privateKey,
  privateKeyPath,
  privateKeyPass,
}: LoginOptions): Promise<KeyObject> {
  try {
    const key = privateKey ?? (await readFile(privateKeyPath ?? '', 'utf8'));
    return createPrivateKey({ key, ...(privateKeyPass !== undefined && { passphrase: privateKeyPass }) });
  } catch (cause) {
    throw new ChurnMcpError('INVALID_CONFIG', 'The private key for Snowflake cannot be read.', {
      hint: 'Name a file in PEM with CHURN_MCP_SNOWFLAKE_PRIVATE_KEY_FILE, and its passphrase if it has one.',
      cause,
    });
  }
}

function signerOf({ account = '', username = '' }: LoginOptions, key: KeyObject) {
  // The name of an account in a region ends with the region, which the token does not have.
  const name = (account.endsWith('.global') ? account.split('-', 1) : account.split('.', 1))[0] ?? account;
  const subject = `${name}.${username}`.toUpperCase();
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const issuer = `${subject}.SHA256:${createHash('sha256').update(publicKey).digest('base64')}`;
  return (now: Date) => {
    const issued = Math.floor(now.getTime() / 1000);
    return new SignJWT()
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(issuer)
      .setSubject(subject)
      .setIssuedAt(issued)
      .setExpirationTime(issued + 60 * TOKEN_MINUTES)
      .sign(key);
  };
}
