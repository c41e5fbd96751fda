import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { allowedFile } from '../../src/files/allowed-path.ts';
import { newTestHome } from '../helpers/snapshot.ts';

let outside: string;
let folder: string;
beforeAll(async () => {
  outside = await realpath(await newTestHome());
  folder = join(outside, 'shop');
  await mkdir(join(folder, '.ssh'), { recursive: true });
  await mkdir(join(outside, 'shop-two'));
  for (const file of ['orders.csv', '.env', '.ssh/key.csv', '../secret.csv', '../shop-two/orders.csv']) {
    await writeFile(join(folder, file), 'x');
  }
  await symlink(join(outside, 'secret.csv'), join(folder, 'link.csv'));
  await symlink(join(folder, '.ssh'), join(folder, 'ssh'));
  await symlink('/dev/zero', join(folder, 'zero.csv'));
});

describe('a path that a caller gives', () => {
  it('is taken if it is a plain file in an allowed folder, absolute or within the first folder', async () => {
    const file = join(folder, 'orders.csv');
    expect(await allowedFile(file, [join(outside, 'none'), folder])).toBe(file);
    expect(await allowedFile('orders.csv', [folder])).toBe(file);
    expect(await allowedFile('../shop/orders.csv', [folder])).toBe(file);
  });

  it.each([
    '.env',
    '.ssh/key.csv',
    'ssh/key.csv',
    '../secret.csv',
    '../shop-two/orders.csv',
    'link.csv',
    'zero.csv',
    '/dev/zero',
    '/etc/passwd',
    '.',
    'missing.csv',
    '',
  ])('is refused if it leads anywhere else: %s', async (path) => {
    await expect(allowedFile(path, [folder])).rejects.toThrow(
      expect.objectContaining({ code: 'PATH_NOT_ALLOWED' }),
    );
  });

  it('is refused without a look if no folder is allowed', async () => {
    await expect(allowedFile(join(folder, 'orders.csv'), [])).rejects.toThrow(
      'This server reads no files by their path.',
    );
  });
});
