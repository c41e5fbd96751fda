import type { Connection } from 'snowflake-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runCli } from '../helpers/cli-process.ts';
import { copyOfHome } from '../helpers/shared-homes.ts';
import { connectDriver, disconnect, execute } from '../helpers/snowflake/driver-connection.ts';
import { ACCOUNT, USER } from '../helpers/snowflake/snowflake-sessions.ts';
import { currentSnapshotFile, PASSWORD } from '../helpers/snowflake/snowflake-shop.ts';
import { TestSnowflake } from '../helpers/snowflake/test-snowflake.ts';

const listedSchema = z.object({ customers: z.array(z.object({ customer_id: z.int() })) });

let testServer: TestSnowflake;
let connection: Connection;
let env: Record<string, string>;

beforeAll(async () => {
  const home = await copyOfHome('trained demo');
  testServer = await TestSnowflake.start({
    user: { password: PASSWORD },
    snapshot: await currentSnapshotFile(home),
  });
  connection = await connectDriver({
    account: ACCOUNT,
    username: USER,
    password: PASSWORD,
    accessUrl: testServer.url,
  });
  env = {
    CHURN_MCP_HOME: home,
    CHURN_MCP_DATA_SOURCE: 'snowflake',
    CHURN_MCP_SNOWFLAKE_ACCOUNT: ACCOUNT,
    CHURN_MCP_SNOWFLAKE_USER: USER,
    CHURN_MCP_SNOWFLAKE_PASSWORD: PASSWORD,
    CHURN_MCP_SNOWFLAKE_WAREHOUSE: 'LOAD',
    CHURN_MCP_SNOWFLAKE_URL: testServer.url,
  };
});

afterAll(async () => {
  await disconnect(connection);
  await testServer[Symbol.asyncDispose]();
});

async function called(procedure: string): Promise<string> {
  const rows = await execute(connection, `call "AUTOMATED_INTELLIGENCE"."MODELS".${procedure}`);
  return z.tuple([z.tuple([z.string()])]).parse(rows)[0][0];
}

async function told(...args: readonly string[]): Promise<string> {
  const { code, stdout } = await runCli(['call', ...args], env);
  expect(code).toBe(0);
  return stdout.trimEnd();
}

describe('the procedures that a deployment makes', () => {
  it('give the texts of the tools inside Snowflake', async () => {
    const made = await runCli(['deploy', 'snowflake', '--only', 'schemas,answers', '--quiet'], env);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/ \d+ answers written for those who ask there\.\n$/);
    expect(await called('"GET_SHOP_OVERVIEW"()')).toBe(await told('get_shop_overview'));
    expect(await called('"GET_CHURN_METRICS"()')).toBe(await told('get_churn_metrics'));
    expect(await called('"GET_AT_RISK_CUSTOMERS"()')).toBe(await told('get_at_risk_customers'));
    const listed = await told('get_at_risk_customers', 'limit=1', '--json');
    const [{ customer_id }] = listedSchema.parse(JSON.parse(listed)).customers;
    const text = await told('explain_churn_risk', `customer_id=${customer_id}`);
    expect(await called(`"EXPLAIN_CHURN_RISK"('${customer_id}')`)).toBe(text);
    expect(await called(`"EXPLAIN_CHURN_RISK"('nobody')`)).toMatchInlineSnapshot(
      `"There is no answer for this customer here: only for the customers whom get_at_risk_customers lists. The churn-mcp server answers for every customer."`,
    );
  });

  it('forget what a second deployment no longer answers', async () => {
    const table = '"AUTOMATED_INTELLIGENCE"."MODELS"."ANSWERS"';
    await execute(
      connection,
      `insert into ${table} values ('explain_churn_risk', 'gone', 'old', timestamp '2020-01-01')`,
    );
    expect(await called(`"EXPLAIN_CHURN_RISK"('gone')`)).toBe('old');
    await runCli(['deploy', 'snowflake', '--only', 'answers', '--quiet'], env);
    expect(await called(`"EXPLAIN_CHURN_RISK"('gone')`)).toContain(
      'There is no answer for this customer here',
    );
  });

  it('are removed again', async () => {
    expect(await runCli(['undeploy', 'snowflake', '--quiet'], env)).toMatchObject({ code: 0 });
    const left = [...testServer.objects.keys()].filter((key) => /^procedure|ANSWERS/.test(key));
    expect(left).toEqual([]);
  });
});
