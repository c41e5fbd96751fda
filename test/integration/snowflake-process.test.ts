import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDemoShop } from '../../src/data/demo/create-demo-shop.ts';
import { packageRoot } from '../../src/package-root.ts';
import { type CliResult, collectCli, startCli } from '../helpers/cli-process.ts';
import { newTestHome } from '../helpers/snapshot.ts';
import { TestWarehouse } from '../helpers/snowflake/test-warehouse.ts';
import { currentSnapshotFile, PASSWORD } from '../helpers/snowflake/warehouse-shop.ts';

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '0' } },
};

let warehouse: TestWarehouse;

beforeAll(async () => {
  const home = await newTestHome();
  await createDemoShop({ home, customers: 200, seed: 42, asOf: '2026-01-31' });
  const snapshot = await currentSnapshotFile(home);
  warehouse = await TestWarehouse.start({ user: { password: PASSWORD }, snapshot });
});

afterAll(() => warehouse[Symbol.asyncDispose]());

const settings = (password = PASSWORD) => ({
  CHURN_MCP_DATA_SOURCE: 'snowflake',
  CHURN_MCP_SNOWFLAKE_ACCOUNT: 'testaccount',
  CHURN_MCP_SNOWFLAKE_USER: 'analyst',
  CHURN_MCP_SNOWFLAKE_PASSWORD: password,
  CHURN_MCP_SNOWFLAKE_URL: warehouse.url,
});

interface Traced extends CliResult {
  readonly trace: readonly string[];
  /** What was left in the working folder. */
  readonly left: readonly string[];
}

/** Runs the command line in an empty folder, watched for the modules it loads and the hosts it asks. */
async function runTraced(args: readonly string[], env: Record<string, string>, input = ''): Promise<Traced> {
  const home = await newTestHome();
  const cwd = join(home, 'cwd');
  await mkdir(cwd);
  const traceFile = join(home, 'trace.txt');
  const preload = pathToFileURL(join(packageRoot(), 'test', 'helpers', 'trace-process.mjs')).href;
  const own = {
    CHURN_MCP_HOME: join(home, 'home'),
    TRACE_FILE: traceFile,
    NODE_OPTIONS: `--import ${preload}`,
  };
  const child = startCli(args, { ...own, ...env }, cwd);
  child.stdin.end(input);
  const result = await collectCli(child);
  const trace = (await readFile(traceFile, 'utf8')).trim().split('\n');
  return { ...result, trace, left: await readdir(cwd) };
}

function loaded(trace: readonly string[]): string[] {
  return ['snowflake-sdk', 'smol-toml'].filter((name) => trace.includes(`module ${name}`));
}

describe('the process over a warehouse', () => {
  it.each([
    ['not configured', () => ({})],
    ['configured', () => settings()],
  ])('answers initialize without the driver where a warehouse is %s', async (_, env) => {
    const { stdout, trace, code } = await runTraced([], env(), `${JSON.stringify(INITIALIZE)}\n`);
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, result: { serverInfo: { name: 'churn-mcp' } } });
    expect([loaded(trace), code]).toEqual([[], 0]);
    expect(trace).toContain('module @modelcontextprotocol/sdk/server/index.js');
  });

  it('writes nothing but the answer, no log file, and asks no host but the warehouse', async () => {
    const { stdout, code, trace, left } = await runTraced(
      ['call', 'train_churn_model', '--json'],
      settings(),
    );
    expect(JSON.parse(stdout)).toMatchObject({ model: 'customer_churn_predictor' });
    expect([code, left]).toEqual([0, []]);
    expect(loaded(trace)).toEqual(['snowflake-sdk']);
    const hosts = new Set(trace.filter((line) => line.startsWith('host ')));
    expect([...hosts]).toEqual([`host 127.0.0.1:${warehouse.port}`]);
  });

  it.each([['demo'], ['import', '--orders', 'orders.csv']])(
    'imports nothing that would never be asked: %s',
    async (...args) => {
      const { stdout, stderr, code } = await runTraced(args, settings());
      expect([stdout, code]).toEqual(['', 2]);
      expect(stderr).toContain('Answers come from the orders in Snowflake, so none are imported.');
    },
  );

  it('says in a sentence that the login was refused, and ends', async () => {
    const { stdout, stderr, code, left } = await runTraced(['call', 'train_churn_model'], settings('wrong'));
    expect(`${stdout}${stderr}`).toContain('Snowflake refused the login.');
    expect(`${stdout}${stderr}`).not.toMatch(/wrong|127\.0\.0\.1/);
    expect([code !== 0, left]).toEqual([true, []]);
  });
});
