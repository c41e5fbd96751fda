/**
 * `npm run conformance`: the server before other people's clients. The official suite on a server with its fixtures and on
 * the real one, then the Inspector over stdio through `mcp.json`. Exit code 1 where anything is not as it should be.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';
import { createServices } from '../../src/server/create-services.ts';
import { startHttpServer } from '../../src/server/http/http-server.ts';
import { JobBoard } from '../../src/server/job-board.ts';
import { TOOLS } from '../../tools/index.ts';
import { startRawServer } from '../helpers/raw-server.ts';
import { createFixtureService } from './fixture-server.ts';
import { INSPECTOR_ERAS, Inspector, inspect, type ToolCalls } from './inspector.ts';
import { judge, type LeftOut, REVISIONS, readBaseline, runSuite, type ScenarioResult } from './suite.ts';
import { prepareWorkshop, run } from './workshop.ts';

const CLI = join(packageRoot(), 'dist', 'cli.js');
/** What a client waits for a server to end before it kills it. */
const MOST_ENDING_MS = 1000;

/** Arguments of the tools that need some, or that would take long without. */
const TOOL_CALLS: ToolCalls = {
  get_at_risk_customers: { limit: 3 },
  explain_churn_risk: { customer_id: 10_061 },
  get_churn_metrics: { label: 'forward' },
  train_churn_model: { label: 'forward', params: { n_estimators: 20 } },
  train_recommendation_model: { params: { n_estimators: 20 } },
  promote_model: { model: 'customer_churn_forecast', version: 'VERSION' },
  cancel_job: { job_id: 'none' },
  make_demo_shop: { customers: 300 },
  plan_campaign: { contact_cost: 0.1, offer_cost: 5, margin: 0.3 },
  start_campaign: { campaign_id: 'c_20200101_000000_0000' },
  import_data: {
    csv: 'order_id,customer_id,order_date,total_amount\n1,1,2026-01-01,5\n2,2,2026-01-02,6\n',
    csv_is: 'orders',
    dry_run: true,
  },
};

const workshop = prepareWorkshop();
const home = mkdtempSync(join(tmpdir(), 'churn-mcp-conformance-home-'));
const baseline = readBaseline();
const wrong: string[] = [];
try {
  await makeDemo();
  await checkWithFixtures();
  await checkRealServer();
  await checkStdio();
  await checkEnd();
} finally {
  rmSync(home, { recursive: true, force: true });
}
print(
  wrong.length === 0
    ? ['', 'All as it should be.']
    : ['', 'Not as it should be:', ...wrong.map((what) => `  ${what}`)],
);
process.exitCode = wrong.length === 0 ? 0 : 1;

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function makeDemo(): Promise<void> {
  const flags = ['demo', '--customers', '300', '--as-of', '2026-01-31', '--quiet'];
  const { code, stderr } = await run(process.execPath, [CLI, ...flags], { env: { CHURN_MCP_HOME: home } });
  if (code !== 0) throw new Error(`the demo shop was not made: ${stderr}`);
}

async function checkWithFixtures(): Promise<void> {
  await using services = createServices({ home });
  await using server = await startHttpServer({
    services,
    tools: TOOLS,
    log: {
      info: () => undefined,
      error: (message, fields) => void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
    },
    version: '0.0.0',
    jobs: new JobBoard({ afterMs: 40_000 }),
    createService: createFixtureService,
    config: {
      host: '127.0.0.1',
      port: 0,
      access: { kind: 'open' },
      publicUrl: undefined,
      allowedHosts: [],
      allowedOrigins: [],
      proxies: [],
      metrics: false,
      webhookSecrets: {},
    },
  });
  for (const revision of REVISIONS) {
    const results = await runSuite(new URL('/mcp', server.url).href, revision);
    report(`The official suite for ${revision}, with its fixtures`, results, baseline[revision].left_out);
  }
}

function report(title: string, results: readonly ScenarioResult[], leftOut: LeftOut): void {
  const judged = judge(results, leftOut);
  const passed = judged.lines.filter((line) => line.startsWith('  passes')).length;
  print(['', `${title}: ${passed} of ${results.length} scenarios pass`, ...judged.lines]);
  wrong.push(...judged.wrong.map((what) => `${title}: ${what}`));
}

async function checkRealServer(): Promise<void> {
  const child = spawn(process.execPath, [CLI, 'http', '--port', '0'], {
    env: { ...process.env, CHURN_MCP_HOME: home, CHURN_MCP_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const address = await addressOf(child);
  for (const revision of REVISIONS) {
    const results = await runSuite(address, revision, baseline[revision].without_fixtures);
    report(`The official suite for ${revision} on the real server`, results, {});
  }
  child.kill('SIGTERM');
  const code = await ended;
  if (code !== 0) wrong.push(`the HTTP server ended with code ${code}`);
}

/** Where the server says that it is. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const address = /serves MCP at (\S+),/.exec(said)?.at(1);
      if (address !== undefined) resolve(address);
    });
    child.once('close', () => reject(new Error(`the HTTP server did not begin: ${said}`)));
  });
}

async function checkStdio(): Promise<void> {
  const version = await newestForecast();
  const calls = { ...TOOL_CALLS, promote_model: { ...TOOL_CALLS.promote_model, version } };
  for (const era of INSPECTOR_ERAS) {
    const found = await inspect(new Inspector(workshop, home, era), calls);
    print(['', `The Inspector over stdio, through mcp.json, in the mode ${era}`, ...found.lines]);
    wrong.push(...found.wrong.map((what) => `${era}: ${what}`));
  }
}

async function newestForecast(): Promise<string> {
  await using services = createServices({ home });
  const [newest] = await services.registry.list('customer_churn_forecast');
  return newest.card.version;
}

/** A client that goes away in mid-training leaves nothing behind, and soon. */
async function checkEnd(): Promise<void> {
  const server = startRawServer({ CHURN_MCP_HOME: home, CHURN_MCP_LOG_LEVEL: 'error' });
  await server.initialize();
  const params = {
    name: 'train_churn_model',
    arguments: { label: 'inactivity', params: { n_estimators: 10_000, max_depth: 8 } },
    _meta: { progressToken: 'p' },
  };
  server.write(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 'training', method: 'tools/call', params })));
  await server.heard('notifications/progress', 30_000);
  const before = performance.now();
  const code = await server.end();
  const ms = performance.now() - before;
  const isRight = code === 0 && ms < MOST_ENDING_MS;
  print([
    '',
    'The end of input in mid-training',
    `  ${isRight ? 'passes ' : 'FAILS  '} ended with code ${code} after ${ms.toFixed(0)} ms`,
  ]);
  if (!isRight) wrong.push('the end of input in mid-training');
}
