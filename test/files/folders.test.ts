import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../src/files/folders.ts';

const root = mkdtempSync(join(tmpdir(), 'churn-mcp-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('making a folder', () => {
  it('makes missing parents, returns the topmost folder it made, and makes nothing twice', async () => {
    expect(await makeFolder(join(root, 'a', 'b', 'c'))).toBe(join(root, 'a'));
    expect(await makeFolder(join(root, 'a', 'b', 'c'))).toBeUndefined();
    expect(await makeFolder(join(root, 'a', 'b', 'd'))).toBe(join(root, 'a', 'b', 'd'));
  });

  it('works the same for many callers at once', async () => {
    const folder = join(root, 'many', 'at', 'once');
    await Promise.all(Array.from({ length: 20 }, () => makeFolder(folder)));
    expect(existsSync(folder)).toBe(true);
  });

  it('fails under a file', async () => {
    writeFileSync(join(root, 'file'), '');
    await expect(makeFolder(join(root, 'file', 'x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(makeFolder(join(root, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it.skipIf(process.platform !== 'linux')('fails at once if no folder can exist there', async () => {
    await expect(makeFolder('/proc/churn-mcp/x')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
