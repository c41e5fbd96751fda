/** The settings for Snowflake from the environment: the login and the shop's tables. It reads no file. */
import type { SegmentThresholds } from '../data/segment-thresholds.ts';
import { ChurnMcpError } from '../errors.ts';

export const AUTHENTICATORS = [
  'password',
  'key_pair',
  'programmatic_access_token',
  'oauth',
  'external_browser',
] as const;
/** Ways to log in that need more settings than variables have: only in a section of connections.toml. */
export type SectionAuthenticator =
  | 'oauth_client_credentials'
  | 'oauth_authorization_code'
  | 'workload_identity'
  | 'password_and_passcode'
  | 'okta';
export type Authenticator = (typeof AUTHENTICATORS)[number] | SectionAuthenticator;

/** A table as up to three parts; undefined if the shop has none. */
export type TableName = readonly [database: string, schema: string, table: string];

export interface SnowflakeTables {
  readonly customers: TableName | undefined;
  readonly orders: TableName;
  readonly order_items: TableName | undefined;
  readonly product_catalog: TableName | undefined;
}

export type ConnectionChoice =
  /** A section of connections.toml. */
  | { readonly kind: 'named'; readonly name: string; readonly folder: string | undefined }
  | { readonly kind: 'direct'; readonly login: DirectLogin };

export interface DirectLogin {
  readonly account: string;
  readonly user: string | undefined;
  readonly authenticator: Authenticator;
  readonly password: string | undefined;
  readonly token: string | undefined;
  /** Read at each login, because what writes it renews it. */
  readonly tokenFile?: string | undefined;
  /** In PEM. */
  readonly privateKey?: string | undefined;
  readonly privateKeyFile: string | undefined;
  readonly privateKeyPassphrase: string | undefined;
  readonly role: string | undefined;
  readonly warehouse: string | undefined;
  readonly url: string | undefined;
  readonly more?: MoreOfLogin;
}

/** What some ways to log in need besides, by the names that the driver has for it. */
export interface MoreOfLogin {
  readonly oauthClientId?: string | undefined;
  readonly oauthClientSecret?: string | undefined;
  readonly oauthTokenRequestUrl?: string | undefined;
  readonly oauthAuthorizationUrl?: string | undefined;
  readonly oauthRedirectUri?: string | undefined;
  readonly oauthScope?: string | undefined;
  readonly workloadIdentityProvider?: 'AWS' | 'AZURE' | 'GCP' | 'OIDC' | undefined;
  readonly passcode?: string | undefined;
  /** Of the shop's Okta, which logs in. */
  readonly oktaUrl?: string | undefined;
}

export interface SnowflakeConfig {
  readonly connection: ConnectionChoice;
  readonly tables: SnowflakeTables;
  /** Database and schema for the session's temporary tables. */
  readonly workSchema: readonly [database: string, schema: string];
  /** Database and schema of what is deployed and mirrored: models, predictions, the procedure. */
  readonly modelsSchema: readonly [database: string, schema: string];
  /** Where the segments begin. */
  readonly segmentThresholds: SegmentThresholds;
  /** From this number of customers on, tables are fetched as files and not as rows. */
  readonly bulkFrom: number;
  /** Seconds that one statement may take. */
  readonly timeoutS: number;
  /** Whether all statements of one answer read the tables as of one moment. */
  readonly timeTravel: boolean;
  /** Whether dynamic tables of a deployment are read where they hold the same. */
  readonly readsDynamicTables: boolean;
  /** Known once the tables were looked at: whether the times of orders have zones. */
  readonly ordersHaveZones?: boolean;
}

export interface SnowflakeSettings {
  readonly connection?: string | undefined;
  readonly connectionsFolder?: string | undefined;
  readonly account?: string | undefined;
  readonly user?: string | undefined;
  readonly authenticator?: (typeof AUTHENTICATORS)[number] | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly privateKeyFile?: string | undefined;
  readonly privateKeyPassphrase?: string | undefined;
  readonly role?: string | undefined;
  readonly warehouse?: string | undefined;
  readonly url?: string | undefined;
  readonly database: string;
  readonly customers: string;
  readonly orders: string;
  readonly orderItems: string;
  readonly productCatalog: string;
  readonly workSchema?: string | undefined;
  readonly modelsSchema?: string | undefined;
  readonly segmentThresholds: SegmentThresholds;
  readonly bulkFrom: number;
  readonly timeoutS: number;
  readonly timeTravel: boolean;
  readonly readsDynamicTables: boolean;
}

const NO_TABLE = 'none';

/** @throws INVALID_CONFIG, naming the variable and the fix */
export function parseSnowflakeConfig(settings: SnowflakeSettings): SnowflakeConfig {
  const table = (key: string, text: string) =>
    tableName(`CHURN_MCP_SNOWFLAKE_${key}`, text, settings.database);
  const optional = (key: string, text: string) => (text === NO_TABLE ? undefined : table(key, text));
  const orders = table('ORDERS', settings.orders);
  return {
    connection: connectionOf(settings),
    tables: {
      customers: optional('CUSTOMERS', settings.customers),
      orders,
      order_items: optional('ORDER_ITEMS', settings.orderItems),
      product_catalog: optional('PRODUCT_CATALOG', settings.productCatalog),
    },
    workSchema:
      settings.workSchema === undefined
        ? [orders[0], orders[1]]
        : schemaName('CHURN_MCP_SNOWFLAKE_WORK_SCHEMA', settings.workSchema),
    modelsSchema:
      settings.modelsSchema === undefined
        ? [identifiers('CHURN_MCP_SNOWFLAKE_DATABASE', settings.database)[0], 'MODELS']
        : schemaName('CHURN_MCP_SNOWFLAKE_MODELS_SCHEMA', settings.modelsSchema),
    segmentThresholds: settings.segmentThresholds,
    bulkFrom: settings.bulkFrom,
    timeoutS: settings.timeoutS,
    timeTravel: settings.timeTravel,
    readsDynamicTables: settings.readsDynamicTables,
  };
}

function connectionOf(settings: SnowflakeSettings): ConnectionChoice {
  const { connection: name, account } = settings;
  if (name !== undefined && account !== undefined) {
    throw invalid(
      'CHURN_MCP_SNOWFLAKE_CONNECTION and CHURN_MCP_SNOWFLAKE_ACCOUNT are both set.',
      'Keep only one: a section of connections.toml, or the account itself.',
    );
  }
  if (name !== undefined) return { kind: 'named', name, folder: settings.connectionsFolder };
  if (account === undefined) {
    throw invalid(
      'No Snowflake account is configured for the data.',
      'Set CHURN_MCP_SNOWFLAKE_CONNECTION to a section of connections.toml, or CHURN_MCP_SNOWFLAKE_ACCOUNT and CHURN_MCP_SNOWFLAKE_USER.',
    );
  }
  const { user, password, token, tokenFile, privateKeyFile, privateKeyPassphrase } = settings;
  const { role, warehouse, url } = settings;
  const secrets = { password, token, tokenFile, privateKeyFile, privateKeyPassphrase };
  return {
    kind: 'direct',
    login: { account, user, authenticator: authenticatorOf(settings), ...secrets, role, warehouse, url },
  };
}

/** The chosen way to log in, or else the one that fits the given secret. */
function authenticatorOf(settings: SnowflakeSettings): Authenticator {
  if (settings.authenticator !== undefined) return settings.authenticator;
  if (settings.privateKeyFile !== undefined) return 'key_pair';
  if ((settings.token ?? settings.tokenFile) !== undefined) return 'programmatic_access_token';
  if (settings.password !== undefined) return 'password';
  throw invalid(
    'No way to log in to Snowflake is configured.',
    'Set CHURN_MCP_SNOWFLAKE_PRIVATE_KEY_FILE or CHURN_MCP_SNOWFLAKE_TOKEN, or CHURN_MCP_SNOWFLAKE_AUTHENTICATOR to external_browser.',
  );
}

/** `ORDERS`, `RAW.ORDERS` or `SHOP.RAW.ORDERS`; missing parts default to the configured database and the schema RAW. */
function tableName(key: string, text: string, database: string): TableName {
  const parts = identifiers(key, text);
  const [first, second, third] = parts;
  if (parts.length === 3) return [first, second, third];
  const [inDatabase] = identifiers('CHURN_MCP_SNOWFLAKE_DATABASE', database);
  return parts.length === 2 ? [inDatabase, first, second] : [inDatabase, 'RAW', first];
}

function schemaName(key: string, text: string): readonly [string, string] {
  const parts = identifiers(key, text);
  const [database, schema] = parts;
  if (parts.length !== 2) {
    throw invalid(`${key} names no schema.`, 'Write it as DATABASE.SCHEMA.');
  }
  return [database, schema];
}

/**
 * The parts of a name as Snowflake stores them: in upper case, except parts in double quotes, which keep their case
 * and may contain any character.
 */
function identifiers(key: string, text: string): string[] {
  const part = '(?:[A-Za-z_][A-Za-z0-9_$]{0,254}|"(?:[^"\\0]|""){1,255}")';
  if (!new RegExp(`^${part}(?:\\.${part}){0,2}$`).test(text)) {
    throw invalid(
      `${key} is not the name of a table.`,
      'Write it as TABLE, SCHEMA.TABLE or DATABASE.SCHEMA.TABLE, with special parts in double quotes.',
    );
  }
  return [...text.matchAll(new RegExp(part, 'g'))].map(([name]) =>
    name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toUpperCase(),
  );
}

function invalid(message: string, hint: string): ChurnMcpError {
  return new ChurnMcpError('INVALID_CONFIG', message, { hint });
}
