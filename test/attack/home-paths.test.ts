/** Home folders with names that mean something to a shell, an address, a pattern or SQL. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newTestHome } from '../helpers/snapshot.ts';
import { tableOfCustomers } from './full-home.ts';
import { runHere } from './program-here.ts';
import { IS_FULL, TIMEOUT_MS } from './scale.ts';
import { writeOrders } from './small-shop.ts';

const NAMES = [
  "it's #1; drop",
  'a%20b*[x]{y}',
  '$(id) `id` \\n',
  'ümläut 日本',
  '--help',
  'sp ace&mode=rw#x',
];

describe.skipIf(process.platform === 'win32')('a home folder', () => {
  it.each(IS_FULL ? NAMES : NAMES.slice(0, 2))(
    'works under the name %j, and writes nowhere else',
    { timeout: TIMEOUT_MS },
    async (name) => {
      const folder = await newTestHome();
      const home = join(folder, name);
      mkdirSync(home);
      const orders = writeOrders(home, 0);
      const table = join(home, 'table.csv');
      writeFileSync(table, tableOfCustomers());
      const commands = [
        ['import', '--orders', orders],
        ['call', 'train_churn_model', '{"label":"inactivity","params":{"n_estimators":3}}'],
        ['call', 'find_customers', '{"limit":2,"export":"csv"}'],
        ['score', '--model', 'customer_churn_predictor', '--out', join(home, 'scores.parquet')],
        ['import', '--append', '--orders', orders],
        ['import', '--features', table, '--id', 'customer', '--target', 'left'],
        ['call', 'train_churn_model', '{"label":"column","params":{"n_estimators":3}}'],
        ['score', '--model', 'customer_churn_column', '--out', join(home, 'scores.csv')],
        ['score', '--features', table, '--out', join(home, 'scores.xlsx')],
        ['doctor'],
      ];
      for (const command of commands) {
        const { code, stdout, stderr } = await runHere(command, home);
        expect([command.join(' '), code], stdout + stderr).toEqual([command.join(' '), 0]);
      }
      expect(readdirSync(folder)).toEqual([name]);
    },
  );

  it('is refused before anything is written if its path has a question mark', async () => {
    const folder = await newTestHome();
    const { code, stderr } = await runHere(
      ['import', '--orders', writeOrders(folder, 0)],
      join(folder, 'a?b'),
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining('has a question mark')]);
    expect(readdirSync(folder)).toEqual(['orders-0.csv']);
  });
});
