import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../../src/package-root.ts';
import { runCli } from '../helpers/cli-process.ts';
import { leavingCustomers } from '../helpers/leaving-customers.ts';

const workflow = z
  .object({
    env: z.record(z.string(), z.string()),
    jobs: z.object({
      retrain: z.object({
        steps: z.array(
          z.object({ name: z.string().optional(), run: z.string().optional(), uses: z.string().optional() }),
        ),
      }),
    }),
  })
  .parse(parse(readFileSync(join(packageRoot(), 'docs', 'examples', 'churn-ci.yml'), 'utf8')));

const workspace = mkdtempSync(join(tmpdir(), 'churn-mcp-workflow-'));
const commands = join(workspace, 'commands');

/** What the runner would find under these names: the built command line, and an install that has been done. */
function provideCommand(name: string, script: string) {
  writeFileSync(join(commands, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(commands, name), 0o755);
}

/** The orders that the workflow imports: what the shop had by that day. */
function provideOrders(until = '9999-12-31') {
  const lines = leavingCustomers()
    .orders.filter(({ order_date }) => order_date <= until)
    .map((order) => [order.order_id, order.customer_id, order.order_date, order.total_amount].join(','));
  const table = ['order_id,customer_id,order_date,total_amount', ...lines].join('\n');
  writeFileSync(join(workspace, 'data', 'orders.csv'), `${table}\n`);
}

beforeAll(() => {
  mkdirSync(commands);
  mkdirSync(join(workspace, 'data'));
  const cli = join(packageRoot(), 'dist', 'cli.js');
  provideCommand('npx', `[ "$1" = churn-mcp ] && shift && exec "${process.execPath}" "${cli}" "$@"`);
  provideCommand('npm', '[ "$1" = install ]');
  provideOrders();
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

interface StepResult {
  readonly name: string;
  readonly code: number;
  readonly output: string;
}

/** The workflow's shell steps as the runner takes them: in order, each in a shell of its own, up to the first that fails. */
async function runSteps(changed: Record<string, string> = {}): Promise<StepResult[]> {
  const env = Object.fromEntries(
    Object.entries({ ...workflow.env, ...changed }).map(([key, value]) => [
      key,
      value.replace(`\${{ github.workspace }}`, workspace),
    ]),
  );
  const results: StepResult[] = [];
  for (const { name = '', run } of workflow.jobs.retrain.steps) {
    if (run === undefined) continue;
    const result = await runStep(name, run, env);
    results.push(result);
    if (result.code !== 0) break;
  }
  return results;
}

function runStep(name: string, run: string, env: Record<string, string>): Promise<StepResult> {
  const PATH = `${commands}${delimiter}${process.env.PATH ?? ''}`;
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['-e', '-c', run],
      { cwd: workspace, env: { ...process.env, ...env, PATH } },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ name, code, output: stdout + stderr });
      },
    );
  });
}

const hasCommand = (name: string) =>
  new Promise<boolean>((resolve) => execFile(name, ['--version'], (error) => resolve(error === null)));

describe.skipIf(!((await hasCommand('jq')) && (await hasCommand('bash'))))(
  'the example of a workflow that retrains',
  () => {
    it('succeeds on good orders, and lists the customers who are about to leave', async () => {
      const results = await runSteps();
      expect(results.filter(({ code }) => code !== 0)).toEqual([]);
      expect(results.map(({ name }) => name)).toEqual([
        'Install',
        'Import',
        'Retrain',
        'Fail where the model is too poor to act on',
        'List who is about to leave',
      ]);
      expect(results.at(-1)?.output).toMatch(/^\S+\t0\.\d+\t[\d.]+$/m);
    });

    it('fails if the model is worse than the required minimum', async () => {
      const results = await runSteps({ LOWEST_ROC_AUC: '0.9999' });
      expect(results.at(-1)).toMatchObject({ name: 'Fail where the model is too poor to act on', code: 1 });
    });

    it('fails if the new version is worse than the champion', async () => {
      provideOrders('2026-01-15');
      const env = { CHURN_MCP_HOME: join(workspace, 'home-of-a-better-champion') };
      const imported = ['import', '--orders', join(workspace, 'data', 'orders.csv'), '-q'];
      expect((await runCli(imported, env)).code).toBe(0);
      const champion = { label: 'forward', horizon_days: 30, params: { max_depth: 2 } };
      expect((await runCli(['call', 'train_churn_model', JSON.stringify(champion)], env)).code).toBe(0);
      const results = await runSteps(env);
      expect(results.at(-1)).toMatchObject({ name: 'Retrain', code: 4 });
    });
  },
);
