import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CampaignHome } from '../../src/campaigns/campaign-home.ts';
import { packageRoot } from '../../src/package-root.ts';
import { CAMPAIGN_PLAN, CAMPAIGN_START } from '../helpers/campaign-plan.ts';
import { type CliResult, collectCli, startCli } from '../helpers/cli-process.ts';
import { copyOfHome } from '../helpers/shared-homes.ts';
import { newTestHome } from '../helpers/snapshot.ts';
import { currentSnapshotFile, PASSWORD } from '../helpers/snowflake/snowflake-shop.ts';
import { TestSnowflake } from '../helpers/snowflake/test-snowflake.ts';

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '0' } },
};

const BROKE_OFF = 'Snowflake cannot be reached, or its answer was interrupted.';

let testServer: TestSnowflake;

beforeAll(async () => {
  const home = await copyOfHome('demo shop');
  const snapshot = await currentSnapshotFile(home);
  testServer = await TestSnowflake.start({ user: { password: PASSWORD }, snapshot, rowsPerChunk: 50 });
});

afterAll(() => testServer[Symbol.asyncDispose]());

const settings = (password = PASSWORD) => ({
  CHURN_MCP_DATA_SOURCE: 'snowflake',
  CHURN_MCP_SNOWFLAKE_ACCOUNT: 'testaccount',
  CHURN_MCP_SNOWFLAKE_USER: 'analyst',
  CHURN_MCP_SNOWFLAKE_PASSWORD: password,
  CHURN_MCP_SNOWFLAKE_URL: testServer.url,
});

interface Traced extends CliResult {
  readonly trace: readonly string[];
  /** What was left in the working folder. */
  readonly left: readonly string[];
  /** What is in the registry. */
  readonly registered: readonly string[];
}

/** Runs the command line in an empty folder, watched for the modules it loads and the hosts it asks. */
async function runTraced(
  args: readonly string[],
  env: Record<string, string>,
  { input = '', home }: { input?: string; home?: string } = {},
): Promise<Traced> {
  const folder = await newTestHome();
  const cwd = join(folder, 'cwd');
  await mkdir(cwd);
  const state = home ?? join(folder, 'home');
  const traceFile = join(folder, 'trace.txt');
  const preload = pathToFileURL(join(packageRoot(), 'test', 'helpers', 'trace-process.mjs')).href;
  const own = {
    CHURN_MCP_HOME: state,
    TRACE_FILE: traceFile,
    NODE_OPTIONS: `--import ${preload}`,
  };
  const child = startCli(args, { ...own, ...env }, cwd);
  child.stdin.end(input);
  const result = await collectCli(child);
  const trace = (await readFile(traceFile, 'utf8')).trim().split('\n');
  const registered = await readdir(join(state, 'registry'), { recursive: true }).catch(() => []);
  return { ...result, trace, left: await readdir(cwd), registered };
}

function loaded(trace: readonly string[]): string[] {
  return ['snowflake-sdk'].filter((name) => trace.includes(`module ${name}`));
}

describe('the process on orders in Snowflake', () => {
  it.each([
    ['not configured', () => ({})],
    ['configured', () => settings()],
  ])('answers initialize without loading the driver if Snowflake is %s', async (_, env) => {
    const { stdout, trace, code } = await runTraced([], env(), { input: `${JSON.stringify(INITIALIZE)}\n` });
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, result: { serverInfo: { name: 'churn-mcp' } } });
    expect([loaded(trace), code]).toEqual([[], 0]);
    expect(trace).toContainEqual(expect.stringContaining('/handshake-server-'));
  });

  it('writes only the answer, no log file, and contacts only Snowflake', async () => {
    const { stdout, code, trace, left } = await runTraced(
      ['call', 'train_churn_model', '{"label": "inactivity"}', '--json'],
      settings(),
    );
    expect(JSON.parse(stdout)).toMatchObject({ model: 'customer_churn_predictor' });
    expect([code, left]).toEqual([0, []]);
    expect(loaded(trace)).toEqual(['snowflake-sdk']);
    const hosts = new Set(trace.filter((line) => line.startsWith('host ')));
    expect([...hosts]).toEqual([`host 127.0.0.1:${testServer.port}`]);
  });

  it.each([['demo'], ['import', '--orders', 'orders.csv']])(
    'refuses an import, because answers come from Snowflake: %s',
    async (...args) => {
      const { stdout, stderr, code } = await runTraced(args, settings());
      expect([stdout, code]).toEqual(['', 2]);
      expect(stderr).toContain('Answers come from the orders in Snowflake, so nothing was imported.');
    },
  );

  it('says that the login was refused, and ends', async () => {
    const { stdout, stderr, code, left } = await runTraced(['call', 'train_churn_model'], settings('wrong'));
    expect(`${stdout}${stderr}`).toContain('Snowflake refused the login.');
    expect(`${stdout}${stderr}`).not.toMatch(/wrong|127\.0\.0\.1/);
    expect([code !== 0, left]).toEqual([true, []]);
  });

  it.each([
    ['call', 'train_churn_model'],
    ['recommend', '--n-products', '2', '--out', 'recommendations.csv'],
  ])('leaves no unfinished file if Snowflake stops answering: %s %s', async (...args) => {
    testServer.faults.add({ at: 'chunk', action: { status: 404 } });
    const { stdout, stderr, code, left, registered } = await runTraced(args, settings());
    testServer.faults.clear();
    expect([code !== 0, left]).toEqual([true, []]);
    expect(registered.filter((path) => path.endsWith('card.json'))).toEqual([]);
    expect(`${stdout}${stderr}`).toContain(BROKE_OFF);
  });

  it('leaves no unfinished file of scores, and writes it the next time', async () => {
    const home = await newTestHome();
    const score = ['score', '--model', 'customer_churn_predictor', '--out', 'scores.csv'];
    const train = ['call', 'train_churn_model', '{"label": "inactivity"}'];
    expect((await runTraced(train, settings(), { home })).code).toBe(0);
    testServer.faults.add({ at: 'chunk', action: { status: 404 } });
    const { stderr, code, left } = await runTraced(score, settings(), { home });
    testServer.faults.clear();
    expect([code, left]).toEqual([3, []]);
    expect(stderr).toContain(BROKE_OFF);
    expect((await runTraced(score, settings(), { home })).left).toEqual(['scores.csv']);
  });

  it('copies campaigns that were started, and says which it could not read', async () => {
    const home = await newTestHome();
    const push = () => runTraced(['campaign', 'push'], settings(), { home });
    expect(await push()).toMatchObject({
      code: 0,
      stdout: 'No campaign was started yet, so there is none to copy.\n',
    });
    const campaigns = new CampaignHome(home);
    await campaigns.addPlan(CAMPAIGN_PLAN);
    await campaigns.addStart(CAMPAIGN_START, async () => undefined);
    const without = await push();
    expect([without.code, without.stderr]).toEqual([
      3,
      expect.stringContaining('--only schemas,models,campaigns'),
    ]);
    const deploy = ['deploy', 'snowflake', '--only', 'schemas,campaigns', '--warehouse', 'W', '--quiet'];
    expect(await runTraced(deploy, settings(), { home })).toMatchObject({ code: 0, stderr: '' });
    const { stdout, code } = await push();
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^c_20260202_081500_5a5b is in Snowflake, measured up to 2026-\d\d-\d\d. 3 customers copied.\n$/,
      ),
    ]);
    expect((await push()).stdout).toContain('Its customers were there already.');
    await writeFile(join(home, 'campaigns', CAMPAIGN_PLAN.campaign_id, 'plan.json'), '{}');
    const damaged = await push();
    expect([damaged.code, damaged.stdout]).toEqual([
      1,
      'c_20260202_081500_5a5b was not copied. The file campaigns/c_20260202_081500_5a5b/plan.json is not what was written: it is damaged, or somebody edited it.\n',
    ]);
  });
});
