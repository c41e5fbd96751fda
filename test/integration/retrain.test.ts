import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli-process.ts';
import { leavingCustomers } from '../helpers/leaving-customers.ts';

const files = mkdtempSync(join(tmpdir(), 'churn-mcp-retrain-'));
const env = { CHURN_MCP_HOME: join(files, 'home') };
const hideVersions = (text: string) =>
  text.replace(/v_\d{8}_\d{6}/g, 'VERSION').replace(/\d+\.\d s/g, 'TIME');

beforeAll(async () => {
  const { orders } = leavingCustomers();
  const lines = orders.map(({ order_id, customer_id, order_date, total_amount }) =>
    [order_id, customer_id, order_date, total_amount].join(','),
  );
  const file = join(files, 'orders.csv');
  writeFileSync(file, `${['order_id,customer_id,order_date,total_amount', ...lines].join('\n')}\n`);
  expect((await runCli(['import', '--orders', file, '-q'], env)).code).toBe(0);
});
afterAll(() => rmSync(files, { recursive: true, force: true }));

describe('retraining for a scheduler', () => {
  it('ends with 4 if the champion is better, and keeps its horizon', async () => {
    const champion = {
      label: 'forward',
      horizon_days: 30,
      as_of: '2026-01-15',
      params: { n_estimators: 400, early_stopping_rounds: 0 },
    };
    expect((await runCli(['call', 'train_churn_model', JSON.stringify(champion)], env)).code).toBe(0);
    const stays = await runCli(['retrain', '--as-of', '2026-01-15', '-q'], env);
    expect(stays.code).toBe(4);
    expect(stays.stderr).toBe('');
    expect(hideVersions(stays.stdout)).toContain(
      'Predicts who will not order in the next 30 days, from data up to 2026-01-15.',
    );
    expect(hideVersions(stays.stdout).trim().split('\n').at(-1)).toMatch(/so the champion stays\.$/);
  });

  it('ends with 0 if there is a new champion', async () => {
    const { code, stdout } = await runCli(['retrain', '--horizon-days', '45', '--json', '-q'], env);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ label: 'forward', horizon_days: 45, promoted: true });
  });

  it('trains nothing where neither data nor recipe has changed, unless it is told to', async () => {
    const retrain = ['retrain', '--horizon-days', '45', '-q'];
    const again = await runCli(retrain, env);
    expect(again.code).toBe(0);
    expect(hideVersions(again.stdout)).toBe(
      'Nothing was trained: neither the data nor the recipe has changed since VERSION, the champion. --force trains anyway.\n',
    );
    expect(JSON.parse((await runCli([...retrain, '--json'], env)).stdout)).toMatchObject({ trained: false });
    // Another day, and another horizon, are other models.
    expect((await runCli([...retrain, '--as-of', '2026-01-20'], env)).stdout).not.toContain(
      'Nothing was trained',
    );
    const forced = await runCli([...retrain, '--force', '--json'], env);
    expect(JSON.parse(forced.stdout)).toMatchObject({ label: 'forward', promoted: expect.any(Boolean) });
  });

  it.each([
    [['--model', 'customer_churn_forcast'], 2, /Did you mean "customer_churn_forecast"\?/],
    [['--horizon-days', 'many'], 2, /--horizon-days takes a whole number from 1 to 3650\./],
    [['--horizon-days', '3000'], 1, /does not fit into 399 days of orders/],
    [['--model', 'product_recommendation'], 1, /order items/],
  ])('says why if it fails: %j ends with %i', async (flags, code, message) => {
    const result = await runCli(['retrain', ...flags, '-q'], env);
    expect(result.stderr).toMatch(message);
    expect(result).toMatchObject({ code, stdout: '' });
  });
});

describe('evaluation at the command line', () => {
  it('prints a table of the champions beside simple rules', async () => {
    const { code, stdout } = await runCli(['eval'], env);
    expect(code).toBe(0);
    const table = hideVersions(stdout)
      .replace(/\d\.\d{3,4}/g, 'x.xxx')
      .replace(/\d+\.\d%/g, 'xx.x%');
    expect(table).toMatchInlineSnapshot(`
      "customer_churn_forecast VERSION, on 300 rows of the period after 2025-12-21, none of them learnt from
      Predicts who will not order in the next 45 days, from data up to 2026-02-04.

                           ROC-AUC  PR-AUC   Brier  log-loss
      this model             x.xxx   x.xxx  x.xxx     x.xxx
      recency rule           x.xxx
      logistic regression    x.xxx          x.xxx
      bg nbd                 x.xxx          x.xxx
      base rate              x.xxx   x.xxx  x.xxx

      order days                            customers  predicted  churned  ROC-AUC
      several, the last within the horizon         64      xx.x%    xx.x%    x.xxx
      several, silent for longer                  177      xx.x%    xx.x%    x.xxx
      one order day                                59      xx.x%    xx.x%    x.xxx
      "
    `);
  });

  it('prints JSON for scripts', async () => {
    const { stdout } = await runCli(['eval', '--model', 'customer_churn_forecast', '--json'], env);
    expect(JSON.parse(stdout)).toMatchObject([
      { model: 'customer_churn_forecast', evaluation: 'later_slice' },
    ]);
  });

  it('says so if there is no model yet', async () => {
    const empty = { CHURN_MCP_HOME: join(files, 'empty') };
    expect((await runCli(['eval'], empty)).stderr).toContain('No model has been trained yet.');
    expect((await runCli(['eval', '--model', 'product_recommendation'], empty)).code).toBe(1);
  });
});
