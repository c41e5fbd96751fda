/** The statements of a deployment, in order: files of `sql/snowflake/deploy` with names and models filled in. */

import { loadSql, type SqlFileIn } from '../../data/load-sql.ts';
import { SERVING_TABLES } from '../../data/serving-tables.ts';
import { ChurnMcpError } from '../../errors.ts';
import { labelOfModel } from '../../registry/churn-labels.ts';
import { REGISTERED_MODELS } from '../../registry/model-card.ts';
import type { RegisteredVersion } from '../../registry/model-registry.ts';
import { quoted as shownAs } from '../../text/quoted.ts';
import { fillBlanks } from '../blanks.ts';
import type { SnowflakeConfig } from '../snowflake-config.ts';
import { literal, quoted } from '../statement-text.ts';
import { agentServers, agentTools, answerProcedures, answerSteps, serverTools } from './answer-procedures.ts';
import {
  type Container,
  containerSteps,
  hasPlainNames,
  repositoryName,
  serviceName,
  serviceSteps,
  taskSteps,
} from './container-steps.ts';
import { grantSteps } from './deployment-grants.ts';
import { PARTS, type Part } from './deployment-part.ts';
import { ROLES, roleSteps } from './deployment-roles.ts';
import { accountName, deployedSchemas, deployedText, objectName, type Step } from './deployment-text.ts';
import {
  churnViewName,
  churnViewStep,
  type DeploymentPlace,
  onnxFunctionSteps,
  step,
  treeFunctionSteps,
} from './model-functions.ts';
import { recommendationQuery, servingMark, servingStatement } from './recommendation-procedure.ts';
import { modelName } from './registered-name.ts';
import { shownTextBody } from './shown-text.ts';

export interface ExternalServer {
  readonly url: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenEndpoint: string;
  readonly authorizationEndpoint: string;
}

export interface DeploymentOptions {
  readonly config: SnowflakeConfig;
  /** The stored name, which is quoted here. */
  readonly warehouse: string;
  readonly parts: readonly Part[];
  /** The stored name of the role that may use the deployment; none by default. */
  readonly grantTo?: string | undefined;
  /** The champions, with the path of each one's ONNX file. */
  readonly models: readonly (RegisteredVersion & { readonly onnxFile: string })[];
  readonly external?: ExternalServer;
  /** Whether an earlier deployment made the external MCP server, which the agent then goes on using. */
  readonly hasExternalServer?: boolean;
  /** Of the server and of the weekly retraining. */
  readonly container?: Container;
  /** Parts that the deployer's role may make besides the default ones. */
  readonly allow?: readonly Part[];
}

/** @throws INVALID_ARGUMENT where a part lacks what it is made of, naming it */
export function planDeployment(options: DeploymentOptions): Step[] {
  const { config, grantTo } = options;
  refuseDollars(options);
  const place = { config, schemas: deployedSchemas(config) };
  const parts = PARTS.filter((part) => options.parts.includes(part));
  const steps = parts.flatMap((part) => STEPS[part](options, place).map((made) => ({ ...made, part })));
  return grantTo === undefined ? steps : [...steps, ...grantSteps(steps, grantTo, place)];
}

type Planner = (options: DeploymentOptions, place: DeploymentPlace) => Step[];

const MODEL_TABLES = [
  '220_model_files',
  '230_model_versions',
  '240_model_metrics',
  '250_churn_predictions',
] as const;

const CAMPAIGN_OBJECTS = [
  '260_campaigns',
  '270_campaign_customers',
  '280_campaign_measurements',
  '290_campaign_results',
] as const;

const STEPS: Readonly<Record<Part, Planner>> = {
  schemas: (_, place) => [
    step('010_interactive_schema', '', place, { interactive_schema: quoted(...place.schemas.interactive) }),
    step('020_models_schema', '', place, { models_schema: quoted(...place.schemas.models) }),
    step('030_functions_schema', '', place, { functions_schema: quoted(...place.schemas.functions) }),
  ],
  serving: ({ warehouse }, place) => [
    step('110_enriched_orders', '', place, { warehouse: quoted(warehouse) }),
    step('120_customer_order_totals', '', place, { warehouse: quoted(warehouse) }),
    ...dynamicTables().map((serving) =>
      step('130_serving_table', serving.table, place, {
        object: objectName(place.schemas.interactive, serving.table),
        warehouse: quoted(warehouse),
        mark: literal(servingMark(serving, place.config)),
        statement: deployedText(servingStatement(serving, place.config), place.config, place.schemas, {}),
      }),
    ),
  ],
  interactive: ({ warehouse }, place) => [
    step('210_customer_order_analytics', '', place, { warehouse: quoted(warehouse) }),
    step('215_interactive_warehouse', '', place, accountNames(place)),
  ],
  models: (_, place) => MODEL_TABLES.map((file) => step(file, '', place, {})),
  campaigns: (_, place) => CAMPAIGN_OBJECTS.map((file) => step(file, '', place, {})),
  inference: ({ models }, place) => {
    if (models.length === 0) throw noChampion('a model');
    const churn = models.filter(({ card }) => labelOfModel(card.model) !== undefined);
    return [
      ...models.flatMap((model) => treeFunctionSteps(model, place)),
      ...churn.map((model) => churnViewStep(model, place)),
    ];
  },
  onnx: ({ models }, place) => {
    if (models.length === 0) throw noChampion('a model');
    return models.flatMap((model) => onnxFunctionSteps(model, model.onnxFile, place));
  },
  procedure: ({ models }, place) => {
    const recommendation = models.find(({ card }) => card.model === 'product_recommendation');
    if (recommendation === undefined) throw noChampion('product_recommendation');
    const statement = recommendationQuery(recommendation, place);
    const object = objectName(place.schemas.functions, 'shown_text');
    return [
      step('405_shown_text', '', place, { object, body: shownTextBody() }),
      step('410_get_product_recommendations', '', place, { statement }),
    ];
  },
  answers: (_, place) => answerSteps(place),
  agent: ({ warehouse, parts, hasExternalServer = false }, place) => {
    const servers = hasExternalServer || parts.includes('external-mcp');
    const blanks = { ...agentTools(warehouse, place), mcp_servers: servers ? agentServers(place) : '' };
    return [step('510_agent', '', place, blanks)];
  },
  mcp: ({ warehouse }, place) => [step('520_mcp_server', '', place, serverTools(warehouse, place))],
  'external-mcp': ({ external }, place) => {
    if (external === undefined) {
      throw lacking('external-mcp needs the address of the server and its OAuth client.', EXTERNAL_HINT);
    }
    const blanks = {
      ...accountNames(place),
      url: literal(external.url.href),
      oauth_client_id: literal(external.clientId),
      oauth_client_secret: literal(external.clientSecret),
      oauth_token_endpoint: literal(external.tokenEndpoint),
      oauth_authorization_endpoint: literal(external.authorizationEndpoint),
    };
    return [
      step('502_external_mcp_integration', '', place, blanks),
      step('504_external_mcp_server', '', place, blanks),
    ];
  },
  containers: (_, place) => containerSteps(place),
  service: ({ warehouse, container }, place) => serviceSteps(warehouse, given(container), place),
  task: ({ warehouse, container }, place) => taskSteps(warehouse, given(container), place),
  roles: ({ warehouse, allow = [] }, place) => roleSteps(warehouse, allow, place),
};

const EXTERNAL_HINT =
  'Give --mcp-url, --oauth-client-id, --oauth-token-endpoint and --oauth-authorization-endpoint, and the secret in CHURN_MCP_OAUTH_CLIENT_SECRET.';

/** All serving tables except the one that is an interactive table. */
function dynamicTables() {
  return SERVING_TABLES.filter(({ table }) => table !== 'customer_order_analytics');
}

/** Two dollar signs end the body of a function, a procedure and a specification, in whatever they stand there. */
function refuseDollars({ config, warehouse, container }: DeploymentOptions): void {
  const { tables, workSchema, modelsSchema } = config;
  const names = [
    ...Object.values(tables).flatMap((name) => name ?? []),
    ...workSchema,
    ...modelsSchema,
    warehouse,
    ...Object.values(container ?? {}).filter((name) => name !== undefined),
  ];
  const wrong = names.find((name) => name.includes('$$'));
  if (wrong === undefined) return;
  throw lacking(
    `The name ${shownAs(wrong)} contains two dollar signs, at which the text of a function ends.`,
    'Rename it, or read it through a view with another name.',
  );
}

/** The statements that remove a deployment, in reverse order. Only `all` removes models, predictions, campaigns and the stage. */
export function planRemoval(config: SnowflakeConfig, models: readonly string[], all: boolean): Step[] {
  const place = { config, schemas: deployedSchemas(config) };
  const drop = (file: SqlFileIn<'snowflake/undeploy'>, about = '', blanks = {}): Step => ({
    file,
    about,
    text: deployedText(loadSql(`snowflake/undeploy/${file}`), config, place.schemas, blanks),
  });
  return [
    ...(hasPlainNames(place) ? [drop('005_service', '', { service: serviceName(place.schemas) })] : []),
    drop('010_retrain_task'),
    drop('015_compute_pool', '', { compute_pool: accountName(place.schemas, 'pool') }),
    drop('020_external_mcp_server'),
    drop('030_external_mcp_integration', '', accountNames(place)),
    drop('040_mcp_server'),
    drop('050_agent'),
    ...answerProcedures(place).map(({ name, ...blanks }) => drop('055_answer', name, blanks)),
    drop('057_answers'),
    drop('060_get_product_recommendations'),
    drop('065_campaign_results'),
    ...models.map((model) => drop('070_churn_probabilities', model, { object: churnViewName(model, place) })),
    functionsOf(place),
    drop('090_interactive_warehouse', '', accountNames(place)),
    drop('100_customer_order_analytics'),
    ...['customer_order_totals', 'enriched_orders']
      .concat(dynamicTables().map(({ table }) => table))
      .map((table) =>
        drop('110_dynamic_table', table, { object: objectName(place.schemas.interactive, table) }),
      ),
    ...(all
      ? [
          drop('170_campaign_measurements'),
          drop('180_campaign_customers'),
          drop('190_campaigns'),
          drop('200_churn_predictions'),
          ...REGISTERED_MODELS.map((model) =>
            drop('205_model', model, { object: objectName(place.schemas.models, modelName(model)) }),
          ),
          drop('210_model_metrics'),
          drop('220_model_versions'),
          drop('230_model_files'),
          ...(hasPlainNames(place)
            ? [drop('235_images', '', { repository: repositoryName(place.schemas) })]
            : []),
          ...ROLES.map((role) => drop('240_role', role, { role: accountName(place.schemas, role) })),
        ]
      : []),
  ];
}

/** Which functions there are follows from the models of earlier deployments, so they are listed first. */
function functionsOf({ schemas: { functions } }: DeploymentPlace): Step {
  const text = fillBlanks(loadSql('snowflake/made/functions'), { schema: quoted(...functions) }).trim();
  return {
    file: '080_function',
    about: 'each of these that churn-mcp made is dropped',
    text,
    ofEachFunctionIn: functions,
  };
}

function accountNames({ schemas }: DeploymentPlace) {
  return {
    interactive_warehouse: accountName(schemas, 'interactive'),
    integration: accountName(schemas, 'integration'),
  };
}

function given(container: Container | undefined): Container {
  if (container !== undefined) return container;
  throw lacking('A container needs an image.', 'Name it with --image.');
}

function noChampion(model: string): ChurnMcpError {
  return lacking(
    `There is no champion of ${model} to deploy.`,
    'Train and promote one first: churn-mcp call train_recommendation_model, churn-mcp retrain.',
  );
}

function lacking(message: string, hint: string): ChurnMcpError {
  return new ChurnMcpError('INVALID_ARGUMENT', message, { hint });
}
