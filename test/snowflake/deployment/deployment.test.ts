import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeployedAccount, openAccount } from '../../helpers/snowflake/deployed-account.ts';

let account: DeployedAccount;

beforeAll(async () => {
  account = await openAccount();
});

afterAll(async () => {
  await account[Symbol.asyncDispose]();
});

describe('a deployment', () => {
  it('makes the objects that it lists, and can be repeated', async () => {
    await account.deploy(await account.plan());
    const once = [...account.testServer.objects.keys()].sort();
    await account.deploy(await account.plan());
    expect([...account.testServer.objects.keys()].sort()).toEqual(once);
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
        "dynamic table INTERACTIVE.COMMON_BUYERS",
        "dynamic table INTERACTIVE.CUSTOMER_MONTHS",
        "dynamic table INTERACTIVE.CUSTOMER_ORDER_TOTALS",
        "dynamic table INTERACTIVE.CUSTOMER_SEGMENTS",
        "dynamic table INTERACTIVE.ENRICHED_ORDERS",
        "dynamic table INTERACTIVE.OBSERVED_BASKETS",
        "dynamic table INTERACTIVE.PRODUCT_LINE_TOTALS",
        "dynamic table INTERACTIVE.PRODUCT_NEIGHBORS",
        "dynamic table INTERACTIVE.PRODUCT_SALES",
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

  it('can be removed again', async () => {
    await account.deploy(await account.plan());
    expect(await account.undeploy()).toEqual([]);
    const left = [...account.testServer.objects.keys()].map((key) =>
      key.replace('AUTOMATED_INTELLIGENCE.', ''),
    );
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
    await account.deploy(await account.plan());
  });

  it('reports the error of Snowflake, and at which step it happened', async () => {
    const [step] = await account.plan(['interactive']);
    const wrong = {
      ...step,
      text: 'create or replace view "AUTOMATED_INTELLIGENCE"."MODELS"."V" as select nothing',
    };
    await expect(account.deploy([wrong])).rejects.toMatchObject({
      code: 'SNOWFLAKE_DEPLOY',
      message: expect.stringContaining('Snowflake refused step 210_customer_order_analytics'),
    });
  });

  it('makes all that can do without a step which Snowflake refuses, and says what is missing', async () => {
    const steps = await account.plan(['schemas', 'serving', 'interactive', 'models', 'agent']);
    const refused = steps.map((step) =>
      step.part === 'serving'
        ? { ...step, text: 'create or replace view "X"."Y"."Z" as select nothing' }
        : step,
    );
    const sent: string[] = [];
    await expect(account.deploy(refused, ({ file }) => sent.push(file))).rejects.toMatchObject({
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
