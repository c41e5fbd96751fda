import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { ConnectionOptions } from 'snowflake-sdk';
import { z } from 'zod';
import { isMistyped } from '../../did-you-mean.ts';
import { ChurnMcpError } from '../../errors.ts';
import { exists } from '../../files/durable-files.ts';
import { quoted } from '../../text/quoted.ts';
import type { Authenticator, ConnectionChoice, DirectLogin } from '../snowflake-config.ts';

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
>;

const AUTHENTICATOR_OF: Readonly<Record<string, Authenticator>> = {
  snowflake: 'password',
  snowflake_jwt: 'key_pair',
  programmatic_access_token: 'programmatic_access_token',
  oauth: 'oauth',
  externalbrowser: 'external_browser',
};

const DRIVER_NAME: Readonly<Record<Authenticator, string>> = {
  password: 'SNOWFLAKE',
  key_pair: 'SNOWFLAKE_JWT',
  programmatic_access_token: 'PROGRAMMATIC_ACCESS_TOKEN',
  oauth: 'OAUTH',
  external_browser: 'EXTERNALBROWSER',
};

/** The setting that each way of logging in requires. */
const NEEDS: Readonly<Record<Authenticator, readonly (keyof DirectLogin)[]>> = {
  password: ['user', 'password'],
  key_pair: ['user'],
  programmatic_access_token: ['token'],
  oauth: ['token'],
  external_browser: ['user'],
};

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
  const login = choice.kind === 'direct' ? choice.login : await readSection(choice.name, choice.folder);
  const missing = NEEDS[login.authenticator].find((key) => login[key] === undefined) ?? missingKeyOf(login);
  if (missing !== undefined) {
    throw invalid(
      `Logging in to Snowflake by ${login.authenticator.replaceAll('_', ' ')} needs another setting.`,
      `Set the ${missing}.`,
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

function missingKeyOf({ authenticator, privateKey, privateKeyFile }: DirectLogin): string | undefined {
  const isMissing = authenticator === 'key_pair' && (privateKey ?? privateKeyFile) === undefined;
  return isMissing ? 'file of the private key' : undefined;
}

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

function driverOptions(login: DirectLogin): LoginOptions {
  const { authenticator, privateKey, privateKeyFile, privateKeyPassphrase, user, password, token } = login;
  return {
    account: login.account,
    authenticator: DRIVER_NAME[authenticator],
    ...(user !== undefined && { username: user }),
    ...(authenticator === 'password' && password !== undefined && { password }),
    ...(token !== undefined && { token }),
    ...(authenticator === 'key_pair' && privateKeyFile !== undefined && { privateKeyPath: privateKeyFile }),
    ...(authenticator === 'key_pair' && privateKey !== undefined && { privateKey }),
    ...(privateKeyPassphrase !== undefined && { privateKeyPass: privateKeyPassphrase }),
    ...(login.role !== undefined && { role: login.role }),
    ...(login.warehouse !== undefined && { warehouse: login.warehouse }),
    ...(login.url !== undefined && { accessUrl: login.url }),
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

/** The connections of `connections.toml`; if there is none, those of `config.toml`, where Snowflake's command line keeps them. */
async function readConnections(folder: string): Promise<Connections> {
  const file = join(folder, 'connections.toml');
  const settings = join(folder, 'config.toml');
  if ((await exists(file)) || !(await exists(settings))) {
    return { file: 'connections.toml', sections: await readToml(file, 'connections.toml') };
  }
  const { connections } = await readToml(settings, 'config.toml');
  return { file: 'config.toml', sections: z.record(z.string(), z.unknown()).catch({}).parse(connections) };
}

interface Connections {
  readonly file: string;
  readonly sections: Readonly<Record<string, unknown>>;
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
  };
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
  const authenticator = AUTHENTICATOR_OF[written.toLowerCase()];
  if (authenticator === undefined) {
    throw invalid(
      `The connection ${quoted(name)} of connections.toml has an authenticator that is not supported.`,
      `Supported are ${Object.keys(AUTHENTICATOR_OF).join(', ')}.`,
    );
  }
  return authenticator;
}

function urlOf({ host, port, protocol = 'https' }: z.output<typeof sectionSchema>): string | undefined {
  if (host === undefined) return undefined;
  return `${protocol}://${host}${port === undefined ? '' : `:${port}`}`;
}

async function readToml(file: string, name: string): Promise<Record<string, unknown>> {
  const content = await readSecretFile(file, name);
  const { parse } = await import('smol-toml');
  try {
    return parse(content);
  } catch {
    // The parser's error quotes the line, which may contain a secret, so it is not kept as the cause.
    throw invalid(`${name} is not valid TOML.`, 'Correct the file. Other tools of Snowflake read it too.');
  }
}

async function readToken(file: string): Promise<string> {
  if (!isAbsolute(file)) {
    throw invalid(
      'The path of the connection’s token file is not absolute.',
      'Write the whole path of the file.',
    );
  }
  return (await readSecretFile(file, 'The token file')).trim();
}

/** @throws INVALID_CONFIG where the file is not there, or others on this machine may read it */
async function readSecretFile(file: string, what: string): Promise<string> {
  try {
    const { mode } = await stat(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw invalid(
        `Other users of this machine can read ${what.toLowerCase()}.`,
        'Let only yourself read it: chmod 600',
      );
    }
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof ChurnMcpError) throw cause;
    throw new ChurnMcpError('INVALID_CONFIG', `${what} cannot be read.`, {
      hint: 'churn-mcp looks for it in SNOWFLAKE_HOME, or else in .snowflake of your home folder.',
      cause,
    });
  }
}

function invalid(message: string, hint: string): ChurnMcpError {
  return new ChurnMcpError('INVALID_CONFIG', message, { hint });
}
