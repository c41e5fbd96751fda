/** Containers over one home folder: in each, the importing process has the number 1. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { leftoversIn, problemsIn } from './home-state.ts';
import { SCALE, TIMEOUT_MS } from './scale.ts';
import { ordersOf, writeOrders } from './small-shop.ts';

const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-namespaces-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const UNSHARE = ['--pid', '--fork', '--mount-proc', '--kill-child'];

function isAllowed(): boolean {
  try {
    execFileSync('unshare', [...UNSHARE, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function importAsFirstProcess(home: string, file: string): Promise<string> {
  const cli = join(packageRoot(), 'dist', 'cli.js');
  const child = spawn('unshare', [...UNSHARE, process.execPath, cli, 'import', '--orders', file, '-q'], {
    env: { ...process.env, CHURN_MCP_HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((resolve) =>
    child.once('close', (code) => resolve(code === 0 ? '' : `${code}: ${said}`)),
  );
}

describe.skipIf(!isAllowed())('three PID namespaces on one home (skipped if unshare is not allowed)', () => {
  it(`import ${SCALE.imports} times side by side, without an error or a leftover`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const home = join(folder, 'home');
    const files = [0, 1, 2].map((variant) => writeOrders(folder, variant));
    const containers = files.map(async (file) => {
      const said: string[] = [];
      for (let i = 0; i < SCALE.imports / 3; i++) said.push(await importAsFirstProcess(home, file));
      return said;
    });
    expect((await Promise.all(containers)).flat().filter((text) => text !== '')).toEqual([]);
    expect(await problemsIn(home, [0, 1, 2].map(ordersOf))).toEqual([]);
    expect(leftoversIn(home)).toEqual([]);
  });
});
