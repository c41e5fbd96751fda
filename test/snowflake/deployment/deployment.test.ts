import { Dialect, init, parse } from '@polyglot-sql/sdk';
import type { Connection } from 'snowflake-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createServices } from '../../../src/server/create-services.ts';
import type { Services } from '../../../src/server/services.ts';
import { planDeployment, planRemoval } from '../../../src/snowflake/deployment/deployment.ts';
import { DEFAULT_PARTS, PARTS } from '../../../src/snowflake/deployment/deployment-part.ts';
import type { Step } from '../../../src/snowflake/deployment/deployment-text.ts';
import { runDeployment, runRemoval } from '../../../src/snowflake/deployment/run-deployment.ts';
import { callText, connectClient } from '../../helpers/mcp-client.ts';
import { copyOfHome } from '../../helpers/shared-homes.ts';
import { connectDriver, disconnect, execute } from '../../helpers/snowflake/driver-connection.ts';
import { ACCOUNT, USER } from '../../helpers/snowflake/snowflake-sessions.ts';
import { currentSnapshotFile, PASSWORD, snowflakeConfig } from '../../helpers/snowflake/snowflake-shop.ts';
import { TestSnowflake } from '../../helpers/snowflake/test-snowflake.ts';

const MODELS = ['customer_churn_predictor', 'customer_churn_forecast', 'product_recommendation'] as const;

let home: string;
let testServer: TestSnowflake;
let services: Services;
let connection: Connection;

beforeAll(async () => {
  home = await copyOfHome('demo shop');
  testServer = await TestSnowflake.start({
    user: { password: PASSWORD },
    snapshot: await currentSnapshotFile(home),
  });
  services = createServices({ home, threads: 1, showContacts: false, now: () => new Date('2026-02-01') });
  await call('train_churn_model', { label: 'inactivity' });
  await call('train_churn_model', { label: 'forward' });
  await call('train_recommendation_model', {});
  connection = await connectDriver({
    account: ACCOUNT,
    username: USER,
    password: PASSWORD,
    accessUrl: testServer.url,
  });
});

afterAll(async () => {
  await disconnect(connection);
  await services[Symbol.asyncDispose]();
  await testServer[Symbol.asyncDispose]();
});

async function call(tool: string, args: Record<string, unknown>) {
  const client = await connectClient(services);
  try {
    return await callText(client, tool, args);
  } finally {
    await client.close();
  }
}

async function plan(
  parts: readonly (typeof PARTS)[number][] = DEFAULT_PARTS,
  grantTo?: string,
): Promise<Step[]> {
  const models = await Promise.all(
    MODELS.map(async (model) => ({
      ...(await services.registry.load(model)),
      onnxFile: `/models/${model}.onnx`,
    })),
  );
  return planDeployment({
    config: snowflakeConfig(testServer),
    warehouse: 'SHOP "W"',
    parts,
    models,
    grantTo,
    external: {
      url: new URL('https://churn.example.com/mcp'),
      clientId: "it's me",
      clientSecret: 'hush',
      tokenEndpoint: 'https://login.example.com/token',
      authorizationEndpoint: 'https://login.example.com/authorize',
    },
    retraining: { computePool: 'POOL', image: '/shop/models/images/churn-mcp:1' },
  });
}

const RUN = { signal: new AbortController().signal, onStep: () => undefined };

function deploy(steps: readonly Step[], replace = false): Promise<void> {
  return runDeployment(steps, snowflakeConfig(testServer), { ...RUN, replace });
}

/** What stayed because others made it. */
function undeploy(all = false): Promise<string[]> {
  const config = snowflakeConfig(testServer);
  return runRemoval(planRemoval(config, MODELS.slice(0, 2), all), config, RUN);
}

describe('a deployment', () => {
  it('makes the objects that it lists, and can be repeated', async () => {
    await deploy(await plan());
    const once = [...testServer.objects.keys()].sort();
    await deploy(await plan());
    expect([...testServer.objects.keys()].sort()).toEqual(once);
    // How many parts a model has follows from its trees.
    const kinds = once.map((key) =>
      key
        .replace('AUTOMATED_INTELLIGENCE.', '')
        .replace(/\(.*\)$/, '')
        .replace(/_PART_\d+$/, '_PART_N'),
    );
    expect([...new Set(kinds)]).toMatchInlineSnapshot(`
      [
        "agent MODELS.CHURN_AGENT",
        "dynamic table INTERACTIVE.CHURN_FEATURES",
        "dynamic table INTERACTIVE.CUSTOMER_MONTHS",
        "dynamic table INTERACTIVE.CUSTOMER_ORDER_TOTALS",
        "dynamic table INTERACTIVE.CUSTOMER_SEGMENTS",
        "dynamic table INTERACTIVE.ENRICHED_ORDERS",
        "dynamic table INTERACTIVE.PRODUCT_NEIGHBORS",
        "dynamic table INTERACTIVE.PRODUCT_STATISTICS",
        "dynamic table INTERACTIVE.PURCHASED_PAIRS",
        "dynamic table INTERACTIVE.RECOMMENDATION_CUSTOMERS",
        "dynamic table INTERACTIVE.RECOMMENDATION_PRODUCTS",
        "function CHURN_MCP_FUNCTIONS.CUSTOMER_CHURN_FORECAST",
        "function CHURN_MCP_FUNCTIONS.CUSTOMER_CHURN_FORECAST_PART_N",
        "function CHURN_MCP_FUNCTIONS.CUSTOMER_CHURN_PREDICTOR",
        "function CHURN_MCP_FUNCTIONS.CUSTOMER_CHURN_PREDICTOR_PART_N",
        "function CHURN_MCP_FUNCTIONS.PRODUCT_RECOMMENDATION",
        "function CHURN_MCP_FUNCTIONS.PRODUCT_RECOMMENDATION_PART_N",
        "function CHURN_MCP_FUNCTIONS.PRODUCT_RECOMMENDATION_RANK",
        "function CHURN_MCP_FUNCTIONS.PRODUCT_RECOMMENDATION_RANK_PART_N",
        "function CHURN_MCP_FUNCTIONS.SHOWN_TEXT",
        "mcp server MODELS.CHURN_MCP_SERVER",
        "procedure MODELS.EXPLAIN_CHURN_RISK",
        "procedure MODELS.GET_AT_RISK_CUSTOMERS",
        "procedure MODELS.GET_CHURN_METRICS",
        "procedure MODELS.GET_PRODUCT_RECOMMENDATIONS",
        "procedure MODELS.GET_SHOP_OVERVIEW",
        "schema CHURN_MCP_FUNCTIONS",
        "schema INTERACTIVE",
        "schema MODELS",
        "stage MODELS.MODEL_FILES",
        "table MODELS.ANSWERS",
        "table MODELS.CAMPAIGNS",
        "table MODELS.CAMPAIGN_CUSTOMERS",
        "table MODELS.CAMPAIGN_MEASUREMENTS",
        "table MODELS.CHURN_PREDICTIONS",
        "table MODELS.MODEL_METRICS",
        "table MODELS.MODEL_VERSIONS",
        "view MODELS.CAMPAIGN_RESULTS",
        "view MODELS.CUSTOMER_CHURN_FORECAST_PROBABILITIES",
        "view MODELS.CUSTOMER_CHURN_PREDICTOR_PROBABILITIES",
      ]
    `);
  });

  it.each(['customer_churn_predictor', 'customer_churn_forecast'] as const)(
    'scores every customer with %s as this server does',
    async (model) => {
      const scores = await services.score({ model }, { signal: new AbortController().signal });
      const { version } = await services.registry.card(model);
      const rows = z
        .array(z.tuple([z.number(), z.string(), z.number()]))
        .parse(
          await execute(
            connection,
            `select customer_id, model_version, churn_probability from "AUTOMATED_INTELLIGENCE"."MODELS"."${model.toUpperCase()}_PROBABILITIES" order by customer_id`,
          ),
        );
      expect(rows.map(([id]) => id)).toEqual(scores.customerIds);
      expect(new Set(rows.map(([, scoredBy]) => scoredBy))).toEqual(new Set([version]));
      const distances = rows.map(([, , score], row) => Math.abs(score - scores.probabilities[row]));
      expect(Math.max(...distances)).toBeLessThan(1e-6);
    },
  );

  it.each([
    [3, 3, 'LOW_ENGAGEMENT'],
    [10, 2, 'HIGH_VALUE_ACTIVE'],
    [5, 100, 'NEW_CUSTOMERS'],
    [4, 3, 'at risk'],
    [4, 3, 'REGULAR'],
  ])(
    'returns the text of the tool for %j customers, %j products, %j',
    async (n_customers, n_products, segment) => {
      const expected = await call('get_product_recommendations', { n_customers, n_products, segment });
      const rows = await execute(
        connection,
        `call "AUTOMATED_INTELLIGENCE"."MODELS"."GET_PRODUCT_RECOMMENDATIONS"(${n_customers}, ${n_products}, '${segment}')`,
      );
      expect(z.tuple([z.tuple([z.string()])]).parse(rows)[0][0]).toBe(expected.text);
    },
  );

  it('reads with a statement that is Snowflake SQL and binds its arguments', async () => {
    await init();
    const [, { text }] = await plan(['procedure']);
    const [, statement = ''] = /\bfrom \((.*)\n {4}\);/s.exec(text) ?? [];
    const plain = statement.replaceAll(/"AUTOMATED_INTELLIGENCE"\."CHURN_MCP_FUNCTIONS"\."(\w+)"/g, '$1');
    expect(parse(plain, Dialect.Snowflake)).toMatchObject({ success: true });
    expect(plain).toContain('trim(:segment)');
    expect(text).not.toMatch(/execute immediate/i);
  });

  it('can be used by another role, which may write nothing', async () => {
    await deploy(await plan(DEFAULT_PARTS, 'SHOP "FLOOR"'));
    const granted = [...testServer.grants].map((text) =>
      text
        .replaceAll('"AUTOMATED_INTELLIGENCE".', '')
        .replace(/_PART_\d+"/, '_PART_N"')
        .replace(/\((float, )+float\)/, '(float, ...)'),
    );
    expect([...new Set(granted)]).toMatchInlineSnapshot(`
      [
        "grant usage on database "AUTOMATED_INTELLIGENCE" to role "SHOP ""FLOOR"""",
        "grant usage on schema "INTERACTIVE" to role "SHOP ""FLOOR"""",
        "grant usage on schema "MODELS" to role "SHOP ""FLOOR"""",
        "grant usage on schema "CHURN_MCP_FUNCTIONS" to role "SHOP ""FLOOR"""",
        "grant select on dynamic table "INTERACTIVE"."ENRICHED_ORDERS" to role "SHOP ""FLOOR"""",
        "grant select on dynamic table "INTERACTIVE"."CUSTOMER_ORDER_TOTALS" to role "SHOP ""FLOOR"""",
        "grant select on dynamic table "INTERACTIVE"."CUSTOMER_SEGMENTS" to role "SHOP ""FLOOR"""",
        "grant select on dynamic table "INTERACTIVE"."PURCHASED_PAIRS" to role "SHOP ""FLOOR"""",
        "grant select on dynamic table "INTERACTIVE"."CUSTOMER_MONTHS" to role "SHOP ""FLOOR"""",
        "grant select on dynamic table "INTERACTIVE"."PRODUCT_STATISTICS" to role "SHOP ""FLOOR"""",
        "grant select on dynamic table "INTERACTIVE"."RECOMMENDATION_CUSTOMERS" to role "SHOP ""FLOOR"""",
        "grant select on dynamic table "INTERACTIVE"."RECOMMENDATION_PRODUCTS" to role "SHOP ""FLOOR"""",
        "grant select on dynamic table "INTERACTIVE"."PRODUCT_NEIGHBORS" to role "SHOP ""FLOOR"""",
        "grant select on dynamic table "INTERACTIVE"."CHURN_FEATURES" to role "SHOP ""FLOOR"""",
        "grant read on stage "MODELS"."MODEL_FILES" to role "SHOP ""FLOOR"""",
        "grant select on table "MODELS"."MODEL_VERSIONS" to role "SHOP ""FLOOR"""",
        "grant select on table "MODELS"."MODEL_METRICS" to role "SHOP ""FLOOR"""",
        "grant select on table "MODELS"."CHURN_PREDICTIONS" to role "SHOP ""FLOOR"""",
        "grant select on table "MODELS"."CAMPAIGNS" to role "SHOP ""FLOOR"""",
        "grant select on table "MODELS"."CAMPAIGN_CUSTOMERS" to role "SHOP ""FLOOR"""",
        "grant select on table "MODELS"."CAMPAIGN_MEASUREMENTS" to role "SHOP ""FLOOR"""",
        "grant select on view "MODELS"."CAMPAIGN_RESULTS" to role "SHOP ""FLOOR"""",
        "grant usage on function "CHURN_MCP_FUNCTIONS"."CUSTOMER_CHURN_PREDICTOR_PART_N"(float, ...) to role "SHOP ""FLOOR"""",
        "grant usage on function "CHURN_MCP_FUNCTIONS"."CUSTOMER_CHURN_PREDICTOR"(float, ...) to role "SHOP ""FLOOR"""",
        "grant usage on function "CHURN_MCP_FUNCTIONS"."CUSTOMER_CHURN_FORECAST_PART_N"(float, ...) to role "SHOP ""FLOOR"""",
        "grant usage on function "CHURN_MCP_FUNCTIONS"."CUSTOMER_CHURN_FORECAST"(float, ...) to role "SHOP ""FLOOR"""",
        "grant usage on function "CHURN_MCP_FUNCTIONS"."PRODUCT_RECOMMENDATION_PART_N"(float, ...) to role "SHOP ""FLOOR"""",
        "grant usage on function "CHURN_MCP_FUNCTIONS"."PRODUCT_RECOMMENDATION"(float, ...) to role "SHOP ""FLOOR"""",
        "grant usage on function "CHURN_MCP_FUNCTIONS"."PRODUCT_RECOMMENDATION_RANK_PART_N"(float, ...) to role "SHOP ""FLOOR"""",
        "grant usage on function "CHURN_MCP_FUNCTIONS"."PRODUCT_RECOMMENDATION_RANK"(float, ...) to role "SHOP ""FLOOR"""",
        "grant select on view "MODELS"."CUSTOMER_CHURN_PREDICTOR_PROBABILITIES" to role "SHOP ""FLOOR"""",
        "grant select on view "MODELS"."CUSTOMER_CHURN_FORECAST_PROBABILITIES" to role "SHOP ""FLOOR"""",
        "grant usage on function "CHURN_MCP_FUNCTIONS"."SHOWN_TEXT"(varchar) to role "SHOP ""FLOOR"""",
        "grant usage on procedure "MODELS"."GET_PRODUCT_RECOMMENDATIONS"(integer, integer, varchar) to role "SHOP ""FLOOR"""",
        "grant select on table "MODELS"."ANSWERS" to role "SHOP ""FLOOR"""",
        "grant usage on procedure "MODELS"."GET_SHOP_OVERVIEW"() to role "SHOP ""FLOOR"""",
        "grant usage on procedure "MODELS"."GET_AT_RISK_CUSTOMERS"() to role "SHOP ""FLOOR"""",
        "grant usage on procedure "MODELS"."EXPLAIN_CHURN_RISK"(varchar) to role "SHOP ""FLOOR"""",
        "grant usage on procedure "MODELS"."GET_CHURN_METRICS"() to role "SHOP ""FLOOR"""",
        "grant usage on agent "MODELS"."CHURN_AGENT" to role "SHOP ""FLOOR"""",
        "grant usage on mcp server "MODELS"."CHURN_MCP_SERVER" to role "SHOP ""FLOOR"""",
      ]
    `);
    const grants = (await plan(PARTS, 'R')).filter(({ file }) => file === '710_use_object');
    expect(new Set(grants.map(({ text }) => /^grant (\w+)/m.exec(text)?.[1]))).toEqual(
      new Set(['usage', 'select', 'read']),
    );
  });

  it('makes roles with the least that each needs, if they are named', async () => {
    await deploy(await plan(['schemas', 'models']));
    const steps = await plan(['roles']);
    await deploy(steps);
    const texts = steps.map(({ text }) =>
      text.replace(/^--[^\n]*\n/, '').replaceAll('"AUTOMATED_INTELLIGENCE".', ''),
    );
    expect(texts.filter((text) => !text.startsWith('create role'))).toMatchInlineSnapshot(`
      [
        "grant usage on warehouse "SHOP ""W""" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant usage on database "AUTOMATED_INTELLIGENCE" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant usage on schema "RAW" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant select on table "RAW"."CUSTOMERS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant select on table "RAW"."ORDERS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant select on table "RAW"."ORDER_ITEMS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant select on table "RAW"."PRODUCT_CATALOG" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant usage, create dynamic table on schema "INTERACTIVE" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant usage, create table, create view, create stage, create procedure, create agent, create mcp server on schema "MODELS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant usage, create function on schema "CHURN_MCP_FUNCTIONS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant usage on warehouse "SHOP ""W""" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_READER"",
        "grant usage on database "AUTOMATED_INTELLIGENCE" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_READER"",
        "grant usage on schema "RAW" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_READER"",
        "grant select on table "RAW"."CUSTOMERS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_READER"",
        "grant select on table "RAW"."ORDERS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_READER"",
        "grant select on table "RAW"."ORDER_ITEMS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_READER"",
        "grant select on table "RAW"."PRODUCT_CATALOG" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_READER"",
        "grant usage on warehouse "SHOP ""W""" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_RETRAINER"",
        "grant usage on database "AUTOMATED_INTELLIGENCE" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_RETRAINER"",
        "grant usage on schema "RAW" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_RETRAINER"",
        "grant select on table "RAW"."CUSTOMERS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_RETRAINER"",
        "grant select on table "RAW"."ORDERS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_RETRAINER"",
        "grant select on table "RAW"."ORDER_ITEMS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_RETRAINER"",
        "grant select on table "RAW"."PRODUCT_CATALOG" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_RETRAINER"",
        "grant usage on schema "MODELS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_RETRAINER"",
        "grant read, write on stage "MODELS"."MODEL_FILES" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_RETRAINER"",
        "grant select, insert, update on table "MODELS"."MODEL_VERSIONS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_RETRAINER"",
        "grant select, insert, update on table "MODELS"."MODEL_METRICS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_RETRAINER"",
        "grant select, insert, update on table "MODELS"."CHURN_PREDICTIONS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_RETRAINER"",
        "alter table "RAW"."CUSTOMERS" set change_tracking = true",
        "alter table "RAW"."ORDERS" set change_tracking = true",
        "alter table "RAW"."ORDER_ITEMS" set change_tracking = true",
        "alter table "RAW"."PRODUCT_CATALOG" set change_tracking = true",
      ]
    `);
    await undeploy(true);
    expect([...testServer.objects.keys()].filter((key) => key.startsWith('role'))).toEqual([]);
    await deploy(await plan());
  });

  it('can be removed again', async () => {
    await deploy(await plan());
    expect(await undeploy()).toEqual([]);
    const left = [...testServer.objects.keys()].map((key) => key.replace('AUTOMATED_INTELLIGENCE.', ''));
    expect(left.sort()).toMatchInlineSnapshot(`
      [
        "schema CHURN_MCP_FUNCTIONS",
        "schema INTERACTIVE",
        "schema MODELS",
        "stage MODELS.MODEL_FILES",
        "table MODELS.CAMPAIGNS",
        "table MODELS.CAMPAIGN_CUSTOMERS",
        "table MODELS.CAMPAIGN_MEASUREMENTS",
        "table MODELS.CHURN_PREDICTIONS",
        "table MODELS.MODEL_METRICS",
        "table MODELS.MODEL_VERSIONS",
      ]
    `);
    await deploy(await plan());
  });

  it('reports the error of Snowflake, and at which step it happened', async () => {
    const [step] = await plan(['interactive']);
    const wrong = {
      ...step,
      text: 'create or replace view "AUTOMATED_INTELLIGENCE"."MODELS"."V" as select nothing',
    };
    await expect(deploy([wrong])).rejects.toMatchObject({
      code: 'SNOWFLAKE_DEPLOY',
      message: expect.stringContaining('Snowflake refused step 210_customer_order_analytics'),
    });
  });

  it('makes all that can do without a step which Snowflake refuses, and says what is missing', async () => {
    const steps = await plan(['schemas', 'serving', 'interactive', 'models', 'agent']);
    const refused = steps.map((step) =>
      step.part === 'serving'
        ? { ...step, text: 'create or replace view "X"."Y"."Z" as select nothing' }
        : step,
    );
    const sent: string[] = [];
    const run = {
      signal: new AbortController().signal,
      onStep: ({ file }: { file: string }) => sent.push(file),
    };
    await expect(runDeployment(refused, snowflakeConfig(testServer), run)).rejects.toMatchObject({
      code: 'SNOWFLAKE_DEPLOY',
      message: expect.stringMatching(/^Snowflake refused step 110_enriched_orders: [^\n]+$/),
      hint: expect.stringContaining('Not made, or not whole: serving, interactive, agent.'),
    });
    expect(sent).toEqual([
      '010_interactive_schema',
      '020_models_schema',
      '030_functions_schema',
      '110_enriched_orders',
      '220_model_files',
      '230_model_versions',
      '240_model_metrics',
      '250_churn_predictions',
    ]);
  });
});

describe('the statements of a deployment', () => {
  beforeAll(() => init());

  it('quote every name and literal that is configured', async () => {
    const all = await plan(PARTS);
    const texts = all.map(({ text }) => text).join('\n');
    expect(texts).toContain('warehouse = "SHOP ""W"""');
    expect(texts).toContain("oauth_client_id = 'it''s me'");
    expect(texts).not.toMatch(/\bblank_/);
  });

  it('make no warehouse that bills for ever, and none at all unless it is named', async () => {
    expect((await plan()).filter(({ text }) => /warehouse if not exists/.test(text))).toEqual([]);
    const [, warehouse] = await plan(['interactive']);
    expect(warehouse.text).toMatch(/auto_suspend = \d+\nauto_resume = true\ncomment = .*$/);
  });

  it.each([{ modelsSchema: 'SHOP."MO$$DELS"' }, { orders: 'RAW."$$"' }])(
    'refuse a name that would end the text of a function: %j',
    async (settings) => {
      const config = snowflakeConfig(testServer, settings);
      expect(() => planDeployment({ config, warehouse: 'W', parts: ['schemas'], models: [] })).toThrow(
        'contains two dollar signs, at which the text of a function ends.',
      );
    },
  );

  it('name the warehouse in specifications as it is stored, and objects without quotes if they need none', async () => {
    const texts = (await plan(['agent', 'mcp'])).map(({ text }) => text);
    for (const text of texts) {
      expect(text).toContain('warehouse: "SHOP \\"W\\""');
      expect(text).toContain('identifier: "AUTOMATED_INTELLIGENCE.MODELS.GET_PRODUCT_RECOMMENDATIONS"');
    }
  });

  it('retrain in a container that knows the configuration, and log in anew for each command', async () => {
    const [{ text }] = await plan(['task']);
    expect(text.slice(text.indexOf('create or replace'))).toMatchInlineSnapshot(`
      "create or replace task "AUTOMATED_INTELLIGENCE"."MODELS"."RETRAIN_CHURN"
      schedule = 'USING CRON 0 4 * * 1 UTC'
      comment = 'churn-mcp: trains again every week'
      as
      execute job service
      in compute pool "POOL"
      async = true
      replicas = 1
      query_warehouse = "SHOP ""W"""
      from specification
      $$
      spec:
        containers:
          - name: churn-mcp
            image: "/shop/models/images/churn-mcp:1"
            command: [sh, -c]
            args:
              - |-
                run() { CHURN_MCP_SNOWFLAKE_TOKEN="$(cat /snowflake/session/token)" node dist/cli.js "$@"; }
                export CHURN_MCP_SNOWFLAKE_ACCOUNT="$SNOWFLAKE_ACCOUNT" CHURN_MCP_SNOWFLAKE_URL="https://$SNOWFLAKE_HOST"
                run models pull --promote
                run retrain --model customer_churn_forecast --quiet
                run retrain --model product_recommendation --quiet
                run models push && run deploy snowflake --only inference,procedure,answers --quiet && run score --model customer_churn_forecast --to-snowflake
            env:
              CHURN_MCP_HOME: /tmp/churn-mcp
              CHURN_MCP_DATA_SOURCE: snowflake
              CHURN_MCP_SNOWFLAKE_AUTHENTICATOR: oauth
              CHURN_MCP_SNOWFLAKE_CUSTOMERS: "\\"AUTOMATED_INTELLIGENCE\\".\\"RAW\\".\\"CUSTOMERS\\""
              CHURN_MCP_SNOWFLAKE_ORDERS: "\\"AUTOMATED_INTELLIGENCE\\".\\"RAW\\".\\"ORDERS\\""
              CHURN_MCP_SNOWFLAKE_ORDER_ITEMS: "\\"AUTOMATED_INTELLIGENCE\\".\\"RAW\\".\\"ORDER_ITEMS\\""
              CHURN_MCP_SNOWFLAKE_PRODUCT_CATALOG: "\\"AUTOMATED_INTELLIGENCE\\".\\"RAW\\".\\"PRODUCT_CATALOG\\""
              CHURN_MCP_SNOWFLAKE_WORK_SCHEMA: "\\"AUTOMATED_INTELLIGENCE\\".\\"RAW\\""
              CHURN_MCP_SNOWFLAKE_MODELS_SCHEMA: "\\"AUTOMATED_INTELLIGENCE\\".\\"MODELS\\""
              CHURN_MCP_SNOWFLAKE_WAREHOUSE: "\\"SHOP \\"\\"W\\"\\"\\""
              CHURN_MCP_SEGMENTS: "inactive_days=180, high_value_inactive=500, new_orders=2, low_engagement_orders=5, high_value_active=1000"
      $$"
    `);
  });

  it.each([...DEFAULT_PARTS, 'onnx'] as const)(
    'are Snowflake SQL, as far as a parser knows it: %s',
    async (part) => {
      const steps = await plan([part]);
      const unknown = steps
        // The parser does not know that functions and procedures have comments.
        .map((step) => ({ ...step, text: step.text.replace(/^comment = '.*'\n/m, '') }))
        .filter(({ text }) => !parse(text, Dialect.Snowflake).success)
        .map(({ file }) => file);
      expect([...new Set(unknown)]).toEqual(
        NOT_PARSED.filter((file) => steps.some((step) => step.file === file)),
      );
    },
  );
});

/** Kinds of statements that the parser does not know. */
const NOT_PARSED: readonly string[] = [
  // Functions with a schema in double quotes.
  '330_churn_probabilities',
  // Imports and packages.
  '360_score_onnx',
];
