import { join } from 'node:path';
import { ChurnMcpError } from '../errors.ts';
import type { RegisteredModel } from '../registry/model-card.ts';
import { CHAMPION } from '../registry/model-registry.ts';
import { type Container, imageOf } from '../snowflake/deployment/container-steps.ts';
import {
  type DeploymentOptions,
  type ExternalServer,
  planDeployment,
  planRemoval,
} from '../snowflake/deployment/deployment.ts';
import { DEFAULT_PARTS, PARTS, type Part } from '../snowflake/deployment/deployment-part.ts';
import { deployedSchemas, type Step } from '../snowflake/deployment/deployment-text.ts';
import {
  type DeploymentRun,
  hasExternalServer,
  nameOf,
  ordersHaveZones,
  runDeployment,
  runRemoval,
} from '../snowflake/deployment/run-deployment.ts';
import { readLogin } from '../snowflake/session/connection-settings.ts';
import type { SnowflakeConfig } from '../snowflake/snowflake-config.ts';
import { literal } from '../snowflake/statement-text.ts';
import { plural } from '../text/format.ts';
import { quoted } from '../text/quoted.ts';
import {
  type CommandContext,
  type CommandEnvironment,
  type CommonFlags,
  withServices,
} from './command-context.ts';
import { deployAnswers } from './deploy-answers.ts';
import { mirrorConfig } from './mirror-models.ts';

export interface DeployFlags extends CommonFlags {
  readonly dryRun?: boolean;
  readonly only?: string;
  readonly warehouse?: string;
  readonly grantTo?: string;
  readonly replace?: boolean;
  readonly mcpUrl?: string;
  readonly oauthClientId?: string;
  readonly oauthTokenEndpoint?: string;
  readonly oauthAuthorizationEndpoint?: string;
  readonly computePool?: string;
  readonly image?: string;
  readonly allow?: string;
  readonly json?: boolean;
}

export interface UndeployFlags extends CommonFlags {
  readonly dryRun?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Models that can be deployed as functions: those of the shop's orders. */
const DEPLOYED_MODELS: readonly RegisteredModel[] = [
  'customer_churn_predictor',
  'customer_churn_forecast',
  'product_recommendation',
];

/** Makes the objects in Snowflake that serve there, or prints the statements for it. */
export function runDeploy(
  target: string,
  flags: DeployFlags,
  environment: CommandEnvironment,
): Promise<number> {
  return withServices(environment, flags, async (context) => {
    const config = snowflakeOf(target, context);
    const parts = parseParts(flags.only, DEFAULT_PARTS, '--only');
    const options = {
      config,
      parts,
      warehouse: await warehouseOf(flags, config),
      models: await champions(context),
      grantTo: flags.grantTo === undefined ? undefined : identifier(flags.grantTo),
      ...externalServer(flags, context),
      container: containerOf(flags, config, environment.version),
      allow: parseParts(flags.allow, [], '--allow'),
    };
    if (flags.dryRun === true) return printed(planDeployment(options), flags, context);
    const steps = planDeployment({ ...options, ...(await lookAt(options, context)) });
    await runDeployment(steps, config, { ...runOf(steps, context), replace: flags.replace === true });
    const answers = parts.includes('answers') ? await deployAnswers(config, context) : 0;
    const written = answers === 0 ? '' : ` ${plural(answers, 'answer')} written for those who ask there.`;
    const text = `Deployed: ${plural(steps.length, 'statement')} of ${parts.join(', ')}.${written}`;
    return finished(text, steps, flags, context);
  });
}

/** Parts that are made of the shop's orders. A dry run cannot look at these, because it sends nothing. */
const PARTS_OF_ORDERS: readonly Part[] = ['serving', 'campaigns'];

/** What has to be looked at in the account before the statements are known. */
async function lookAt(
  { config, parts }: Pick<DeploymentOptions, 'config' | 'parts'>,
  { signal }: CommandContext,
): Promise<Pick<DeploymentOptions, 'config' | 'hasExternalServer'>> {
  const ofOrders = parts.some((part) => PARTS_OF_ORDERS.includes(part));
  const ordersHaveZones = ofOrders && (await haveZones(config, signal));
  return {
    config: { ...config, ordersHaveZones },
    hasExternalServer: parts.includes('agent') && (await hasExternalServer(config, signal)),
  };
}

async function haveZones(config: SnowflakeConfig, signal: AbortSignal): Promise<boolean> {
  return ordersHaveZones(config, signal).catch((error: unknown) => {
    // The step that reads the orders will say so, and others can do without them.
    if (error instanceof ChurnMcpError && error.code === 'SNOWFLAKE_ACCESS') return false;
    throw error;
  });
}

/** Removes what `deploy` made. */
export function runUndeploy(
  target: string,
  flags: UndeployFlags,
  environment: CommandEnvironment,
): Promise<number> {
  return withServices(environment, flags, async (context) => {
    const config = snowflakeOf(target, context);
    const churnModels = DEPLOYED_MODELS.filter((model) => model !== 'product_recommendation');
    const steps = planRemoval(config, churnModels, flags.all === true);
    if (flags.dryRun === true) return printed(steps, flags, context);
    const left = await runRemoval(steps, config, runOf(steps, context));
    const removed =
      flags.all === true
        ? 'Removed, with the models and predictions that were kept there. The schemas stay.'
        : 'Removed. Models, predictions, campaigns and the stage stay; --all removes them too.';
    const others =
      left.length === 0 ? '' : `\nThese stay, because churn-mcp did not make them: ${left.join(', ')}.`;
    return finished(`${removed}${others}`, steps, flags, context);
  });
}

function runOf(steps: readonly Step[], { signal, display }: CommandContext): DeploymentRun {
  return {
    signal,
    onStep: (step, index) =>
      display.listener({ phase: 'deploy', done: index, total: steps.length, message: nameOf(step) }),
  };
}

interface PrintFlags {
  readonly json?: boolean | undefined;
}

/** What was done; as JSON, the names of all statements that were sent. */
function finished(
  text: string,
  steps: readonly Step[],
  { json }: PrintFlags,
  { print }: CommandContext,
): number {
  print(json === true ? JSON.stringify({ sent: steps.map(nameOf), text }, null, 2) : text);
  return 0;
}

/** The statements as a script that a Snowflake client can run once the secret is filled in. */
function printed(steps: readonly Step[], { json }: PrintFlags, { print, config }: CommandContext): number {
  const secret = config.oauthClientSecret;
  const statements = steps.map((step) => ({
    name: nameOf(step),
    text: secret === undefined ? step.text : step.text.replaceAll(literal(secret), "'…'"),
  }));
  if (json === true) print(JSON.stringify({ statements }, null, 2));
  else for (const { name, text } of statements) print(`-- ${name}\n${text};\n`);
  return 0;
}

function snowflakeOf(target: string, { config }: CommandContext): SnowflakeConfig {
  if (target !== 'snowflake') {
    throw new ChurnMcpError('USAGE', `There is nothing to deploy to ${quoted(target)}.`, {
      hint: 'Write: churn-mcp deploy snowflake.',
    });
  }
  return mirrorConfig({ config });
}

function parseParts(named: string | undefined, byDefault: readonly Part[], flag: string): readonly Part[] {
  if (named === undefined) return byDefault;
  const wanted = named.split(',').map((name) => name.trim());
  const parts = PARTS.filter((part) => wanted.includes(part));
  const unknown = wanted.find((name) => !PARTS.some((part) => part === name));
  if (unknown === undefined) return parts;
  throw new ChurnMcpError('USAGE', `${flag} knows no part ${quoted(unknown)}.`, {
    hint: `Parts: ${PARTS.join(', ')}.`,
  });
}

async function warehouseOf({ warehouse }: DeployFlags, { connection }: SnowflakeConfig): Promise<string> {
  const chosen = warehouse ?? (await readLogin(connection)).warehouse;
  if (chosen !== undefined && chosen !== '') return identifier(chosen);
  throw new ChurnMcpError('USAGE', 'No warehouse is named that keeps the tables up to date.', {
    hint: 'Name it with --warehouse, or in CHURN_MCP_SNOWFLAKE_WAREHOUSE.',
  });
}

/** As it is stored: in upper case, unless it is in double quotes. */
function identifier(text: string): string {
  return /^".+"$/.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text.toUpperCase();
}

async function champions({ services }: CommandContext) {
  const models = [];
  for (const model of DEPLOYED_MODELS) {
    const version = await services.registry.resolveAlias(model, CHAMPION);
    if (version === undefined) continue;
    const onnxFile = join(await services.registry.folder(model, version), 'model.onnx');
    models.push({ ...(await services.registry.load(model, version)), onnxFile });
  }
  return models;
}

function externalServer(
  { mcpUrl, oauthClientId, oauthTokenEndpoint, oauthAuthorizationEndpoint }: DeployFlags,
  { config }: CommandContext,
): { external?: ExternalServer } {
  const url = mcpUrl === undefined ? undefined : URL.parse(mcpUrl);
  const secret = config.oauthClientSecret;
  if (url?.protocol !== 'https:' || secret === undefined || oauthClientId === undefined) return {};
  if (oauthTokenEndpoint === undefined || oauthAuthorizationEndpoint === undefined) return {};
  return {
    external: {
      url,
      clientId: oauthClientId,
      clientSecret: secret,
      tokenEndpoint: oauthTokenEndpoint,
      authorizationEndpoint: oauthAuthorizationEndpoint,
    },
  };
}

function containerOf(
  { computePool, image }: DeployFlags,
  config: SnowflakeConfig,
  version: string,
): Container {
  return {
    image: image ?? imageOf(deployedSchemas(config), version),
    computePool: computePool === undefined ? undefined : identifier(computePool),
  };
}
