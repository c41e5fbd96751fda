import { readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { writeOpener } from '../../src/commands/dashboard.ts';
import { withTemporaryFolder } from '../../src/files/temporary-folder.ts';

it.skipIf(process.platform === 'win32')(
  'churn-mcp dashboard gives the browser its address in a file that only the user can read',
  async () => {
    const page = new URL('http://127.0.0.1:4321/dashboard#token=secret');
    await withTemporaryFolder(async (folder) => {
      const file = await writeOpener(page, folder);
      expect(file).not.toContain('secret');
      expect(readFileSync(file, 'utf8')).toContain(`url=${page.href}"`);
      expect([folder, file].map((path) => statSync(path).mode & 0o077)).toEqual([0, 0]);
    });
  },
);
