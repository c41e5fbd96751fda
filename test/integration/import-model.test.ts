import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli-process.ts';
import { leavingCustomers } from '../helpers/leaving-customers.ts';

const files = mkdtempSync(join(tmpdir(), 'churn-mcp-import-model-'));
const env = { CHURN_MCP_HOME: join(files, 'home') };
const fixture = (name: string) =>
  fileURLToPath(new URL(`../fixtures/xgboost-models/notebook/${name}`, import.meta.url));
const REFERENCE =
  'TOTAL_ORDERS,TOTAL_SPENT,AVG_ORDER_VALUE,CUSTOMER_TENURE_DAYS,ORDER_FREQUENCY,REVENUE_PER_ORDER';

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

describe('a model from the notebook of the reference', () => {
  it('is imported with its scaler, and explains a customer', async () => {
    const importing = ['models', 'import', fixture('scaled.ubj'), '--scaler', fixture('scaler.json')];
    const flags = ['--features', REFERENCE, '--horizon-days', '60', '--comment', 'notebook', '--json', '-q'];
    const { code, stdout, stderr } = await runCli([...importing, ...flags], env);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      model: 'customer_churn_forecast',
      label: 'forward',
      horizon_days: 60,
      promoted: true,
      promotion: 'It is the first version, so it is the champion.',
    });
    const explained = await runCli(['call', 'explain_churn_risk', '{"customer_id": 5}', '-q'], env);
    expect(explained.code).toBe(0);
    expect(explained.stdout).toMatch(
      /^Customer 5: \d+% likely not to order in the 60 days.*\nA simple rule did better: /,
    );
    const listed = await runCli(['models'], env);
    expect(listed.stdout).toMatch(/customer_churn_forecast\n {2}v_\d+_\d+ \[champion\]: ROC-AUC 0\.\d+/);
  });

  it.each([
    [['models', 'import'], 2, /An import of a model takes one file\./],
    [['models', 'import', 'a.ubj', 'b.ubj'], 2, /An import of a model takes one file\./],
    [['models', 'import', fixture('scaler.json')], 1, /not a model that XGBoost saved/],
    [['models', 'import', fixture('scaled.ubj')], 1, /does not say what its columns are/],
    [['models', 'import', fixture('scaled.ubj'), '--features', 'a,b'], 1, /There is no feature "a"/],
    [
      ['models', 'import', fixture('named.json'), '--scaler', fixture('named.json')],
      1,
      /The scaler file cannot be used/,
    ],
    [
      ['models', 'import', fixture('named.json'), '--model', 'product_recommendation'],
      2,
      /Known: customer_churn_forecast/,
    ],
    [
      [
        'models',
        'import',
        fixture('named.json'),
        '--model',
        'customer_churn_predictor',
        '--horizon-days',
        '9',
      ],
      2,
      /belongs to customer_churn_forecast/,
    ],
    [['models', 'list', '--features', 'a'], 2, /belong to "models import"/],
  ])('is refused with exit code and reason: %j ends with %i', async (args, code, message) => {
    const result = await runCli([...args, '-q'], env);
    expect(result.stderr).toMatch(message);
    expect(result).toMatchObject({ code, stdout: '' });
  });

  it('is refused if there are no orders to judge it by', async () => {
    const nowhere = { CHURN_MCP_HOME: join(files, 'empty') };
    const { code, stderr } = await runCli(['models', 'import', fixture('named.json'), '-q'], nowhere);
    expect(code).toBe(1);
    expect(stderr).toMatch(/No orders have been imported yet/);
  });
});
