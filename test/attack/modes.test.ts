/** Every operation in a home folder, by a user whose new files are open to all: nobody else may read what it leaves. */
import { spawn } from 'node:child_process';
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CliResult, collectCli } from '../helpers/cli-process.ts';
import { newTestHome } from '../helpers/snapshot.ts';
import { tableOfCustomers } from './full-home.ts';
import { openToOthers } from './home-state.ts';
import { CLI } from './metered-process.ts';
import { IS_FULL, TIMEOUT_MS } from './scale.ts';
import { writeOrders } from './small-shop.ts';

const SMALL = { params: { n_estimators: 3 } };
const PLAN = { name: 'Spring', contact_cost: 0.1, offer_cost: 1, margin: 0.4, success_rate: 0.3 };

const call = (tool: string, args: object) => ['call', tool, JSON.stringify(args)];

/** In order, since each needs what earlier ones made. */
function operationsOf(folder: string, campaign: () => string): readonly (() => string[])[] {
  const orders = writeOrders(folder, 0);
  const table = join(folder, 'table.csv');
  writeFileSync(table, tableOfCustomers());
  // One row has no customer, so there is a file of rejected rows too.
  const lines = Array.from({ length: 40 }, (_, i) => `${9000 + i},${i === 0 ? '' : i},2026-01-01,10`);
  const pasted = ['order_id,customer_id,order_date,total_amount', ...lines].join('\n');
  const first = [
    () => ['import', '--orders', orders],
    () => call('train_churn_model', { label: 'inactivity', ...SMALL }),
    () => ['score', '--model', 'customer_churn_predictor', '--out', join(folder, 'scores.csv')],
  ];
  if (!IS_FULL) return first;
  return [
    ...first,
    () => ['import', '--append', '--orders', orders],
    () => ['import', '--features', table, '--id', 'customer', '--target', 'left'],
    () => call('train_churn_model', { label: 'column', ...SMALL }),
    () => call('import_data', { csv: pasted, append: true, dry_run: false }),
    () => call('make_demo_shop', { customers: 600 }),
    () => call('train_churn_model', { label: 'forward', ...SMALL }),
    () => call('train_recommendation_model', SMALL),
    () => call('get_at_risk_customers', { limit: 3 }),
    () => ['score', '--model', 'customer_churn_forecast', '--out', join(folder, 'scores.parquet')],
    () => ['recommend', '--n-products', '2', '--out', join(folder, 'offers.csv')],
    () => call('plan_campaign', PLAN),
    () => call('start_campaign', { campaign_id: campaign() }),
    () => ['retrain', '--model', 'customer_churn_predictor'],
    () => ['doctor', '--repair'],
  ];
}

/** Runs a command for which new files are readable and writable by all, unless it says otherwise. */
function runOpenly(args: readonly string[], home: string): Promise<CliResult> {
  const script = 'umask 000 && exec "$@"';
  const child = spawn('sh', ['-c', script, 'sh', process.execPath, CLI, ...args, '-q'], {
    env: { ...process.env, CHURN_MCP_HOME: home },
  });
  child.stdin.end();
  return collectCli(child);
}

describe.skipIf(process.platform === 'win32')('the files of a user whose umask hides nothing', () => {
  it('are for this user alone after every operation, and so are new outputs', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const folder = await newTestHome();
    const home = join(folder, 'state');
    let campaign = '';
    for (const operation of operationsOf(folder, () => campaign)) {
      const args = operation();
      const { code, stdout, stderr } = await runOpenly(args, home);
      expect([0, 4], `${args.join(' ')}: ${stderr}`).toContain(code);
      expect(openToOthers(home), args.join(' ')).toEqual([]);
      const output = args[args.indexOf('--out') + 1];
      if (args.includes('--out')) expect(statSync(output).mode & 0o077, args.join(' ')).toBe(0);
      campaign = /c_\d{8}_\d{6}_[0-9a-f]{4}/.exec(stdout)?.[0] ?? campaign;
    }
    const scores = join(folder, 'scores.csv');
    chmodSync(scores, 0o644);
    const again = await runOpenly(['score', '--model', 'customer_churn_predictor', '--out', scores], home);
    expect(again.stderr).toBe('');
    expect(statSync(scores).mode & 0o777).toBe(0o644);
  });
});
