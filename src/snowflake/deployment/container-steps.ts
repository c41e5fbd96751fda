/** churn-mcp in containers of the account: the server, and the weekly retraining. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { segmentSetting } from '../../data/segment-thresholds.ts';
import { ChurnMcpError } from '../../errors.ts';
import { packageRoot } from '../../package-root.ts';
import { quoted as shownAs } from '../../text/quoted.ts';
import { fillBlanks } from '../blanks.ts';
import type { SnowflakeConfig } from '../snowflake-config.ts';
import { plainName, quoted } from '../statement-text.ts';
import { yamlText } from './answer-procedures.ts';
import { accountName, type DeployedSchemas, type Step } from './deployment-text.ts';
import { type DeploymentPlace, step } from './model-functions.ts';

export interface Container {
  /** `/database/schema/repository/churn-mcp:version` */
  readonly image: string;
  /** The stored name of a pool of others; by default that of the deployment. */
  readonly computePool?: string | undefined;
}

const IMAGE = /^(?:\/[\w.-]+){3,}\/[\w.-]+(?::[\w.-]+|@sha256:[0-9a-f]{64})$/;

/** Where the image of this version is once it was pushed to the repository of the deployment. */
export function imageOf(schemas: DeployedSchemas, version: string): string {
  return `/${[...schemas.models, 'images'].join('/').toLowerCase()}/churn-mcp:${version}`;
}

/** The repository for images and the pool that runs them. */
export function containerSteps(place: DeploymentPlace): Step[] {
  const { schemas } = place;
  return [
    step('550_images', '', place, { repository: repositoryName(schemas) }),
    step('555_compute_pool', '', place, { compute_pool: accountName(schemas, 'pool') }),
  ];
}

export function serviceSteps(warehouse: string, container: Container, place: DeploymentPlace): Step[] {
  const template = readFileSync(join(packageRoot(), 'sql', 'snowflake', 'service.yaml'), 'utf8').trim();
  const { image, compute_pool, environment } = containerBlanks(warehouse, container, place);
  const blanks = {
    service: serviceName(place.schemas),
    compute_pool,
    warehouse: quoted(warehouse),
    specification: fillBlanks(template, { image, environment }),
  };
  return [step('560_service', '', place, blanks), step('565_service_specification', '', place, blanks)];
}

export function taskSteps(warehouse: string, container: Container, place: DeploymentPlace): Step[] {
  const blanks = { ...containerBlanks(warehouse, container, place), warehouse: quoted(warehouse) };
  return [step('610_retrain_task', '', place, blanks), step('620_resume_retrain_task', '', place, {})];
}

/** Whether the schema can hold services and image repositories, whose names may not have quotes. */
export function hasPlainNames({ schemas }: DeploymentPlace): boolean {
  return !plainName(...schemas.models).includes('"');
}

/** Without quotes, which the name of a service may not have. @throws INVALID_ARGUMENT if it needs some */
export function serviceName({ models }: DeployedSchemas): string {
  return nameWithoutQuotes(...models, 'CHURN_MCP');
}

/** As that of a service. */
export function repositoryName({ models }: DeployedSchemas): string {
  return nameWithoutQuotes(...models, 'IMAGES');
}

function nameWithoutQuotes(...parts: readonly string[]): string {
  const name = plainName(...parts);
  if (!name.includes('"')) return name;
  throw new ChurnMcpError(
    'INVALID_ARGUMENT',
    `Snowflake keeps no containers in ${shownAs(name)}, whose name needs quotes.`,
    { hint: 'Name another schema in CHURN_MCP_SNOWFLAKE_MODELS_SCHEMA, or deploy without these parts.' },
  );
}

function containerBlanks(
  warehouse: string,
  { image, computePool }: Container,
  { config, schemas }: DeploymentPlace,
) {
  if (!IMAGE.test(image)) {
    throw new ChurnMcpError(
      'INVALID_ARGUMENT',
      `${shownAs(image)} is no image in a repository of Snowflake.`,
      {
        hint: 'Write --image /database/schema/repository/churn-mcp:version.',
      },
    );
  }
  return {
    image: yamlText(image),
    compute_pool: computePool === undefined ? accountName(schemas, 'pool') : quoted(computePool),
    environment: environmentOf(warehouse, config),
  };
}

/** What a container has to know besides its login, as lines of a specification. */
function environmentOf(warehouse: string, config: SnowflakeConfig): string {
  const { tables, workSchema, modelsSchema, segmentThresholds } = config;
  const variables = {
    ...Object.fromEntries(
      Object.entries(tables).map(([table, name]) => [
        table.toUpperCase(),
        name === undefined ? 'none' : quoted(...name),
      ]),
    ),
    WORK_SCHEMA: quoted(...workSchema),
    MODELS_SCHEMA: quoted(...modelsSchema),
    WAREHOUSE: plainName(warehouse),
    BULK_FROM: String(config.bulkFrom),
    TIMEOUT_S: String(config.timeoutS),
    TIME_TRAVEL: String(config.timeTravel),
  };
  return Object.entries(variables)
    .map(([name, value]) => `        CHURN_MCP_SNOWFLAKE_${name}: ${yamlText(value)}`)
    .concat(`        CHURN_MCP_SEGMENTS: ${yamlText(segmentSetting(segmentThresholds))}`)
    .join('\n');
}
