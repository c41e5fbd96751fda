/** What agents in Snowflake can ask: procedures that give the texts of the tools, and how an agent is told of them. */
import { literal, plainName } from '../statement-text.ts';
import { type DeployedSchemas, objectName, type Step } from './deployment-text.ts';
import { type DeploymentPlace, step } from './model-functions.ts';

interface Parameter {
  readonly name: string;
  readonly type: 'integer' | 'string';
  readonly description: string;
}

interface AskedProcedure {
  /** Of the tool and of the procedure. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
}

/** The tools whose answers are written to Snowflake, because forecasts need more than SQL. */
export const ANSWERED = [
  'get_shop_overview',
  'get_at_risk_customers',
  'explain_churn_risk',
  'get_churn_metrics',
] as const;
export type AnsweredTool = (typeof ANSWERED)[number];

const ASKED: readonly AskedProcedure[] = [
  {
    name: 'get_shop_overview',
    title: 'Shop overview',
    description:
      'How the shop is doing: customers, those at risk, segments, and how far the forecast can be trusted.',
    parameters: [],
  },
  {
    name: 'get_at_risk_customers',
    title: 'Customers at risk',
    description: 'The customers who are most likely to leave, with risk, history and value.',
    parameters: [],
  },
  {
    name: 'explain_churn_risk',
    title: 'One customer in full',
    description:
      'One customer: history, risk of leaving, what speaks for leaving and staying, and what to offer. For customers whom get_at_risk_customers lists.',
    parameters: [{ name: 'customer_id', type: 'string', description: 'The id of the customer.' }],
  },
  {
    name: 'get_churn_metrics',
    title: 'Quality of the forecast',
    description: 'How good the churn forecast is: what it said of earlier days and what happened.',
    parameters: [],
  },
  {
    name: 'get_product_recommendations',
    title: 'Product recommendations',
    description:
      'Products to offer the customers of a segment, by the probability that they buy them next. Segments: LOW_ENGAGEMENT, HIGH_VALUE_INACTIVE, HIGH_VALUE_ACTIVE, NEW_CUSTOMERS, AT_RISK, REGULAR.',
    parameters: [
      { name: 'n_customers', type: 'integer', description: 'Customers, 1 to 1000; 3 by default.' },
      { name: 'n_products', type: 'integer', description: 'Products per customer, 1 to 100; 3 by default.' },
      { name: 'segment', type: 'string', description: 'The name of a segment; LOW_ENGAGEMENT by default.' },
    ],
  },
];

const NOT_WRITTEN =
  'There is no answer yet. The command "churn-mcp deploy snowflake" writes it: run it, or ask the person who deployed churn-mcp to run it.';
const NOT_LISTED =
  'There is no answer for this customer here: only for the customers whom get_at_risk_customers lists. The churn-mcp server answers for every customer.';

export function answerSteps(place: DeploymentPlace): Step[] {
  return [
    step('295_answers', '', place, {}),
    ...answered().map(({ name, title, parameters }) =>
      step('420_answer', name, place, {
        object: objectName(place.schemas.models, name),
        parameters: parameters.map((parameter) => `${parameter.name} varchar`).join(', '),
        purpose: literal(`churn-mcp: ${title}`),
        missing: literal(parameters.length === 0 ? NOT_WRITTEN : NOT_LISTED),
        tool: literal(name),
        subject: parameters.length === 0 ? "''" : `trim(:${parameters[0].name})`,
      }),
    ),
  ];
}

/** The name of each procedure with an answer, and the types of its arguments. */
export function answerProcedures({ schemas }: DeploymentPlace) {
  return answered().map(({ name, parameters }) => ({
    name,
    object: objectName(schemas.models, name),
    types: parameters.map(() => 'varchar').join(', '),
  }));
}

function answered(): AskedProcedure[] {
  return ASKED.filter(({ name }) => ANSWERED.some((tool) => tool === name));
}

/** The tools of an agent, as lines of its specification. */
export function agentTools(warehouse: string, place: DeploymentPlace) {
  return {
    tools: ASKED.map(({ name, description, parameters }) =>
      lines('  ', [
        '- tool_spec:',
        '    type: generic',
        `    name: ${name}`,
        `    description: ${yamlText(description)}`,
        '    input_schema:',
        ...schemaLines(parameters).map((line) => `      ${line}`),
      ]),
    ).join('\n'),
    resources: ASKED.map(({ name }) =>
      lines('  ', [
        `${name}:`,
        '  type: procedure',
        `  identifier: ${identifierOf(name, place)}`,
        // As it is stored: quotes would be taken for a part of it.
        `  execution_environment: {type: warehouse, warehouse: ${yamlText(warehouse)}}`,
      ]),
    ).join('\n'),
  };
}

/** As it is stored. */
export function externalServerName({ models }: DeployedSchemas): string[] {
  return [...models, 'CHURN_MCP_EXTERNAL'];
}

/** The server outside of the account, from which an agent takes more tools. */
export function agentServers({ schemas }: DeploymentPlace): string {
  const name = yamlText(plainName(...externalServerName(schemas)));
  return ['mcp_servers:', '  - server_spec:', `      name: ${name}`].join('\n');
}

/** The same of an MCP server. */
export function serverTools(warehouse: string, place: DeploymentPlace) {
  return {
    tools: ASKED.map(({ name, title, description, parameters }) =>
      lines('  ', [
        `- name: ${name}`,
        '  type: GENERIC',
        `  identifier: ${identifierOf(name, place)}`,
        `  title: ${yamlText(title)}`,
        `  description: ${yamlText(`${description} Made by churn-mcp.`)}`,
        '  config:',
        '    type: procedure',
        `    warehouse: ${yamlText(warehouse)}`,
        '    input_schema:',
        ...schemaLines(parameters).map((line) => `      ${line}`),
      ]),
    ).join('\n'),
  };
}

function schemaLines(parameters: readonly Parameter[]): string[] {
  if (parameters.length === 0) return ['type: object', 'properties: {}'];
  return [
    'type: object',
    'properties:',
    ...parameters.map(
      ({ name, type, description }) => `  ${name}: {type: ${type}, description: ${yamlText(description)}}`,
    ),
  ];
}

function identifierOf(name: string, { schemas }: DeploymentPlace): string {
  return yamlText(plainName(...schemas.models, name.toUpperCase()));
}

function lines(indent: string, texts: readonly string[]): string {
  return texts.map((text) => `${indent}${text}`).join('\n');
}

/** As JSON, which is YAML too. */
export function yamlText(text: string): string {
  return JSON.stringify(text);
}
