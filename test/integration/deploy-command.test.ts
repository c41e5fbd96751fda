import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openRegistry } from '../../src/registry/file-registry.ts';
import { CHAMPION } from '../../src/registry/model-registry.ts';
import { runCli } from '../helpers/cli-process.ts';
import { modelDraft } from '../helpers/model-draft.ts';
import { newTestHome } from '../helpers/snapshot.ts';
import { PASSWORD } from '../helpers/snowflake/snowflake-shop.ts';
import { TestSnowflake } from '../helpers/snowflake/test-snowflake.ts';

const scriptSchema = z.object({ statements: z.array(z.object({ name: z.string(), text: z.string() })) });

let testServer: TestSnowflake;
let env: Record<string, string>;

beforeAll(async () => {
  testServer = await TestSnowflake.start({ user: { password: PASSWORD } });
  env = {
    CHURN_MCP_HOME: await newTestHome(),
    CHURN_MCP_DATA_SOURCE: 'snowflake',
    CHURN_MCP_SNOWFLAKE_ACCOUNT: 'testaccount',
    CHURN_MCP_SNOWFLAKE_USER: 'analyst',
    CHURN_MCP_SNOWFLAKE_PASSWORD: PASSWORD,
    CHURN_MCP_SNOWFLAKE_WAREHOUSE: 'LOAD',
    CHURN_MCP_SNOWFLAKE_URL: testServer.url,
  };
});

afterAll(() => testServer[Symbol.asyncDispose]());

describe('churn-mcp deploy', () => {
  it('prints the statements of a dry run, and sends nothing', async () => {
    const before = testServer.requests.length;
    const result = await runCli(['deploy', 'snowflake', '--only', 'schemas,agent', '--dry-run'], env);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(testServer.requests.length).toBe(before);
    expect(result.stdout.slice(0, result.stdout.indexOf('instructions:'))).toMatchInlineSnapshot(`
      "-- 010_interactive_schema
      -- The schema of the serving tables: what is kept up to date from the orders and read by the functions below.
      create schema if not exists "AUTOMATED_INTELLIGENCE"."INTERACTIVE";
      -- 020_models_schema
      -- The schema of models, predictions, functions and the procedure.
      create schema if not exists "AUTOMATED_INTELLIGENCE"."MODELS";
      -- 030_functions_schema
      -- The schema of the functions that models are made into. Nothing else is in it, so that it can go as a whole.
      create schema if not exists "AUTOMATED_INTELLIGENCE"."CHURN_MCP_FUNCTIONS";
      -- 510_agent
      -- An agent that answers in plain words, with the procedures as its tools.
      create or replace agent "AUTOMATED_INTELLIGENCE"."MODELS"."CHURN_AGENT"
      comment = 'churn-mcp: tells who is about to leave, why, and what to offer.'
      from specification
      $$
      models:
        orchestration: auto
      orchestration:
        budget:
          seconds: 60
          tokens: 32000
      "
    `);
  });

  it('prints the statements of a dry run as JSON, those of a removal too', async () => {
    const parts = ['--only', 'schemas,agent'];
    const made = await runCli(['deploy', 'snowflake', ...parts, '--dry-run', '--json'], env);
    const { statements } = scriptSchema.parse(JSON.parse(made.stdout));
    expect(statements.map(({ name }) => name)).toEqual([
      '010_interactive_schema',
      '020_models_schema',
      '030_functions_schema',
      '510_agent',
    ]);
    expect(statements[0].text).toContain('create schema if not exists');
    const removed = await runCli(['undeploy', 'snowflake', '--dry-run', '--json'], env);
    expect(scriptSchema.parse(JSON.parse(removed.stdout)).statements.length).toBeGreaterThan(0);
  });

  it.each([
    [{ CHURN_MCP_SNOWFLAKE_WAREHOUSE: 'load' }, [], '"LOAD"'],
    [{ CHURN_MCP_SNOWFLAKE_WAREHOUSE: '"load"' }, [], '"load"'],
    [{}, ['--warehouse', 'other'], '"OTHER"'],
  ])('writes the name of the warehouse as Snowflake reads it: %j %j', async (more, flags, name) => {
    const args = ['deploy', 'snowflake', '--only', 'interactive', '--dry-run', ...flags];
    const { stdout } = await runCli(args, { ...env, ...more });
    expect(stdout).toContain(`warehouse = ${name}\n`);
  });

  it('takes the image of its own version and the pool of the deployment for containers, unless others are named', async () => {
    const args = ['deploy', 'snowflake', '--only', 'service,task', '--dry-run'];
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync('package.json', 'utf8')));
    const own = (await runCli(args, env)).stdout;
    expect(own.match(/image: .*/g)).toEqual(
      Array(3).fill(`image: "/automated_intelligence/models/images/churn-mcp:${version}"`),
    );
    expect(own).toContain('in compute pool "CHURN_MCP_AUTOMATED_INTELLIGENCE_POOL"');
    const named = [...args, '--image', '/a/b/c/churn-mcp:1', '--compute-pool', 'other'];
    const { stdout } = await runCli(named, env);
    expect(stdout).toContain('image: "/a/b/c/churn-mcp:1"');
    expect(stdout).toContain('in compute pool "OTHER"');
  });

  it('never prints a secret', async () => {
    const flags = ['--mcp-url', 'https://churn.example.com/mcp', '--oauth-client-id', 'snowflake'];
    const endpoints = [
      '--oauth-token-endpoint',
      'https://a.test/t',
      '--oauth-authorization-endpoint',
      'https://a.test/a',
    ];
    const result = await runCli(
      ['deploy', 'snowflake', '--only', 'external-mcp', '--dry-run', ...flags, ...endpoints],
      {
        ...env,
        CHURN_MCP_OAUTH_CLIENT_SECRET: 'hush-hush',
      },
    );
    expect(result.stdout).toContain("oauth_client_id = 'snowflake'");
    expect(result.stdout + result.stderr).not.toContain('hush');
  });

  it('makes the named parts, and removes them again', async () => {
    const made = await runCli(['deploy', 'snowflake', '--only', 'schemas,models,agent,mcp', '--quiet'], env);
    expect(made).toMatchObject({
      code: 0,
      stdout: 'Deployed: 9 statements of schemas, models, agent, mcp.\n',
    });
    expect([...testServer.objects.keys()]).toContain('agent AUTOMATED_INTELLIGENCE.MODELS.CHURN_AGENT');
    const back = await runCli(['undeploy', 'snowflake', '--quiet'], env);
    expect(back).toMatchObject({
      code: 0,
      stdout: 'Removed. Models, predictions, campaigns and the stage stay; --all removes them too.\n',
    });
    expect([...testServer.objects.keys()].filter((key) => /^agent|^mcp/.test(key))).toEqual([]);
  });

  it('makes the tables that models push, remote and pull use', async () => {
    await runCli(['deploy', 'snowflake', '--only', 'schemas,models', '--quiet'], env);
    const pushed = await runCli(['models', 'push'], env);
    expect(pushed).toMatchObject({ code: 0, stdout: 'There is no champion to copy: train a model first.\n' });
    const listed = await runCli(['models', 'remote'], env);
    expect(listed).toMatchObject({
      code: 0,
      stdout: 'No models are in Snowflake yet. Copy yours there: churn-mcp models push\n',
    });
    const pulled = await runCli(['models', 'pull', 'customer_churn_forecast'], env);
    expect(pulled).toMatchObject({ code: 1, stdout: '' });
    expect(pulled.stderr).toContain('Snowflake has no champion of customer_churn_forecast.');
  });

  it('is checked by doctor, which prints the statements that repair what it finds', async () => {
    const { code, stdout } = await runCli(['doctor'], env);
    expect(code).toBe(3);
    const lines = stdout.slice(
      stdout.indexOf('Snowflake:') - 8,
      stdout.lastIndexOf('\n', stdout.indexOf('Data:')),
    );
    expect(lines).toMatchInlineSnapshot(`
      "ok      Snowflake: logged in as ANALYST, warehouse TEST.
      FAILED  Snowflake: "AUTOMATED_INTELLIGENCE"."RAW"."CUSTOMERS" is missing, or the role may not use it. If it has another name, set CHURN_MCP_SNOWFLAKE_CUSTOMERS. Or allow the role to read it:
              GRANT USAGE ON DATABASE "AUTOMATED_INTELLIGENCE" TO ROLE "ANALYST";
              GRANT USAGE ON SCHEMA "AUTOMATED_INTELLIGENCE"."RAW" TO ROLE "ANALYST";
              GRANT SELECT ON TABLE "AUTOMATED_INTELLIGENCE"."RAW"."CUSTOMERS" TO ROLE "ANALYST";
      FAILED  Snowflake: "AUTOMATED_INTELLIGENCE"."RAW"."ORDERS" is missing, or the role may not use it. If it has another name, set CHURN_MCP_SNOWFLAKE_ORDERS. Or allow the role to read it:
              GRANT USAGE ON DATABASE "AUTOMATED_INTELLIGENCE" TO ROLE "ANALYST";
              GRANT USAGE ON SCHEMA "AUTOMATED_INTELLIGENCE"."RAW" TO ROLE "ANALYST";
              GRANT SELECT ON TABLE "AUTOMATED_INTELLIGENCE"."RAW"."ORDERS" TO ROLE "ANALYST";
      FAILED  Snowflake: "AUTOMATED_INTELLIGENCE"."RAW"."ORDER_ITEMS" is missing, or the role may not use it. If it has another name, set CHURN_MCP_SNOWFLAKE_ORDER_ITEMS. Or allow the role to read it:
              GRANT USAGE ON DATABASE "AUTOMATED_INTELLIGENCE" TO ROLE "ANALYST";
              GRANT USAGE ON SCHEMA "AUTOMATED_INTELLIGENCE"."RAW" TO ROLE "ANALYST";
              GRANT SELECT ON TABLE "AUTOMATED_INTELLIGENCE"."RAW"."ORDER_ITEMS" TO ROLE "ANALYST";
      FAILED  Snowflake: "AUTOMATED_INTELLIGENCE"."RAW"."PRODUCT_CATALOG" is missing, or the role may not use it. If it has another name, set CHURN_MCP_SNOWFLAKE_PRODUCT_CATALOG. Or allow the role to read it:
              GRANT USAGE ON DATABASE "AUTOMATED_INTELLIGENCE" TO ROLE "ANALYST";
              GRANT USAGE ON SCHEMA "AUTOMATED_INTELLIGENCE"."RAW" TO ROLE "ANALYST";
              GRANT SELECT ON TABLE "AUTOMATED_INTELLIGENCE"."RAW"."PRODUCT_CATALOG" TO ROLE "ANALYST";
      ok      Snowflake: 0 model versions are mirrored in "AUTOMATED_INTELLIGENCE"."MODELS".
      note    Snowflake: to retrain and write back, the role lacks this, unless another of its roles has it:
              GRANT usage, create model on schema "AUTOMATED_INTELLIGENCE"."MODELS" TO ROLE "ANALYST";
              GRANT read, write on stage "AUTOMATED_INTELLIGENCE"."MODELS"."MODEL_FILES" TO ROLE "ANALYST";
              GRANT select, insert, update on table "AUTOMATED_INTELLIGENCE"."MODELS"."MODEL_VERSIONS" TO ROLE "ANALYST";
              GRANT select, insert, update on table "AUTOMATED_INTELLIGENCE"."MODELS"."MODEL_METRICS" TO ROLE "ANALYST";
              GRANT select, insert, update on table "AUTOMATED_INTELLIGENCE"."MODELS"."CHURN_PREDICTIONS" TO ROLE "ANALYST";
      note    Snowflake: onnxruntime is not available to Python functions; JavaScript functions do not need it."
    `);
  });

  it('copies each file of a champion to the stage once, from where another machine gets them', async () => {
    const home = await newTestHome();
    const registry = openRegistry(home, { now: () => new Date('2026-02-01T10:00:00Z') });
    const { model, version } = await registry.register(modelDraft('customer_churn_predictor'));
    await registry.setAlias(model, CHAMPION, version);
    const here = { ...env, CHURN_MCP_HOME: home };
    const flags = ['--only', 'schemas,models,onnx', '--grant-to', 'shop_floor', '--quiet'];
    expect(await runCli(['deploy', 'snowflake', ...flags], here)).toMatchObject({ code: 0, stderr: '' });
    const stage = join(testServer.stagesFolder, 'AUTOMATED_INTELLIGENCE.MODELS.MODEL_FILES', model, version);
    const ours = await registry.folder(model, version);
    const file = (folder: string) => readFileSync(join(folder, 'model.onnx'));
    expect(file(stage)).toEqual(file(ours));
    expect([...testServer.grants].every((text) => text.endsWith('to role "SHOP_FLOOR"'))).toBe(true);

    expect(await runCli(['models', 'push'], here)).toMatchObject({
      stderr: '',
      code: 0,
      stdout: expect.stringContaining(version),
    });
    const registered = await runCli(['models', 'push', '--model-registry'], here);
    expect(registered).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(
        `${version} is in Snowflake already.\nRegistered it as a version of AUTOMATED_INTELLIGENCE.MODELS.`,
      ),
    });
    testServer.faults.add({
      at: 'query',
      matching: /register_model as procedure/,
      action: { refuse: { code: '391546', message: 'No such package' } },
    });
    expect(await runCli(['models', 'push', '--model-registry'], here)).toMatchObject({
      code: 1,
      stderr: '',
      stdout: expect.stringContaining(
        `did not take ${model} ${version}: No such package. It needs the packages snowflake-ml-python and onnxruntime, and CREATE MODEL on the schema.\n`,
      ),
    });
    const elsewhere = await newTestHome();
    const pulled = await runCli(['models', 'pull', '--promote'], { ...env, CHURN_MCP_HOME: elsewhere });
    expect(pulled).toMatchObject({ code: 0 });
    const theirs = openRegistry(elsewhere, { now: () => new Date() });
    expect(await theirs.resolveAlias(model, CHAMPION)).toBe(version);
    expect(file(await theirs.folder(model, version))).toEqual(file(ours));
  });

  it.each([
    [
      ['deploy', 'snowflak'],
      {},
      2,
      'There is nothing to deploy to "snowflak". Write: churn-mcp deploy snowflake.',
    ],
    [['deploy', 'snowflake', '--only', 'all'], {}, 2, '--only knows no part "all". Parts: schemas, serving,'],
    [['deploy', 'snowflake'], { CHURN_MCP_SNOWFLAKE_WAREHOUSE: '' }, 2, 'Name it with --warehouse'],
    [['deploy', 'snowflake'], { CHURN_MCP_DATA_SOURCE: '' }, 2, 'Set CHURN_MCP_DATA_SOURCE=snowflake'],
    [['deploy', 'snowflake'], {}, 1, 'There is no champion of a model to deploy.'],
    [
      ['deploy', 'snowflake', '--only', 'service', '--image', 'churn-mcp:latest'],
      {},
      1,
      'Write --image /database/schema/repository/churn-mcp:version.',
    ],
    [['deploy', 'snowflake', '--only', 'roles', '--allow', 'all'], {}, 2, '--allow knows no part "all".'],
    [['deploy', 'snowflake', '--only', 'external-mcp'], {}, 1, 'Give --mcp-url,'],
    [
      ['deploy', 'snowflake', '--only', 'schemas'],
      { CHURN_MCP_SNOWFLAKE_PASSWORD: 'no' },
      3,
      'Snowflake refused the login.',
    ],
  ])('says what to do if it fails: %j', async (args, more, code, says) => {
    const result = await runCli([...args, '--quiet'], { ...env, ...more });
    expect(result.stderr).toContain(says);
    expect(result).toMatchObject({ code, stdout: '' });
  });

  it('logs the cause of an error only if it is asked to', async () => {
    const wrong = { ...env, CHURN_MCP_SNOWFLAKE_PASSWORD: 'no' };
    const { stderr } = await runCli(['models', 'remote'], { ...wrong, CHURN_MCP_LOG_LEVEL: 'debug' });
    const [logged, said] = stderr.trim().split('\n');
    expect(JSON.parse(logged)).toMatchObject({
      code: 'SNOWFLAKE_LOGIN',
      cause: expect.stringContaining('caused by'),
    });
    expect(said).toMatch(/^Snowflake refused the login\./);
    expect((await runCli(['models', 'remote'], wrong)).stderr.trim()).toBe(said);
  });
});
