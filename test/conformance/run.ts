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
import { Inspector, inspect, type ToolCalls } from './inspector.ts';
import { judge, readBaseline, runSuite } from './suite.ts';
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
    },
  });
  const results = await runSuite(new URL('/mcp', server.url).href);
  const judged = judge(results, baseline.left_out);
  const passed = results.filter(({ isPassed }) => isPassed).length;
  print([
    `The official suite, with its fixtures: ${passed} of ${results.length} scenarios pass`,
    ...judged.lines,
  ]);
  wrong.push(...judged.wrong);
  const missing = Object.keys(baseline.left_out).filter(
    (name) => !results.some(({ scenario }) => scenario === name),
  );
  wrong.push(...missing.map((name) => `${name} stands in the baseline, and the suite has no such scenario`));
}

async function checkRealServer(): Promise<void> {
  const child = spawn(process.execPath, [CLI, 'http', '--port', '0'], {
    env: { ...process.env, CHURN_MCP_HOME: home, CHURN_MCP_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const results = await runSuite(await addressOf(child), baseline.without_fixtures);
  child.kill('SIGTERM');
  const code = await ended;
  const judged = judge(results, {});
  const passed = results.filter(({ isPassed }) => isPassed).length;
  print([
    '',
    `The official suite on the real server: ${passed} of ${results.length} scenarios pass`,
    ...judged.lines,
  ]);
  wrong.push(...judged.wrong.map((what) => `on the real server: ${what}`));
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
  const found = await inspect(new Inspector(workshop, home), calls);
  print(['', 'The Inspector over stdio, through mcp.json', ...found.lines]);
  wrong.push(...found.wrong);
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
