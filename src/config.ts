/** The only reader of the environment. It is strict: an unknown key is an error. */

import { delimiter, isAbsolute, resolve } from 'node:path';
import envPaths from 'env-paths';
import { z } from 'zod';
import {
  DEFAULT_THRESHOLDS,
  type SegmentThresholds,
  segmentSettingSchema,
} from './data/segment-thresholds.ts';
import { didYouMean } from './did-you-mean.ts';
import { ChurnMcpError } from './errors.ts';
import { type HttpConfig, type HttpFlags, parseHttpConfig } from './http-config.ts';
import { parseSnowflakeConfig, type SnowflakeConfig } from './snowflake/snowflake-config.ts';
import { snowflakeEnvironment, snowflakeSettings } from './snowflake/snowflake-environment.ts';
import { parseTelemetryConfig, type TelemetryConfig } from './telemetry/telemetry-config.ts';
import { plainText } from './text/plain-text.ts';
import { quoted } from './text/quoted.ts';
import { wrongValue } from './text/wrong-value.ts';

export type { HttpConfig, HttpFlags };

export const LOG_LEVELS = ['error', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** `text`: what a person reads is plain text, the log is JSON. `json`: every line on standard error is JSON. */
const LOG_FORMATS = ['text', 'json'] as const;

export interface Config {
  /** The folder that holds all state. */
  readonly home: string;
  /** Training threads; undefined: one per core. */
  readonly threads: number | undefined;
  readonly logLevel: LogLevel;
  /** Whether answers may hold customers' names and emails. */
  readonly showContacts: boolean;
  /** Folders whose files the tool import_data may read; undefined if none are named. */
  readonly importFolders: readonly string[] | undefined;
  /** Where exported lists are written; undefined: the folder `exports` of the home. */
  readonly exportFolder: string | undefined;
  /** Servers offer nothing that imports, trains, promotes, or plans and starts campaigns. */
  readonly readOnly: boolean;
  /** Names of tools that servers do not offer. */
  readonly disabledTools: readonly string[];
  /** Where the segments of customers begin. */
  readonly segmentThresholds: SegmentThresholds;
  /** The file with the rules of alerts. */
  readonly alertRules: string | undefined;
  /** What alerts to webhooks are signed with. */
  readonly alertsSecret: string | undefined;
  /** How long a tool call may take before it goes on as a job. */
  readonly jobAfterMs: number;
  /** Set if the orders are in Snowflake; undefined if they are imported into the home folder. */
  readonly snowflake: SnowflakeConfig | undefined;
  /** Registers Snowflake as a client of the OAuth server, so that it can call this server. */
  readonly oauthClientSecret: string | undefined;
  /** The cluster for engine "ray"; undefined if none is configured. */
  readonly ray: RayConfig | undefined;
}

const PREFIX = 'CHURN_MCP_';

/**
 * Clients pass an empty setting as empty text, and bundles pass the placeholder itself. Neither is a value, so the default
 * holds.
 */
const NOT_CHOSEN = /^\s*(\$\{user_config\.\w+\})?\s*$/;

const threadsSchema = z.coerce.number().int().min(1).max(256);

const portSchema = z.coerce.number().int().min(0).max(65_535);

const environmentSchema = z.object({
  CHURN_MCP_HOME: z.string().optional(),
  CHURN_MCP_THREADS: threadsSchema.optional(),
  CHURN_MCP_LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  CHURN_MCP_LOG_FORMAT: z.enum(LOG_FORMATS).default('text'),
  CHURN_MCP_SHOW_CONTACTS: z.enum(['true', 'false']).default('false'),
  CHURN_MCP_IMPORT_FOLDERS: z
    .string()
    .max(4096)
    .transform((folders) => folders.split(delimiter).filter((folder) => folder !== ''))
    .pipe(z.array(z.string().refine(isAbsolute, 'must hold absolute paths')))
    .optional(),
  CHURN_MCP_EXPORT_FOLDER: z.string().max(4096).refine(isAbsolute, 'expected an absolute path').optional(),
  CHURN_MCP_READ_ONLY: z.enum(['true', 'false']).default('false'),
  CHURN_MCP_DISABLED_TOOLS: z
    .string()
    .max(4096)
    .default('')
    .transform((names) => names.split(',').flatMap((name) => name.trim() || [])),
  CHURN_MCP_SEGMENTS: segmentSettingSchema.optional(),
  CHURN_MCP_ALERTS: z.string().max(4096).refine(isAbsolute, 'expected an absolute path').optional(),
  CHURN_MCP_ALERTS_SECRET: z.string().min(16).max(4096).optional(),
  CHURN_MCP_JOB_AFTER_S: z.coerce.number().positive().max(86_400).default(40),
  CHURN_MCP_HTTP_HOST: z.string().max(255).default('127.0.0.1'),
  CHURN_MCP_HTTP_PORT: portSchema.default(3000),
  CHURN_MCP_HTTP_TOKEN: z.string().max(4096).optional(),
  CHURN_MCP_HTTP_AUTHENTICATED_BY: z.enum(['snowflake']).optional(),
  CHURN_MCP_HTTP_ALLOWED_HOSTS: z.string().max(4096).optional(),
  CHURN_MCP_HTTP_ALLOWED_ORIGINS: z.string().max(4096).optional(),
  CHURN_MCP_HTTP_PROXIES: z.string().max(4096).optional(),
  CHURN_MCP_HTTP_METRICS: z.enum(['true', 'false']).default('false'),
  CHURN_MCP_SHOPIFY_SECRET: z.string().min(16).max(4096).optional(),
  CHURN_MCP_WOOCOMMERCE_SECRET: z.string().min(16).max(4096).optional(),
  CHURN_MCP_PUBLIC_URL: z.string().max(2048).optional(),
  CHURN_MCP_RAY_ADDRESS: z.url({ protocol: /^https?$/ }).optional(),
  CHURN_MCP_RAY_TOKEN: z.string().max(4096).optional(),
  CHURN_MCP_RAY_WORKERS: z.coerce.number().int().min(1).max(1000).default(2),
  CHURN_MCP_RAY_CPUS_PER_WORKER: z.coerce.number().int().min(1).max(1000).default(1),
  CHURN_MCP_RAY_STORAGE: z
    .string()
    .max(4096)
    .regex(/^(?!\w+:\/\/)|^s3:\/\/[a-z0-9][a-z0-9.-]{2,62}(\/|$)/, 'must be a folder or s3://bucket/prefix')
    .optional(),
  CHURN_MCP_RAY_DEADLINE_S: z.coerce.number().positive().max(604_800).default(3600),
  CHURN_MCP_OAUTH_ISSUER: z.string().max(2048).optional(),
  CHURN_MCP_OAUTH_AUDIENCE: z.string().max(2048).optional(),
  CHURN_MCP_OAUTH_CLIENT_SECRET: z.string().max(4096).optional(),
  CHURN_MCP_OAUTH_JWKS_URL: z.string().max(2048).optional(),
  CHURN_MCP_DATA_SOURCE: z.enum(['duckdb', 'snowflake']).default('duckdb'),
  ...snowflakeEnvironment,
});

const KEYS = Object.keys(environmentSchema.shape);

/** The flags of the command line, which win over the environment. */
export interface ConfigFlags {
  readonly home?: string;
  readonly threads?: string;
  readonly quiet?: boolean;
}

export function readConfig(
  flags: ConfigFlags = {},
  environment: Record<string, string | undefined> = process.env,
): Config {
  const values = readEnvironment(environment);
  const segmentThresholds = values.CHURN_MCP_SEGMENTS ?? DEFAULT_THRESHOLDS;
  return {
    home: homeFolder(flags.home ?? values.CHURN_MCP_HOME),
    threads: flags.threads === undefined ? values.CHURN_MCP_THREADS : parseThreads(flags.threads),
    logLevel: flags.quiet ? 'error' : values.CHURN_MCP_LOG_LEVEL,
    showContacts: values.CHURN_MCP_SHOW_CONTACTS === 'true',
    importFolders: values.CHURN_MCP_IMPORT_FOLDERS,
    exportFolder: values.CHURN_MCP_EXPORT_FOLDER,
    readOnly: values.CHURN_MCP_READ_ONLY === 'true',
    disabledTools: values.CHURN_MCP_DISABLED_TOOLS,
    segmentThresholds,
    alertRules: values.CHURN_MCP_ALERTS,
    alertsSecret: values.CHURN_MCP_ALERTS_SECRET,
    jobAfterMs: values.CHURN_MCP_JOB_AFTER_S * 1000,
    snowflake:
      values.CHURN_MCP_DATA_SOURCE === 'snowflake'
        ? parseSnowflakeConfig(snowflakeSettings(values, segmentThresholds, environment.SNOWFLAKE_HOME))
        : undefined,
    oauthClientSecret: values.CHURN_MCP_OAUTH_CLIENT_SECRET,
    ray: rayOf(values),
  };
}

export interface RayConfig {
  /** Address of the head node's dashboard. */
  readonly address: URL;
  readonly token: string | undefined;
  readonly workers: number;
  readonly cpusPerWorker: number;
  readonly storage: string | undefined;
  readonly deadlineMs: number;
}

function rayOf(values: z.output<typeof environmentSchema>): RayConfig | undefined {
  if (values.CHURN_MCP_RAY_ADDRESS === undefined) return undefined;
  return {
    address: new URL(values.CHURN_MCP_RAY_ADDRESS),
    token: values.CHURN_MCP_RAY_TOKEN,
    workers: values.CHURN_MCP_RAY_WORKERS,
    cpusPerWorker: values.CHURN_MCP_RAY_CPUS_PER_WORKER,
    storage: values.CHURN_MCP_RAY_STORAGE,
    deadlineMs: values.CHURN_MCP_RAY_DEADLINE_S * 1000,
  };
}

/** The settings of the HTTP server. */
export function readHttpConfig(
  flags: HttpFlags = {},
  environment: Record<string, string | undefined> = process.env,
): HttpConfig {
  const values = readEnvironment(environment);
  if (flags.host === '') throw emptyFlag('--host is empty.');
  return parseHttpConfig({
    host: flags.host ?? values.CHURN_MCP_HTTP_HOST,
    port: flags.port === undefined ? values.CHURN_MCP_HTTP_PORT : parsePort(flags.port),
    token: flags.token ?? values.CHURN_MCP_HTTP_TOKEN,
    authenticatedBy: values.CHURN_MCP_HTTP_AUTHENTICATED_BY,
    issuer: values.CHURN_MCP_OAUTH_ISSUER,
    audience: values.CHURN_MCP_OAUTH_AUDIENCE,
    jwksUrl: values.CHURN_MCP_OAUTH_JWKS_URL,
    publicUrl: values.CHURN_MCP_PUBLIC_URL,
    allowedHosts: values.CHURN_MCP_HTTP_ALLOWED_HOSTS,
    allowedOrigins: values.CHURN_MCP_HTTP_ALLOWED_ORIGINS,
    proxies: values.CHURN_MCP_HTTP_PROXIES,
    metrics: values.CHURN_MCP_HTTP_METRICS === 'true',
    shopifySecret: values.CHURN_MCP_SHOPIFY_SECRET,
    woocommerceSecret: values.CHURN_MCP_WOOCOMMERCE_SECRET,
  });
}

function readEnvironment(
  environment: Record<string, string | undefined>,
): z.output<typeof environmentSchema> {
  const ours = Object.entries(environment).filter(([key]) => key.startsWith(PREFIX));
  const unknown = ours.map(([key]) => key).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    throw new ChurnMcpError(
      'INVALID_CONFIG',
      `The environment variable ${plainText(unknown, 60)} is unknown.`,
      {
        hint: `${didYouMean(unknown, KEYS)}Known variables: ${KEYS.join(', ')}.`,
      },
    );
  }
  const chosen = ours.filter(([, value]) => value !== undefined && !NOT_CHOSEN.test(value));
  const parsed = environmentSchema.safeParse(Object.fromEntries(chosen), { error: wrongValue });
  if (!parsed.success) throw invalid(String(parsed.error.issues[0].path[0]), parsed.error.issues[0].message);
  return parsed.data;
}

function homeFolder(chosen: string | undefined): string {
  if (chosen === '') throw emptyFlag('--home is empty.');
  const home = resolve(chosen ?? envPaths('churn-mcp', { suffix: '' }).data);
  // DuckDB takes what follows a question mark for options, and would write its log beside another folder.
  if (!home.includes('?')) return home;
  throw new ChurnMcpError('USAGE', `The path of the home folder has a question mark: ${quoted(home)}.`, {
    hint: 'The data cannot be kept there. Choose another folder with --home or CHURN_MCP_HOME.',
  });
}

function emptyFlag(message: string): ChurnMcpError {
  return new ChurnMcpError('USAGE', message, {
    hint: 'Name a folder. An empty value often comes from a shell variable that is not set.',
  });
}

function parseThreads(text: string): number {
  const parsed = threadsSchema.safeParse(text);
  if (!parsed.success) throw new ChurnMcpError('USAGE', '--threads takes a whole number from 1 to 256.');
  return parsed.data;
}

export function parsePort(text: string): number {
  const parsed = portSchema.safeParse(text);
  if (!parsed.success) throw new ChurnMcpError('USAGE', '--port takes a whole number from 0 to 65535.');
  return parsed.data;
}

function invalid(key: string, message: string): ChurnMcpError {
  return new ChurnMcpError('INVALID_CONFIG', `${key} ${message}.`, {
    hint: 'Correct the environment variable, or remove it.',
  });
}

/** Known before a command reads its configuration, so that its errors have the format too. */
export function wantsJsonLines(): boolean {
  return process.env.CHURN_MCP_LOG_FORMAT?.trim() === 'json';
}

/** @returns undefined if no traces are wanted */
export function readTelemetryConfig(): TelemetryConfig | undefined {
  return parseTelemetryConfig(process.env);
}
