import { chmodSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeHomePrivate } from '../../src/files/private-home.ts';
import { newTestHome } from '../helpers/snapshot.ts';

const modeOf = (path: string) => (lstatSync(path).mode & 0o777).toString(8);

it('a home is made private once, without files that are not ours', async () => {
  const home = await newTestHome();
  chmodSync(home, 0o755);
  const snapshots = join(home, 'data', 'snapshots');
  mkdirSync(snapshots, { recursive: true });
  const file = join(snapshots, 'shop.duckdb');
  const foreign = join(home, 'notes.txt');
  for (const path of [file, foreign, join(home, 'training.lock')]) writeFileSync(path, 'x');
  for (const path of [join(home, 'data'), snapshots]) chmodSync(path, 0o755);
  for (const path of [file, foreign]) chmodSync(path, 0o644);
  symlinkSync(foreign, join(home, 'data', 'link'));

  expect(makeHomePrivate(home)).toBe(true);
  expect([join(home, 'data'), snapshots, file].map(modeOf)).toEqual(['700', '700', '600']);
  expect([home, foreign].map(modeOf)).toEqual(['755', '644']);
  expect(makeHomePrivate(home)).toBe(false);
  expect(makeHomePrivate(join(home, 'nowhere'))).toBe(false);
});
