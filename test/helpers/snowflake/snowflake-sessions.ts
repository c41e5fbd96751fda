import { createHash, createPublicKey, randomUUID } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { jwtVerify } from 'jose';
import { z } from 'zod';
import type { SnowflakeDatabase } from './snowflake-database.ts';

export const ACCOUNT = 'testaccount';
export const USER = 'ANALYST';

/** How one may log in. */
export interface SnowflakeUser {
  readonly password?: string;
  /** PEM of the public key that the user was given. */
  readonly publicKey?: string;
  readonly programmaticToken?: string;
  readonly oauthToken?: string;
}

/** What the protocol answers where something is refused: still status 200. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface SnowflakeSession {
  readonly id: number;
  token: string;
  masterToken: string;
  /** The parameters that the session was opened with. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly connection: DuckDBConnection;
  /** Statements of a session take turns: they share a connection. */
  turn: Promise<unknown>;
}

const loginSchema = z.object({
  data: z.object({
    ACCOUNT_NAME: z.string(),
    LOGIN_NAME: z.string().optional(),
    PASSWORD: z.string().optional(),
    AUTHENTICATOR: z.string().optional(),
    TOKEN: z.string().optional(),
    CLIENT_ENVIRONMENT: z.record(z.string(), z.unknown()).optional(),
    SESSION_PARAMETERS: z.record(z.string(), z.unknown()).optional(),
  }),
});

const SESSION_EXPIRED = '390112';
const SESSION_GONE = '390111';
const MASTER_TOKEN_EXPIRED = '390114';

/** Opens sessions for a client that proves to be the user, renews their tokens and ends them. */
export class SnowflakeSessions {
  readonly #database: SnowflakeDatabase;
  readonly #user: SnowflakeUser;
  readonly #sessions = new Map<number, SnowflakeSession>();
  readonly #expired = new Set<string>();
  #lastId = 0;

  constructor(database: SnowflakeDatabase, user: SnowflakeUser) {
    this.#database = database;
    this.#user = user;
  }

  get open(): number {
    return this.#sessions.size;
  }

  async login(body: unknown): Promise<SnowflakeSession> {
    const { data } = loginSchema.parse(body);
    if (!(await this.#isUser(data)))
      throw new Refusal('390100', 'Incorrect username or password was specified.');
    const session: SnowflakeSession = {
      id: ++this.#lastId,
      token: randomUUID(),
      masterToken: randomUUID(),
      parameters: data.SESSION_PARAMETERS ?? {},
      connection: await this.#database.connect(),
      turn: Promise.resolve(),
    };
    this.#sessions.set(session.id, session);
    return session;
  }

  /** The session that a request belongs to, by its token. */
  authorize(header: string | undefined): SnowflakeSession {
    const token = tokenOf(header);
    if (token !== undefined && this.#expired.has(token)) {
      throw new Refusal(SESSION_EXPIRED, 'Session token has expired.');
    }
    const session = [...this.#sessions.values()].find((candidate) => candidate.token === token);
    if (session === undefined)
      throw new Refusal(SESSION_GONE, 'Session no longer exists. New login required.');
    return session;
  }

  renew(header: string | undefined): SnowflakeSession {
    const token = tokenOf(header);
    const session = [...this.#sessions.values()].find((candidate) => candidate.masterToken === token);
    if (session === undefined) {
      throw new Refusal(
        MASTER_TOKEN_EXPIRED,
        'Authentication token has expired. The user must authenticate again.',
      );
    }
    session.token = randomUUID();
    return session;
  }

  /** From now on the session's token is refused until it is renewed. */
  expireTokens(): void {
    for (const session of this.#sessions.values()) this.#expired.add(session.token);
  }

  /** As after hours without a word: neither token is known any more, and temporary tables are gone. */
  endAll(): void {
    for (const session of this.#sessions.values()) {
      this.#expired.add(session.token);
      this.#close(session);
    }
  }

  end(session: SnowflakeSession): void {
    this.#close(session);
  }

  #close(session: SnowflakeSession): void {
    this.#sessions.delete(session.id);
    void session.turn.finally(() => session.connection.closeSync()).catch(() => undefined);
  }

  /** Whether a token of the REST interface proves to be the user. */
  async proves(tokenType: string | undefined, token: string): Promise<boolean> {
    if (tokenType === 'KEYPAIR_JWT') return await this.#holdsKey(token);
    if (tokenType === 'PROGRAMMATIC_ACCESS_TOKEN') return token === this.#user.programmaticToken;
    return tokenType === 'OAUTH' && token === this.#user.oauthToken;
  }

  async #isUser(data: z.output<typeof loginSchema>['data']): Promise<boolean> {
    if (data.ACCOUNT_NAME.toLowerCase() !== ACCOUNT) return false;
    switch (data.AUTHENTICATOR) {
      case 'SNOWFLAKE_JWT':
        return this.#holdsKey(data.TOKEN ?? '');
      case 'PROGRAMMATIC_ACCESS_TOKEN':
        return data.TOKEN !== undefined && data.TOKEN === this.#user.programmaticToken;
      case 'OAUTH':
        return data.TOKEN !== undefined && data.TOKEN === this.#user.oauthToken;
      default:
        return (
          data.LOGIN_NAME?.toUpperCase() === USER &&
          data.PASSWORD !== undefined &&
          data.PASSWORD === this.#user.password
        );
    }
  }

  /** A token of the key pair is signed by the private key and names the public one by its SHA-256. */
  async #holdsKey(token: string): Promise<boolean> {
    if (this.#user.publicKey === undefined) return false;
    const key = createPublicKey(this.#user.publicKey);
    const fingerprint = createHash('sha256')
      .update(key.export({ type: 'spki', format: 'der' }))
      .digest('base64');
    const subject = `${ACCOUNT.toUpperCase()}.${USER}`;
    return jwtVerify(token, key, { issuer: `${subject}.SHA256:${fingerprint}`, subject }).then(
      () => true,
      () => false,
    );
  }
}

function tokenOf(header: string | undefined): string | undefined {
  return /^Snowflake Token="([^"]+)"$/.exec(header ?? '')?.[1];
}
