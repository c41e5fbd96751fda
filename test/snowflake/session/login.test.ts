import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readLogin } from '../../../src/snowflake/session/connection-settings.ts';
import type { SnowflakeSettings } from '../../../src/snowflake/snowflake-config.ts';
import { openSnowflake } from '../../../src/snowflake/source/snowflake-provider.ts';
import { makeSnapshot, newTestHome, type TestSnapshot } from '../../helpers/snapshot.ts';
import { snapshotFile, snowflakeConfig } from '../../helpers/snowflake/snowflake-shop.ts';
import { TestSnowflake } from '../../helpers/snowflake/test-snowflake.ts';

const PASSPHRASE = 'open sesame';
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE },
});
const user = {
  password: 'correct horse',
  publicKey,
  programmaticToken: 'pat-secret',
  oauthToken: 'oauth-secret',
};

let snapshot: TestSnapshot;
let testServer: TestSnowflake;
let folder: string;
let keyFile: string;
let mountedToken: string;

beforeAll(async () => {
  snapshot = await makeSnapshot({
    orders: [{ order_id: 'a', customer_id: 1, order_date: '2024-02-29', total_amount: 1 }],
  });
  testServer = await TestSnowflake.start({ user, snapshot: snapshotFile(snapshot) });
  folder = await newTestHome();
  keyFile = join(folder, 'key.p8');
  await writeFile(keyFile, privateKey, { mode: 0o600 });
  mountedToken = join(folder, 'token');
  await writeFile(mountedToken, 'oauth-secret\n');
  await chmod(mountedToken, 0o644);
});

afterAll(async () => {
  await testServer[Symbol.asyncDispose]();
  await snapshot[Symbol.asyncDispose]();
});

async function ordersAsSeenBy(settings: Partial<SnowflakeSettings>): Promise<number> {
  await using provider = openSnowflake(snowflakeConfig(testServer, { password: undefined, ...settings }));
  return (await (await provider.current()).summary()).orders;
}

async function writeConnections(
  text: string,
  { mode = 0o600, name = 'connections.toml' }: { mode?: number | undefined; name?: string } = {},
): Promise<string> {
  const home = join(folder, String(Math.random()).slice(2));
  await mkdir(home);
  const file = join(home, name);
  await writeFile(file, text);
  // Not as a file is made: the process may keep new files from other users.
  await chmod(file, mode);
  return home;
}

const named = (connectionsFolder: string) => ({
  account: undefined,
  user: undefined,
  connection: 'shop',
  connectionsFolder,
});

describe('logging in', () => {
  it.each<[string, () => Partial<SnowflakeSettings>]>([
    ['a password', () => ({ password: 'correct horse' })],
    ['a key pair', () => ({ privateKeyFile: keyFile, privateKeyPassphrase: PASSPHRASE })],
    ['a programmatic token', () => ({ token: 'pat-secret' })],
    ['OAuth', () => ({ authenticator: 'oauth', token: 'oauth-secret' })],
    ['a token in a mounted file', () => ({ authenticator: 'oauth', tokenFile: mountedToken })],
  ])('works with %s', async (_, settings) => {
    expect(await ordersAsSeenBy(settings())).toBe(1);
  });

  it.each<[string, () => Partial<SnowflakeSettings>]>([
    ['a password', () => ({ password: 'wrong' })],
    ['a programmatic token', () => ({ token: 'wrong' })],
    ['OAuth', () => ({ authenticator: 'oauth', token: 'pat-secret' })],
    ['a passphrase', () => ({ privateKeyFile: keyFile, privateKeyPassphrase: 'wrong' })],
    ['a key', () => ({ privateKeyFile: join(folder, 'missing.p8') })],
  ])('fails with wrong credentials: %s', async (_, settings) => {
    await expect(ordersAsSeenBy(settings())).rejects.toMatchObject({
      code: 'SNOWFLAKE_LOGIN',
      message: 'Snowflake refused the login.',
    });
  });

  it('works with a section of connections.toml', async () => {
    const home = await writeConnections(`
      [shop]
      account = "testaccount"
      user = "analyst"
      authenticator = "SNOWFLAKE_JWT"
      private_key_file = "${keyFile}"
      private_key_file_pwd = "${PASSPHRASE}"
      host = "127.0.0.1"
      port = ${testServer.port}
      protocol = "http"
      database = "AUTOMATED_INTELLIGENCE"`);
    expect(await ordersAsSeenBy({ ...named(home), url: undefined })).toBe(1);
  });

  it.each([
    [
      [
        'authenticator = "OAUTH_CLIENT_CREDENTIALS"',
        'oauth_client_id = "me"',
        'oauth_client_secret = "hush"',
        'oauth_token_request_url = "https://login.example.com/token"',
        'oauth_scope = "session:role:ANALYST"',
      ],
      {
        authenticator: 'OAUTH_CLIENT_CREDENTIALS',
        oauthClientId: 'me',
        oauthClientSecret: 'hush',
        oauthTokenRequestUrl: 'https://login.example.com/token',
        oauthScope: 'session:role:ANALYST',
      },
    ],
    [['authenticator = "oauth_authorization_code"'], { authenticator: 'OAUTH_AUTHORIZATION_CODE' }],
    [
      ['authenticator = "WORKLOAD_IDENTITY"', 'workload_identity_provider = "AWS"'],
      { authenticator: 'WORKLOAD_IDENTITY', workloadIdentityProvider: 'AWS' },
    ],
    [
      ['authenticator = "username_password_mfa"', 'user = "me"', 'password = "p"', 'passcode = "123456"'],
      { authenticator: 'USERNAME_PASSWORD_MFA', username: 'me', password: 'p', passcode: '123456' },
    ],
    [
      ['authenticator = "https://shop.okta.com"', 'user = "me"', 'password = "p"'],
      { authenticator: 'https://shop.okta.com', username: 'me', password: 'p' },
    ],
  ])('hands what a section says to the driver: %j', async (lines, expected) => {
    const home = await writeConnections(['[shop]', 'account = "a"', ...lines].join('\n'));
    const { connection } = snowflakeConfig(testServer, {
      ...named(home),
      url: undefined,
      password: undefined,
    });
    expect(await readLogin(connection)).toEqual({ account: 'a', ...expected });
  });

  it.each([
    [
      ['authenticator = "OAUTH_CLIENT_CREDENTIALS"', 'oauth_client_id = "me"'],
      'Set the oauth_client_secret.',
    ],
    [['authenticator = "WORKLOAD_IDENTITY"'], 'Set the workload_identity_provider.'],
    [['authenticator = "http://shop.okta.com"', 'user = "me"'], 'Supported are'],
    [
      ['oauth_token_request_url = "http://login.example.com"'],
      'Correct or remove its key oauth_token_request_url.',
    ],
  ])('says what a section lacks: %j', async (lines, says) => {
    const home = await writeConnections(['[shop]', 'account = "a"', ...lines].join('\n'));
    const { connection } = snowflakeConfig(testServer, {
      ...named(home),
      url: undefined,
      password: undefined,
    });
    await expect(readLogin(connection)).rejects.toMatchObject({ hint: expect.stringContaining(says) });
  });

  it('works with the key itself in the config.toml of Snowflake’s command line, whatever else that sets', async () => {
    const home = await writeConnections(
      `
      default_connection_name = "shop"
      [cli.logs]
      save_logs = true
      [connections.shop]
      account = "testaccount"
      user = "analyst"
      private_key_raw = """${privateKey}"""
      private_key_passphrase = "${PASSPHRASE}"
      region = "eu-central-1"
      client_session_keep_alive = true
      login_timeout = 30
      host = "127.0.0.1"
      port = ${testServer.port}
      protocol = "http"`,
      { name: 'config.toml' },
    );
    expect(await ordersAsSeenBy({ ...named(home), url: undefined })).toBe(1);
  });
});

describe('connections.toml', () => {
  const refusal = async (text: string, mode?: number) => {
    const home = await writeConnections(text, { mode });
    const error: unknown = await readLogin({ kind: 'named', name: 'shop', folder: home }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const { code, message, hint } = z
      .object({ code: z.string(), message: z.string(), hint: z.string() })
      .parse(error);
    expect(code).toBe('INVALID_CONFIG');
    return `${message} ${hint}`;
  };

  it('names what is wrong with it, and no secret', async () => {
    expect([
      await refusal('[other]\naccount = "a"'),
      await refusal('[shop]\naccount = "a"\npasswrod = "secret"'),
      await refusal('[shop]\nuser = "secret"'),
      await refusal('[shop]\naccount = "a"\nuser = "u"'),
      await refusal('[shop]\naccount = "a"\nauthenticator = "ID_TOKEN"'),
      await refusal('[shop]\naccount = "a'),
      await refusal('shop = 5'),
      await refusal('[shop]\naccount = "a"\ntoken = "t"\nhost = "example.com"\nprotocol = "http"'),
      await refusal('[shop]\naccount = "a"\nauthenticator = "oauth"\ntoken_file_path = "token"'),
    ]).toMatchInlineSnapshot(`
      [
        "connections.toml has no connection "shop". Connections there: other.",
        "The connection "shop" of connections.toml cannot be used as it is. Correct or remove its key passwrod.",
        "The connection "shop" of connections.toml cannot be used as it is. Correct or remove its key account.",
        "Logging in to Snowflake by password needs another setting. Set the password.",
        "The connection "shop" of connections.toml has an authenticator that is not supported. Supported are snowflake, snowflake_jwt, programmatic_access_token, oauth, externalbrowser, oauth_client_credentials, oauth_authorization_code, workload_identity, username_password_mfa, and the https address of an Okta.",
        "connections.toml is not valid TOML. Correct the file. Other tools of Snowflake read it too.",
        "The connection "shop" of connections.toml cannot be used as it is. It must be a section of keys and values.",
        "The address of Snowflake is not encrypted. Use https; http is allowed only for a server on this machine.",
        "The path of the connection’s token file is not absolute. Write the whole path of the file.",
      ]
    `);
  });

  it.skipIf(process.platform === 'win32')('must be readable by its owner alone', async () => {
    expect(await refusal('[shop]\naccount = "a"', 0o644)).toBe(
      'Other users of this machine can read connections.toml. Let only yourself read it: chmod 600',
    );
  });

  it('may be missing', async () => {
    await expect(readLogin({ kind: 'named', name: 'shop', folder: join(folder, 'nowhere') })).rejects.toThrow(
      'connections.toml cannot be read.',
    );
  });
});
