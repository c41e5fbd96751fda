import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions } from 'snowflake-sdk';
import { z } from 'zod';
import { isMistyped } from '../../did-you-mean.ts';
import { quoted } from '../../text/quoted.ts';
import { THIS_MACHINE } from '../../this-machine.ts';
import type { Authenticator, ConnectionChoice, DirectLogin, MoreOfLogin } from '../snowflake-config.ts';
import { invalid, readConnections, readMountedToken, readToken } from './connection-files.ts';

/** The settings of a login, as the driver takes them. */
export type LoginOptions = Pick<
  ConnectionOptions,
  | 'account'
  | 'username'
  | 'authenticator'
  | 'password'
  | 'token'
  | 'privateKey'
  | 'privateKeyPath'
  | 'privateKeyPass'
  | 'role'
  | 'warehouse'
  | 'accessUrl'
> & { readonly [Key in Exclude<keyof MoreOfLogin, 'oktaUrl'>]?: NonNullable<MoreOfLogin[Key]> };

const AUTHENTICATOR_OF: Readonly<Record<string, Authenticator>> = {
  snowflake: 'password',
  snowflake_jwt: 'key_pair',
  programmatic_access_token: 'programmatic_access_token',
  oauth: 'oauth',
  externalbrowser: 'external_browser',
  oauth_client_credentials: 'oauth_client_credentials',
  oauth_authorization_code: 'oauth_authorization_code',
  workload_identity: 'workload_identity',
  username_password_mfa: 'password_and_passcode',
};

const DRIVER_NAME: Readonly<Record<Authenticator, string>> = {
  password: 'SNOWFLAKE',
  key_pair: 'SNOWFLAKE_JWT',
  programmatic_access_token: 'PROGRAMMATIC_ACCESS_TOKEN',
  oauth: 'OAUTH',
  external_browser: 'EXTERNALBROWSER',
  oauth_client_credentials: 'OAUTH_CLIENT_CREDENTIALS',
  oauth_authorization_code: 'OAUTH_AUTHORIZATION_CODE',
  workload_identity: 'WORKLOAD_IDENTITY',
  password_and_passcode: 'USERNAME_PASSWORD_MFA',
  // Its address takes the place of a name.
  okta: '',
};

/** The setting that each way of logging in requires. */
const NEEDS: Readonly<Record<Authenticator, readonly (keyof DirectLogin | keyof MoreOfLogin)[]>> = {
  password: ['user', 'password'],
  key_pair: ['user'],
  programmatic_access_token: ['token'],
  oauth: ['token'],
  external_browser: ['user'],
  oauth_client_credentials: ['oauthClientId', 'oauthClientSecret', 'oauthTokenRequestUrl'],
  oauth_authorization_code: [],
  workload_identity: ['workloadIdentityProvider'],
  password_and_passcode: ['user', 'password'],
  okta: ['user', 'password'],
};

const WITH_PASSWORD: readonly Authenticator[] = ['password', 'password_and_passcode', 'okta'];

const text = z.string().min(1).max(65_536);

/**
 * What is read of a section. Snowflake's own tools have many more keys, for timeouts, logs and the like, which do not say how to
 * log in.
 */
const sectionSchema = z.object({
  account: text,
  user: text.optional(),
  username: text.optional(),
  authenticator: text.optional(),
  password: text.optional(),
  token: text.optional(),
  token_file_path: text.optional(),
  /** The key itself, in PEM. */
  private_key_raw: text.optional(),
  private_key_file: text.optional(),
  private_key_path: text.optional(),
  private_key_file_pwd: text.optional(),
  private_key_passphrase: text.optional(),
  oauth_client_id: text.optional(),
  oauth_client_secret: text.optional(),
  oauth_token_request_url: z.url({ protocol: /^https$/ }).optional(),
  oauth_authorization_url: z.url({ protocol: /^https$/ }).optional(),
  oauth_redirect_uri: text.optional(),
  oauth_scope: text.optional(),
  workload_identity_provider: z.enum(['AWS', 'AZURE', 'GCP', 'OIDC']).optional(),
  passcode: text.optional(),
  role: text.optional(),
  warehouse: text.optional(),
  // Tables are named by CHURN_MCP_SNOWFLAKE_…, so that one connection serves several shops.
  database: text.optional(),
  schema: text.optional(),
  host: text.optional(),
  port: z.number().int().min(1).max(65_535).optional(),
  protocol: z.enum(['http', 'https']).optional(),
});

/** Reads the configured connection, and says how to log in. @throws INVALID_CONFIG, without a secret in it */
export async function readLogin(choice: ConnectionChoice): Promise<LoginOptions> {
  const login =
    choice.kind === 'direct' ? await withToken(choice.login) : await readSection(choice.name, choice.folder);
  const known: Readonly<Record<string, unknown>> = { ...login, ...login.more };
  const missing = NEEDS[login.authenticator].find((key) => known[key] === undefined) ?? missingKeyOf(login);
  if (missing !== undefined) {
    throw invalid(
      `Logging in to Snowflake by ${login.authenticator.replaceAll('_', ' ')} needs another setting.`,
      `Set the ${missing.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}.`,
    );
  }
  if (login.url !== undefined && !isSafe(new URL(login.url))) {
    throw invalid(
      'The address of Snowflake is not encrypted.',
      'Use https; http is allowed only for a server on this machine.',
    );
  }
  return driverOptions(login);
}

async function withToken(login: DirectLogin): Promise<DirectLogin> {
  if (login.tokenFile === undefined || login.token !== undefined) return login;
  return { ...login, token: await readMountedToken(login.tokenFile) };
}

function missingKeyOf({ authenticator, privateKey, privateKeyFile }: DirectLogin): string | undefined {
  const isMissing = authenticator === 'key_pair' && (privateKey ?? privateKeyFile) === undefined;
  return isMissing ? 'file of the private key' : undefined;
}

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || THIS_MACHINE.includes(hostname);
}

function driverOptions(login: DirectLogin): LoginOptions {
  const { authenticator, privateKey, privateKeyFile, privateKeyPassphrase, user, password, token } = login;
  return {
    account: login.account,
    authenticator: login.more?.oktaUrl ?? DRIVER_NAME[authenticator],
    ...driverOptionsOf(login.more ?? {}),
    ...(user !== undefined && { username: user }),
    ...(WITH_PASSWORD.includes(authenticator) && password !== undefined && { password }),
    ...(token !== undefined && { token }),
    ...(authenticator === 'key_pair' && privateKeyFile !== undefined && { privateKeyPath: privateKeyFile }),
    ...(authenticator === 'key_pair' && privateKey !== undefined && { privateKey }),
    ...(privateKeyPassphrase !== undefined && { privateKeyPass: privateKeyPassphrase }),
    ...(login.role !== undefined && { role: login.role }),
    ...(login.warehouse !== undefined && { warehouse: login.warehouse }),
    ...(login.url !== undefined && { accessUrl: login.url }),
  };
}

function driverOptionsOf(more: MoreOfLogin) {
  const { oauthClientId, oauthClientSecret, oauthTokenRequestUrl, oauthAuthorizationUrl } = more;
  const { oauthRedirectUri, oauthScope, workloadIdentityProvider, passcode } = more;
  return {
    ...(oauthClientId !== undefined && { oauthClientId }),
    ...(oauthClientSecret !== undefined && { oauthClientSecret }),
    ...(oauthTokenRequestUrl !== undefined && { oauthTokenRequestUrl }),
    ...(oauthAuthorizationUrl !== undefined && { oauthAuthorizationUrl }),
    ...(oauthRedirectUri !== undefined && { oauthRedirectUri }),
    ...(oauthScope !== undefined && { oauthScope }),
    ...(workloadIdentityProvider !== undefined && { workloadIdentityProvider }),
    ...(passcode !== undefined && { passcode }),
  };
}

async function readSection(name: string, folder: string | undefined): Promise<DirectLogin> {
  const { file, sections } = await readConnections(folder ?? join(homedir(), '.snowflake'));
  const found = Object.hasOwn(sections, name) ? sections[name] : undefined;
  if (found === undefined) {
    const known = Object.keys(sections).join(', ') || 'none';
    throw invalid(`${file} has no connection ${quoted(name)}.`, `Connections there: ${known}.`);
  }
  const mistyped = mistypedKey(found);
  const parsed = sectionSchema.safeParse(found);
  if (!parsed.success || mistyped !== undefined) {
    const key = mistyped ?? String(parsed.error?.issues[0].path[0] ?? '');
    throw invalid(
      `The connection ${quoted(name)} of ${file} cannot be used as it is.`,
      key === '' ? 'It must be a section of keys and values.' : `Correct or remove its key ${key}.`,
    );
  }
  return loginOf(name, parsed.data);
}

/** A key that is nearly one that is read: `passwrod`. Others are for other tools. */
function mistypedKey(section: unknown): string | undefined {
  if (typeof section !== 'object' || section === null) return undefined;
  const known = Object.keys(sectionSchema.shape);
  return Object.keys(section).find((key) => !known.includes(key) && isMistyped(key, known));
}

async function loginOf(name: string, section: z.output<typeof sectionSchema>): Promise<DirectLogin> {
  const privateKeyFile = section.private_key_file ?? section.private_key_path;
  const token = section.token ?? (section.token_file_path && (await readToken(section.token_file_path)));
  return {
    account: section.account,
    user: section.user ?? section.username,
    authenticator: authenticatorOf(
      name,
      section.authenticator,
      privateKeyFile ?? section.private_key_raw,
      token,
    ),
    password: section.password,
    token,
    privateKey: section.private_key_raw,
    privateKeyFile,
    privateKeyPassphrase: section.private_key_file_pwd ?? section.private_key_passphrase,
    role: section.role,
    warehouse: section.warehouse,
    url: urlOf(section),
    more: {
      oauthClientId: section.oauth_client_id,
      oauthClientSecret: section.oauth_client_secret,
      oauthTokenRequestUrl: section.oauth_token_request_url,
      oauthAuthorizationUrl: section.oauth_authorization_url,
      oauthRedirectUri: section.oauth_redirect_uri,
      oauthScope: section.oauth_scope,
      workloadIdentityProvider: section.workload_identity_provider,
      passcode: section.passcode,
      oktaUrl: oktaUrlOf(section.authenticator),
    },
  };
}

/** An authenticator that is an address is the shop's Okta. */
function oktaUrlOf(authenticator: string | undefined): string | undefined {
  return authenticator !== undefined && /^https:\/\/[\w.-]+(?:\/[\w./-]*)?$/.test(authenticator)
    ? authenticator
    : undefined;
}

function authenticatorOf(
  name: string,
  written: string | undefined,
  privateKey: string | undefined,
  token: string | undefined,
): Authenticator {
  if (written === undefined) {
    if (privateKey !== undefined) return 'key_pair';
    return token === undefined ? 'password' : 'programmatic_access_token';
  }
  const authenticator =
    oktaUrlOf(written) === undefined ? AUTHENTICATOR_OF[written.toLowerCase()] : ('okta' as const);
  if (authenticator === undefined) {
    throw invalid(
      `The connection ${quoted(name)} of connections.toml has an authenticator that is not supported.`,
      `Supported are ${Object.keys(AUTHENTICATOR_OF).join(', ')}, and the https address of an Okta.`,
    );
  }
  return authenticator;
}

function urlOf({ host, port, protocol = 'https' }: z.output<typeof sectionSchema>): string | undefined {
  if (host === undefined) return undefined;
  return `${protocol}://${host}${port === undefined ? '' : `:${port}`}`;
}
