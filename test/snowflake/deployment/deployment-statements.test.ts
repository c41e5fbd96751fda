import { Dialect, init, parse } from '@polyglot-sql/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelRegistry } from '../../../src/registry/model-registry.ts';
import { planDeployment } from '../../../src/snowflake/deployment/deployment.ts';
import { DEFAULT_PARTS, PARTS, type Part } from '../../../src/snowflake/deployment/deployment-part.ts';
import type { Step } from '../../../src/snowflake/deployment/deployment-text.ts';
import { draftRegistry, planned } from '../../helpers/snowflake/deployed-account.ts';
import { snowflakeConfig } from '../../helpers/snowflake/snowflake-shop.ts';

/** Nothing is sent. */
const NO_SERVER = { url: 'http://127.0.0.1' };

let registry: ModelRegistry;

beforeAll(async () => {
  await init();
  registry = await draftRegistry();
});

const plan = (parts?: readonly Part[]) => planned(registry, snowflakeConfig(NO_SERVER), parts);

describe('the statements of a deployment', () => {
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
      const config = snowflakeConfig(NO_SERVER, settings);
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

  it('give the agent the tools of the external server, if there is one', async () => {
    const server =
      'mcp_servers:\n  - server_spec:\n      name: "AUTOMATED_INTELLIGENCE.MODELS.CHURN_MCP_EXTERNAL"\n$$';
    const agentOf = (steps: readonly Step[]) => steps.find(({ file }) => file === '510_agent')?.text;
    expect(agentOf(await plan(['agent']))).not.toContain('mcp_servers');
    const both = await plan(['agent', 'external-mcp']);
    expect(both.map(({ file }) => file).indexOf('504_external_mcp_server')).toBeLessThan(
      both.map(({ file }) => file).indexOf('510_agent'),
    );
    expect(agentOf(both)).toContain(server);
    const config = snowflakeConfig(NO_SERVER);
    const options = { config, warehouse: 'W', parts: ['agent'] as const, models: [] };
    expect(agentOf(planDeployment({ ...options, hasExternalServer: true }))).toContain(server);
  });

  it('retrain in a container that knows the configuration, and log in anew for each command', async () => {
    const [{ text }] = await plan(['task']);
    expect(text.slice(text.indexOf('create or replace'))).toMatchInlineSnapshot(`
      "create or replace task "AUTOMATED_INTELLIGENCE"."MODELS"."RETRAIN_CHURN"
      schedule = 'USING CRON 0 4 * * 1 UTC'
      comment = 'churn-mcp: trains again every week'
      as
      execute job service
      in compute pool "CHURN_MCP_AUTOMATED_INTELLIGENCE_POOL"
      async = true
      replicas = 1
      query_warehouse = "SHOP ""W"""
      from specification
      $$
      spec:
        containers:
          - name: churn-mcp
            image: "/automated_intelligence/models/images/churn-mcp:1"
            command: [sh, -c]
            args:
              - |-
                export CHURN_MCP_SNOWFLAKE_ACCOUNT="$SNOWFLAKE_ACCOUNT" CHURN_MCP_SNOWFLAKE_URL="https://$SNOWFLAKE_HOST"
                run() { node dist/cli.js "$@"; }
                run models pull --promote
                run retrain --model customer_churn_forecast --quiet
                run retrain --model product_recommendation --quiet
                run models push && run deploy snowflake --only inference,procedure,answers --quiet && run score --model customer_churn_forecast --to-snowflake
            env:
              CHURN_MCP_HOME: /tmp/churn-mcp
              CHURN_MCP_DATA_SOURCE: snowflake
              CHURN_MCP_SNOWFLAKE_AUTHENTICATOR: oauth
              CHURN_MCP_SNOWFLAKE_TOKEN_FILE: /snowflake/session/token
              CHURN_MCP_SNOWFLAKE_CUSTOMERS: "\\"AUTOMATED_INTELLIGENCE\\".\\"RAW\\".\\"CUSTOMERS\\""
              CHURN_MCP_SNOWFLAKE_ORDERS: "\\"AUTOMATED_INTELLIGENCE\\".\\"RAW\\".\\"ORDERS\\""
              CHURN_MCP_SNOWFLAKE_ORDER_ITEMS: "\\"AUTOMATED_INTELLIGENCE\\".\\"RAW\\".\\"ORDER_ITEMS\\""
              CHURN_MCP_SNOWFLAKE_PRODUCT_CATALOG: "\\"AUTOMATED_INTELLIGENCE\\".\\"RAW\\".\\"PRODUCT_CATALOG\\""
              CHURN_MCP_SNOWFLAKE_WORK_SCHEMA: "\\"AUTOMATED_INTELLIGENCE\\".\\"RAW\\""
              CHURN_MCP_SNOWFLAKE_MODELS_SCHEMA: "\\"AUTOMATED_INTELLIGENCE\\".\\"MODELS\\""
              CHURN_MCP_SNOWFLAKE_WAREHOUSE: "\\"SHOP \\"\\"W\\"\\"\\""
              CHURN_MCP_SNOWFLAKE_BULK_FROM: "1000000"
              CHURN_MCP_SNOWFLAKE_TIMEOUT_S: "60"
              CHURN_MCP_SNOWFLAKE_TIME_TRAVEL: "true"
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
