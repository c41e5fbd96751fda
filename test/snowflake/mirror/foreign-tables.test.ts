/** What copying does where somebody else has a table or a stage of the same name. */
import type { Connection } from 'snowflake-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureCampaign } from '../../../src/campaigns/measure-campaign.ts';
import { openRegistry } from '../../../src/registry/file-registry.ts';
import type { ModelRegistry } from '../../../src/registry/model-registry.ts';
import { planDeployment } from '../../../src/snowflake/deployment/deployment.ts';
import { runDeployment } from '../../../src/snowflake/deployment/run-deployment.ts';
import { pushCampaign } from '../../../src/snowflake/mirror/campaign-mirror.ts';
import { MirrorSession } from '../../../src/snowflake/mirror/mirror-session.ts';
import { listMirrored, pushVersion } from '../../../src/snowflake/mirror/model-mirror.ts';
import { writePredictions } from '../../../src/snowflake/mirror/write-predictions.ts';
import { CAMPAIGN_PLAN, CAMPAIGN_START } from '../../helpers/campaign-plan.ts';
import { modelDraft } from '../../helpers/model-draft.ts';
import { makeSnapshot, newTestHome, type TestSnapshot } from '../../helpers/snapshot.ts';
import { connectDriver, disconnect, execute } from '../../helpers/snowflake/driver-connection.ts';
import { ACCOUNT, USER } from '../../helpers/snowflake/snowflake-sessions.ts';
import { PASSWORD, snowflakeConfig } from '../../helpers/snowflake/snowflake-shop.ts';
import { TestSnowflake } from '../../helpers/snowflake/test-snowflake.ts';

const MODEL = 'customer_churn_predictor';
const NOW = new Date('2026-02-01T10:00:00Z');
const { signal } = new AbortController();

let registry: ModelRegistry;
let version: string;
let snapshot: TestSnapshot;

beforeAll(async () => {
  registry = openRegistry(await newTestHome(), { now: () => NOW });
  ({ version } = await registry.register(modelDraft(MODEL)));
  const orders = [1, 2, 3, 4].map((id) => ({
    order_id: id,
    customer_id: id,
    order_date: '2026-01-01',
    total_amount: 5,
  }));
  snapshot = await makeSnapshot({ orders });
});

afterAll(() => snapshot[Symbol.asyncDispose]());

/** An account in which others made these objects before churn-mcp deployed the rest. */
async function accountWith(theirs: readonly string[]) {
  const testServer = await TestSnowflake.start({ user: { password: PASSWORD } });
  const config = snowflakeConfig(testServer);
  const login = { account: ACCOUNT, username: USER, password: PASSWORD, accessUrl: testServer.url };
  const connection: Connection = await connectDriver(login);
  const parts = ['schemas', 'models', 'campaigns'] as const;
  // Without the view over the shop's orders, of which this account has none.
  const steps = planDeployment({ config, warehouse: 'W', parts, models: [] }).filter(
    ({ file }) => file !== '290_campaign_results',
  );
  const deploy = (replace: boolean) =>
    runDeployment(steps, config, { signal, replace, onStep: () => undefined });
  await deploy(false);
  for (const object of theirs) {
    const [kind, name = ''] = object.split(' ');
    await execute(connection, `drop ${kind} if exists "AUTOMATED_INTELLIGENCE"."MODELS"."${name}"`);
    const text = steps.find((step) =>
      step.text.includes(`exists "AUTOMATED_INTELLIGENCE"."MODELS"."${name}"`),
    );
    await execute(connection, (text?.text ?? '').replace(/comment = 'churn-mcp: .*'/, "comment = 'theirs'"));
  }
  return {
    deploy,
    copying: () => MirrorSession.open(config, signal),
    async rowsOf(table: string) {
      return await execute(connection, `select * from "AUTOMATED_INTELLIGENCE"."MODELS"."${table}"`);
    },
    async [Symbol.asyncDispose]() {
      await disconnect(connection);
      await testServer[Symbol.asyncDispose]();
    },
  };
}

const push = (mirror: MirrorSession) => pushVersion({ model: MODEL, version }, registry, mirror, NOW);

const score = (mirror: MirrorSession) =>
  writePredictions(
    { model: MODEL, version, asOf: '2026-01-31', customerIds: [1], probabilities: Float32Array.of(0.5) },
    mirror,
    NOW,
  );

const campaign = async (mirror: MirrorSession) => {
  const measured = await measureCampaign({ plan: CAMPAIGN_PLAN, start: CAMPAIGN_START }, snapshot.data);
  return pushCampaign(measured, mirror, NOW);
};

describe('copying to Snowflake', () => {
  it.each([
    ['a version', push, 'stage MODEL_FILES', ['MODEL_VERSIONS', 'MODEL_METRICS']],
    ['a version', push, 'table MODEL_VERSIONS', ['MODEL_VERSIONS', 'MODEL_METRICS']],
    ['a version', push, 'table MODEL_METRICS', ['MODEL_VERSIONS', 'MODEL_METRICS']],
    ['scores', score, 'table CHURN_PREDICTIONS', ['CHURN_PREDICTIONS']],
    ['a campaign', campaign, 'table CAMPAIGNS', ['CAMPAIGNS', 'CAMPAIGN_CUSTOMERS']],
    ['a campaign', campaign, 'table CAMPAIGN_MEASUREMENTS', ['CAMPAIGNS', 'CAMPAIGN_CUSTOMERS']],
  ])('%s is not copied over a table or stage of others (%#)', async (_, copy, theirs, tables) => {
    await using account = await accountWith([theirs]);
    await using mirror = await account.copying();
    const [kind, name] = theirs.split(' ');
    await expect(copy(mirror)).rejects.toMatchObject({
      code: 'SNOWFLAKE_DEPLOY',
      message: `Nothing was written: ${kind} "AUTOMATED_INTELLIGENCE"."MODELS"."${name}" is there already, and churn-mcp did not make it.`,
      hint: 'Rename it, or name another schema in CHURN_MCP_SNOWFLAKE_MODELS_SCHEMA. To take it over with what it holds: churn-mcp deploy snowflake --only schemas,models,campaigns --replace',
    });
    for (const table of tables) expect(await account.rowsOf(table)).toEqual([]);
  });

  it('goes on with what is its own, and with all once it is taken over as the error says', async () => {
    await using account = await accountWith(['table CAMPAIGNS', 'table MODEL_METRICS']);
    await using before = await account.copying();
    expect(await score(before)).toBe(1);
    expect(await listMirrored(before)).toEqual([]);
    await expect(push(before)).rejects.toMatchObject({ code: 'SNOWFLAKE_DEPLOY' });
    await account.deploy(true);
    await using after = await account.copying();
    expect(await push(after)).toBe('pushed');
    expect(await campaign(after)).toBeGreaterThan(0);
  });
});
