import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandToAdd, isInstalled, loadOptional, OPTIONAL_PACKAGES } from '../src/optional-package.ts';

const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-optional-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An installation below `path`, alone. */
function installIn(...path: string[]): string {
  const root = join(folder, ...path, 'churn-mcp');
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'package.json'), '{"peerDependencies": {"snowflake-sdk": "^3.3.0"}}');
  return root;
}

describe('a package that only some need', () => {
  it('is there in development, whichever it is', () => {
    expect(OPTIONAL_PACKAGES.filter((name) => !isInstalled(name))).toEqual([]);
  });

  it('is added with the command that fits the installation', () => {
    const said = (root: string) => commandToAdd('snowflake-sdk', root).replaceAll(folder, 'FOLDER');
    const local = installIn('project', 'node_modules');
    writeFileSync(join(folder, 'project', 'package.json'), '{}');
    const npx = installIn('.npm', '_npx', '1f2e3d', 'node_modules');
    expect([
      said(local),
      said(npx),
      said(installIn('lib', 'node_modules')),
      said(installIn('checkout')),
    ]).toMatchInlineSnapshot(`
      [
        "npm install "snowflake-sdk@^3.3.0"",
        "npx -y -p churn-mcp -p "snowflake-sdk@^3.3.0" churn-mcp",
        "npm install --global "snowflake-sdk@^3.3.0"",
        "npm ci --include=dev",
      ]
    `);
  });

  it('leaves other errors as they are', async () => {
    const broken = new Error("Cannot find package 'axios' imported from snowflake-sdk");
    Object.assign(broken, { code: 'ERR_MODULE_NOT_FOUND' });
    await expect(loadOptional('snowflake-sdk', () => Promise.reject(broken))).rejects.toBe(broken);
    const fault = new TypeError("'snowflake-sdk' is not a function");
    await expect(loadOptional('snowflake-sdk', () => Promise.reject(fault))).rejects.toBe(fault);
  });
});
