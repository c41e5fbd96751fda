/** Files that others keep in a home folder, also behind symbolic links with names of ours: no operation removes or changes any. */
import { spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { thisOwner } from '../../src/files/owner.ts';
import { newTestHome } from '../helpers/snapshot.ts';
import { tableOfCustomers } from './full-home.ts';
import { pathsIn } from './home-state.ts';
import { runHere } from './program-here.ts';
import { IS_FULL, TIMEOUT_MS } from './scale.ts';
import { writeOrders } from './small-shop.ts';

const LONG_AGO = new Date('2020-01-01T00:00:00Z');
const SMALL = { params: { n_estimators: 3 } };

const MINE = ['notes.txt', 'backup.duckdb', 'other.parquet', 'old.tmp', 'mine.writing'];

/** Names of ours, of work that nobody does any more. */
function namesOfOurs(): string[] {
  const { host } = thisOwner();
  const pid = spawnSync(process.execPath, ['--version']).pid;
  const id = '20200101_000000_00000000';
  return [
    `${id}.duckdb`,
    `${id}.csv`,
    `${id}.${host}.${pid}`,
    `.churn-mcp-${host}-${pid}-00112233aabb.tmp`,
    `.churn-mcp-${host}-${pid}-00112233aabb.tmp.spill`,
    'customers_2020-01-01_0123456789abcdef.csv',
    '0123456789abcdef.parquet',
    '2020-01-01.parquet',
    'v_20200101_000000_0123456789abcdef.parquet',
    'v_20200101_000000',
  ];
}

/** Puts files, folders and links into a folder; the links lead to `outside`. */
function plant(folder: string, outside: string, links: readonly string[]): void {
  for (const name of MINE) {
    writeFileSync(join(folder, name), `mine: ${name}`);
    utimesSync(join(folder, name), LONG_AGO, LONG_AGO);
  }
  mkdirSync(join(folder, 'mine'));
  writeFileSync(join(folder, 'mine', 'notes.txt'), 'mine');
  for (const name of links) symlinkSync(outside, join(folder, name));
}

/** What was planted and is not as it was, as sentences. */
function missingIn(folder: string, links: readonly string[]): string[] {
  const gone: string[] = [];
  for (const name of MINE) {
    const path = join(folder, name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found || readFileSync(path, 'utf8') !== `mine: ${name}`) gone.push(path);
  }
  if (!lstatSync(join(folder, 'mine', 'notes.txt'), { throwIfNoEntry: false }))
    gone.push(join(folder, 'mine'));
  for (const name of links) {
    const link = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (!link?.isSymbolicLink()) gone.push(join(folder, name));
  }
  return gone;
}

describe.skipIf(process.platform === 'win32')('files of others in a home folder', () => {
  it('stay as they are, and so does what links lead to, whatever is done', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const folder = await newTestHome();
    const home = join(folder, 'home');
    mkdirSync(home);
    const table = join(folder, 'table.csv');
    writeFileSync(table, tableOfCustomers());
    const run = async (...args: string[]) => {
      const { code, stderr } = await runHere(args, home);
      expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 0, stderr]);
    };
    const call = (tool: string, args: object) => run('call', tool, JSON.stringify(args));
    const everything = async (variant: number) => {
      await run('import', '--orders', writeOrders(folder, variant));
      await run('import', '--features', table, '--id', 'customer', '--target', 'left');
      await call('train_churn_model', { label: 'inactivity', ...SMALL });
      if (IS_FULL) await call('train_churn_model', { label: 'forward', ...SMALL });
      await call('find_customers', { export: 'csv' });
      await run('score', '--model', 'customer_churn_predictor', '--out', join(folder, 'scores.csv'));
      await run('models', 'prune', '--keep', '1');
    };
    await everything(0);

    const outside = join(folder, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'treasure.txt'), 'kept');
    utimesSync(outside, LONG_AGO, LONG_AGO);
    const folders = ['.', ...pathsIn(home).filter((path) => statSync(join(home, path)).isDirectory())].map(
      (path) => join(home, path),
    );
    // A link to a version is a version, which the doctor may set aside.
    const planted = folders.filter((path) => !path.includes('/registry/'));
    expect(planted.length).toBeGreaterThan(6);
    const links = namesOfOurs();
    for (const each of planted) plant(each, outside, links);

    await everything(1);
    await runHere(['doctor', '--repair'], home);
    await everything(2);
    expect(planted.flatMap((each) => missingIn(each, links))).toEqual([]);
    expect(readdirSync(outside)).toEqual(['treasure.txt']);
    expect(readFileSync(join(outside, 'treasure.txt'), 'utf8')).toBe('kept');
  });
});
