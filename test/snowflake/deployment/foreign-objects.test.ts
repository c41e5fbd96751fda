/** What a deployment does to an account in which others have objects, of the same names too. */
import type { Connection } from 'snowflake-sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { openRegistry } from '../../../src/registry/file-registry.ts';
import type { RegisteredVersion } from '../../../src/registry/model-registry.ts';
import { planDeployment, planRemoval } from '../../../src/snowflake/deployment/deployment.ts';
import { PARTS, type Part } from '../../../src/snowflake/deployment/deployment-part.ts';
import { namedObject } from '../../../src/snowflake/deployment/named-object.ts';
import { runDeployment, runRemoval } from '../../../src/snowflake/deployment/run-deployment.ts';
import { modelDraft } from '../../helpers/model-draft.ts';
import { copyOfHome } from '../../helpers/shared-homes.ts';
import { newTestHome } from '../../helpers/snapshot.ts';
import { NAMED_PARTS_NEED } from '../../helpers/snowflake/deployed-account.ts';
import { connectDriver, disconnect, execute } from '../../helpers/snowflake/driver-connection.ts';
import { ACCOUNT, USER } from '../../helpers/snowflake/snowflake-sessions.ts';
import { currentSnapshotFile, PASSWORD, snowflakeConfig } from '../../helpers/snowflake/snowflake-shop.ts';
import { TestSnowflake } from '../../helpers/snowflake/test-snowflake.ts';

const SCHEMAS = ['INTERACTIVE', 'MODELS', 'CHURN_MCP_FUNCTIONS'];

const OTHER_NAMES = [
  'table INTERACTIVE.THEIRS (a varchar)',
  'table MODELS.THEIRS (a varchar)',
  "view MODELS.THEIR_VIEW comment = 'not of churn-mcp: theirs' as select 1 as a",
  'stage MODELS.THEIR_FILES',
  'function CHURN_MCP_FUNCTIONS.THEIRS(t varchar) returns varchar language javascript as $$\nreturn T;\n$$',
  'procedure MODELS.GET_PRODUCT_RECOMMENDATIONS(n integer) returns varchar language sql as $$\nbegin return 1; end\n$$',
  'agent MODELS.THEIRS from specification $$ {} $$',
];

/** Each of a kind and a name that a deployment uses. */
const SAME_NAMES: readonly (readonly [Part, string])[] = [
  ['serving', 'table INTERACTIVE.CHURN_FEATURES (a varchar)'],
  ['serving', 'view INTERACTIVE.ENRICHED_ORDERS as select 1 as a'],
  ['interactive', 'table INTERACTIVE.CUSTOMER_ORDER_ANALYTICS (a varchar)'],
  ['interactive', 'warehouse CHURN_MCP_AUTOMATED_INTELLIGENCE_INTERACTIVE'],
  ['models', 'stage MODELS.MODEL_FILES'],
  ['models', 'table MODELS.CHURN_PREDICTIONS (a varchar)'],
  ['campaigns', 'table MODELS.CAMPAIGNS (a varchar)'],
  ['campaigns', "view MODELS.CAMPAIGN_RESULTS comment = 'made before churn-mcp: keep' as select 1 as a"],
  [
    'procedure',
    'function CHURN_MCP_FUNCTIONS.SHOWN_TEXT(t varchar) returns varchar language javascript as $$\nreturn T;\n$$',
  ],
  [
    'procedure',
    'procedure MODELS.GET_PRODUCT_RECOMMENDATIONS(a integer, b integer, c varchar) returns varchar language sql as $$\nbegin return 1; end\n$$',
  ],
  ['answers', 'table MODELS.ANSWERS (a varchar)'],
  [
    'answers',
    'procedure MODELS.GET_SHOP_OVERVIEW() returns varchar language sql as $$\nbegin return 1; end\n$$',
  ],
  ['agent', 'agent MODELS.CHURN_AGENT from specification $$ {} $$'],
  ['mcp', 'mcp server MODELS.CHURN_MCP_SERVER from specification $$ {} $$'],
  ['external-mcp', 'api integration CHURN_MCP_AUTOMATED_INTELLIGENCE_INTEGRATION enabled = true'],
  ['external-mcp', "external mcp server MODELS.CHURN_MCP_EXTERNAL with display_name = 'theirs'"],
  ['containers', 'image repository MODELS.IMAGES'],
  ['containers', 'compute pool CHURN_MCP_AUTOMATED_INTELLIGENCE_POOL min_nodes = 1'],
  ['service', 'service MODELS.CHURN_MCP in compute pool THEIRS from specification $$ spec: theirs $$'],
  ['task', 'task MODELS.RETRAIN_CHURN as select 1'],
];

/** Without the part that fetches a model's file from this machine, and the roles, which are for an administrator. */
const TRIED = PARTS.filter((part) => part !== 'onnx' && part !== 'roles');

let snapshot: string;
let models: readonly (RegisteredVersion & { readonly onnxFile: string })[];

beforeAll(async () => {
  snapshot = await currentSnapshotFile(await copyOfHome('demo shop'));
  const registry = openRegistry(await newTestHome(), { now: () => new Date('2026-02-01') });
  const { model, version } = await registry.register(modelDraft('product_recommendation'));
  models = [{ ...(await registry.load(model, version)), onnxFile: '/model.onnx' }];
});

/** An account with objects of others, none of which `planDeployment` may touch. */
async function accountWith(theirs: readonly string[]) {
  const testServer = await TestSnowflake.start({ user: { password: PASSWORD }, snapshot });
  const connection: Connection = await connectDriver({
    account: ACCOUNT,
    username: USER,
    password: PASSWORD,
    accessUrl: testServer.url,
  });
  const config = snowflakeConfig(testServer);
  for (const schema of SCHEMAS) {
    await execute(connection, `create schema if not exists "AUTOMATED_INTELLIGENCE"."${schema}"`);
  }
  for (const made of theirs) {
    const qualified = made.replace(
      /\b(INTERACTIVE|MODELS|CHURN_MCP_FUNCTIONS)\.(\w+)/,
      '"AUTOMATED_INTELLIGENCE"."$1"."$2"',
    );
    await execute(connection, `create ${qualified}`);
    const table = /^table (\S+)/.exec(qualified)?.[1];
    if (table !== undefined) await execute(connection, `insert into ${table} values ('theirs')`);
  }
  const run = { signal: new AbortController().signal, onStep: () => undefined };
  const options = { config, warehouse: 'W', models, ...NAMED_PARTS_NEED };
  return {
    /** All there is, with the text that made it, and the rows of tables of others. */
    async state() {
      const objects = Object.fromEntries(testServer.objects);
      const tables = theirs.flatMap((made) => /^table (\w+)\.(\w+)/.exec(made)?.slice(1).join('"."') ?? []);
      const rows = await Promise.all(
        tables.map((name) => execute(connection, `select * from "AUTOMATED_INTELLIGENCE"."${name}"`)),
      );
      return { objects, rows };
    },
    deploy: (parts: readonly Part[] = TRIED, replace = false) =>
      runDeployment(planDeployment({ ...options, parts, grantTo: 'R' }), config, { ...run, replace }),
    undeploy: () => runRemoval(planRemoval(config, [], true), config, run),
    get names() {
      return [...testServer.objects.keys()];
    },
    get grants() {
      return [...testServer.grants];
    },
    async [Symbol.asyncDispose]() {
      await disconnect(connection);
      await testServer[Symbol.asyncDispose]();
    },
  };
}

describe('a deployment beside the objects of others', () => {
  it('leaves no trace once it is removed, and grants nothing of theirs', async () => {
    await using account = await accountWith(OTHER_NAMES);
    const before = await account.state();
    await account.deploy();
    const { objects } = await account.state();
    const made = Object.keys(objects).filter((key) => !(key in before.objects));
    expect(made.length).toBeGreaterThan(20);
    expect(account.grants.filter((grant) => grant.includes('THEIR'))).toEqual([]);
    expect(await account.undeploy()).toEqual([]);
    expect(await account.state()).toEqual(before);
  });

  it('neither replaces nor removes objects of the same names', async () => {
    await using account = await accountWith([...OTHER_NAMES, ...SAME_NAMES.map(([, made]) => made)]);
    const before = await account.state();
    await expect(account.deploy()).rejects.toMatchObject({ code: 'SNOWFLAKE_DEPLOY' });
    const after = await account.state();
    expect(after.rows).toEqual(before.rows);
    expect(after.objects).toMatchObject(before.objects);
    const left = await account.undeploy();
    // Of functions those of churn-mcp are dropped; nobody is told of others.
    expect(left.length).toBe(SAME_NAMES.filter(([, made]) => !made.startsWith('function')).length);
    expect(await account.state()).toEqual(before);
  });

  it.each(SAME_NAMES)('says so for part %s: %s', async (part, made) => {
    await using account = await accountWith([made]);
    const before = await account.state();
    await expect(
      account.deploy(part === 'interactive' ? ['schemas', 'serving', part] : ['schemas', part]),
    ).rejects.toMatchObject({
      message: expect.stringContaining('is there already, and churn-mcp did not make it.'),
    });
    const after = await account.state();
    expect(after.rows).toEqual(before.rows);
    expect(after.objects).toMatchObject(before.objects);
    await account.undeploy();
    expect(await account.state()).toEqual(before);
  });

  it('replaces them if it is told to, and takes over tables and stages with what they hold', async () => {
    const theirs = ['table MODELS.CAMPAIGNS (a varchar)', SAME_NAMES[9][1]];
    await using account = await accountWith(theirs);
    const before = await account.state();
    await account.deploy(
      TRIED.filter((part) => part !== 'campaigns'),
      true,
    );
    await account.deploy(['campaigns'], true).catch(() => undefined);
    expect((await account.state()).rows).toEqual(before.rows);
    expect(await account.undeploy()).toEqual([]);
    const schemas = SCHEMAS.map((schema) => `schema AUTOMATED_INTELLIGENCE.${schema}`);
    expect(account.names).toEqual(schemas);
  });
});

describe('every statement that makes something', () => {
  it('says in a comment that churn-mcp made it, except schemas, which others use too', () => {
    const config = snowflakeConfig({ url: 'http://127.0.0.1' });
    const unmarked = planDeployment({ config, warehouse: 'W', models, parts: PARTS, ...NAMED_PARTS_NEED })
      .filter(({ text }) => namedObject(text)?.verb === 'create')
      .filter(({ text }) => !/^comment = 'churn-mcp: /m.test(text))
      .map(({ file }) => file);
    expect(unmarked).toEqual([
      '010_interactive_schema',
      '020_models_schema',
      '030_functions_schema',
      // Kinds that take no comment: what they say of themselves names churn-mcp.
      '504_external_mcp_server',
      '520_mcp_server',
    ]);
  });

  it('is one that the deployment recognises, with what it makes', () => {
    const config = snowflakeConfig({ url: 'http://127.0.0.1' });
    const unknown = planDeployment({ config, warehouse: 'W', models, parts: PARTS, ...NAMED_PARTS_NEED })
      .filter(({ text }) => namedObject(text) === undefined)
      .map(({ file }) => file);
    const others = [
      '565_service_specification',
      '620_resume_retrain_task',
      '810_role_privilege',
      '820_change_tracking',
    ];
    expect([...new Set(unknown)]).toEqual(others);
  });
});
