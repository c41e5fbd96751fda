/** A home folder with a file of every kind that churn-mcp keeps. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createDemoShop } from '../../src/data/demo/create-demo-shop.ts';
import { answerKey } from '../../src/server/answer-key.ts';
import { JobFiles } from '../../src/server/job-files.ts';
import { silentLog } from '../helpers/mcp-client.ts';
import { runHere } from './program-here.ts';
import { makeTrainedHome } from './trained-home.ts';

const PLAN = { name: 'Spring', contact_cost: 0.1, offer_cost: 1, margin: 0.4, success_rate: 0.3 };

export interface FullHome {
  readonly home: string;
  readonly campaign: string;
  /** A call that went on in the background and has ended. */
  readonly jobId: string;
}

/** Whose job it is. */
export const CALLER = { principal: 'ann', session: undefined };

/**
 * Two snapshots, of which the earlier is of an earlier day, so that kept predictions are due by now; models of every kind,
 * a table of customers, an exported list, rows in the log that wait to be folded in, and a campaign that has been started.
 */
export async function makeFullHome(): Promise<FullHome> {
  const home = await makeTrainedHome(300, ['inactivity', 'forward', 'recommendations'], '2025-06-30');
  const done = async (...args: string[]) => {
    const { code, stdout, stderr } = await runHere(args, home);
    expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 0, '']);
    return stdout;
  };
  const call = (tool: string, args: object) => done('call', tool, JSON.stringify(args));
  await call('get_at_risk_customers', { limit: 3 });
  await createDemoShop({ home, customers: 300, seed: 42, asOf: '2026-01-31' });
  await call('get_at_risk_customers', { limit: 3, export: 'csv' });
  const table = join(home, 'customers.csv');
  writeFileSync(table, tableOfCustomers());
  await done('import', '--features', table, '--id', 'customer', '--target', 'left');
  await call('train_churn_model', { label: 'column', params: { n_estimators: 3 } });
  await done('score', '--model', 'customer_churn_forecast', '--offers', '--out', join(home, 'scores.csv'));
  expect(existsSync(join(home, 'offers'))).toBe(true);
  const rows = join(home, 'rows.ndjson');
  const row = (id: string) =>
    `{"order_id":"${id}","customer_id":"x","order_date":"2026-01-31","total_amount":1}\n`;
  writeFileSync(rows, `${row('x1')}${row('x2')}not a row\n`);
  await done('ingest', rows, '--kind', 'orders', '--channel', 'shop', '--no-refresh');
  await answerKey(home);
  const campaign = /c_\d{8}_\d{6}_[0-9a-f]{4}/.exec(await call('plan_campaign', PLAN))?.[0] ?? '';
  await call('start_campaign', { campaign_id: campaign, contact_date: '2026-01-31' });
  const jobId = '7d44ff2e-3a86-4b2c-9a6e-0f1c5b1f2a3d';
  await keepJob(home, jobId);
  return { home, campaign, jobId };
}

async function keepJob(home: string, jobId: string): Promise<void> {
  const job = {
    jobId,
    tool: 'train_churn_model',
    status: 'done',
    elapsedSeconds: 61,
    progress: undefined,
    outcome: { texts: ['A model was trained.'], structuredContent: { version: 'v' }, code: undefined },
  } as const;
  await new JobFiles(home, silentLog).keep(job, CALLER.principal);
}

/** 300 customers as CSV, some of whom left. */
export function tableOfCustomers(): string {
  const rows = Array.from({ length: 300 }, (_, i) => [`c${i}`, (i * 37) % 60, i % 7 < 2 ? 'yes' : 'no']);
  return [['customer', 'months', 'left'], ...rows].map((row) => row.join(',')).join('\n');
}
