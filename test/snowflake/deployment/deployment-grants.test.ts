/** Who may use what is deployed, and which roles an administrator can make. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_PARTS, PARTS } from '../../../src/snowflake/deployment/deployment-part.ts';
import { type DeployedAccount, openAccount } from '../../helpers/snowflake/deployed-account.ts';

let account: DeployedAccount;

beforeAll(async () => {
  account = await openAccount();
});

afterAll(async () => {
  await account[Symbol.asyncDispose]();
});

describe('a deployment', () => {
  it('can be used by another role, which may write nothing', async () => {
    await account.deploy(await account.plan(DEFAULT_PARTS, 'SHOP "FLOOR"'));
    const granted = [...account.testServer.grants].map((text) =>
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
        "grant select, monitor on dynamic table "INTERACTIVE"."ENRICHED_ORDERS" to role "SHOP ""FLOOR"""",
        "grant select, monitor on dynamic table "INTERACTIVE"."CUSTOMER_ORDER_TOTALS" to role "SHOP ""FLOOR"""",
        "grant select, monitor on dynamic table "INTERACTIVE"."CUSTOMER_SEGMENTS" to role "SHOP ""FLOOR"""",
        "grant select, monitor on dynamic table "INTERACTIVE"."PURCHASED_PAIRS" to role "SHOP ""FLOOR"""",
        "grant select, monitor on dynamic table "INTERACTIVE"."CUSTOMER_MONTHS" to role "SHOP ""FLOOR"""",
        "grant select, monitor on dynamic table "INTERACTIVE"."PRODUCT_LINE_TOTALS" to role "SHOP ""FLOOR"""",
        "grant select, monitor on dynamic table "INTERACTIVE"."PRODUCT_SALES" to role "SHOP ""FLOOR"""",
        "grant select, monitor on dynamic table "INTERACTIVE"."PRODUCT_STATISTICS" to role "SHOP ""FLOOR"""",
        "grant select, monitor on dynamic table "INTERACTIVE"."RECOMMENDATION_CUSTOMERS" to role "SHOP ""FLOOR"""",
        "grant select, monitor on dynamic table "INTERACTIVE"."RECOMMENDATION_PRODUCTS" to role "SHOP ""FLOOR"""",
        "grant select, monitor on dynamic table "INTERACTIVE"."OBSERVED_BASKETS" to role "SHOP ""FLOOR"""",
        "grant select, monitor on dynamic table "INTERACTIVE"."COMMON_BUYERS" to role "SHOP ""FLOOR"""",
        "grant select, monitor on dynamic table "INTERACTIVE"."PRODUCT_NEIGHBORS" to role "SHOP ""FLOOR"""",
        "grant select, monitor on dynamic table "INTERACTIVE"."CHURN_FEATURES" to role "SHOP ""FLOOR"""",
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
    const grants = (await account.plan(PARTS, 'R')).filter(({ file }) => file === '710_use_object');
    expect(new Set(grants.map(({ text }) => /^grant (\w+)/m.exec(text)?.[1]))).toEqual(
      new Set(['usage', 'select', 'read']),
    );
  });

  it('makes roles with the least that each needs, if they are named', async () => {
    await account.deploy(await account.plan(['schemas', 'models']));
    const steps = await account.plan(['roles']);
    await account.deploy(steps);
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
        "grant create interactive table on schema "INTERACTIVE" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant create warehouse on account to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant create external mcp server on schema "MODELS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant create integration on account to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant create image repository on schema "MODELS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant create compute pool on account to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant create service on schema "MODELS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant bind service endpoint on account to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant create task, create service on schema "MODELS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
        "grant execute task, execute managed task on account to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_DEPLOYER"",
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
        "grant usage, create model on schema "MODELS" to role "CHURN_MCP_AUTOMATED_INTELLIGENCE_RETRAINER"",
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
    await account.undeploy(true);
    expect([...account.testServer.objects.keys()].filter((key) => key.startsWith('role'))).toEqual([]);
  });
});
