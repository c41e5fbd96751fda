/** Two versions of the program on one home: the older one destroys nothing that the newer one made, and says what to do. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SNAPSHOT_FORMAT } from '../../src/data/snapshot-format.ts';
import { packageRoot } from '../../src/package-root.ts';
import { collectCli, runCli, startScript } from '../helpers/cli-process.ts';
import { TIMEOUT_MS } from './scale.ts';
import { writeOrders } from './small-shop.ts';

const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-versions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const newer = join(folder, 'newer');

/** The program as built here, but that it builds data of another format. */
function makeNewerVersion(): void {
  const root = packageRoot();
  for (const name of ['node_modules', 'sql', 'onnxruntime', 'ray', 'package.json']) {
    symlinkSync(join(root, name), join(newer, name));
  }
  const dist = join(newer, 'dist');
  let changed = 0;
  for (const name of readdirSync(dist).filter((each) => each.endsWith('.js'))) {
    const text = readFileSync(join(dist, name), 'utf8');
    if (!text.includes(String(SNAPSHOT_FORMAT))) continue;
    writeFileSync(join(dist, name), text.replaceAll(String(SNAPSHOT_FORMAT), String(SNAPSHOT_FORMAT + 1)));
    changed++;
  }
  expect(changed).toBeGreaterThan(0);
}

beforeAll(() => {
  cpSync(join(packageRoot(), 'dist'), join(newer, 'dist'), {
    recursive: true,
    filter: (path) => !path.includes('compiled') && !path.endsWith('.map'),
  });
  makeNewerVersion();
});

const row = (id: string) =>
  `{"order_id":"${id}","customer_id":"c","order_date":"2025-12-01","total_amount":1}\n`;

describe('an older version on a home of a newer one', () => {
  it('takes rows, leaves the data alone, and says what to do; the newer version then has every row once', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const home = join(folder, 'home');
    const env = { CHURN_MCP_HOME: home };
    const byNewer = (...args: string[]) => {
      const child = startScript(join(newer, 'dist', 'cli.js'), args, env);
      child.stdin.end();
      return collectCli(child);
    };
    const rows = join(folder, 'rows.ndjson');
    writeFileSync(rows, row('n1'));
    const send = ['ingest', rows, '--kind', 'orders', '--channel', 'shop', '-q'];

    expect((await runCli(['import', '--orders', writeOrders(folder, 0), '-q'], env)).code).toBe(0);
    expect((await byNewer('refresh', '-q')).stderr).toBe('');
    const pointer = readFileSync(join(home, 'data', 'current.json'), 'utf8');
    expect(await runCli(['call', 'get_shop_overview', '-q'], env)).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "Another version of churn-mcp imported the data. If this is the newer version, bring it up to date with: churn-mcp refresh. If that is refused, import the orders again with: churn-mcp import --orders FILE, or run: churn-mcp demo. Otherwise use the version that imported it.
      ",
        "stdout": "",
      }
    `);
    expect(await runCli(send, env)).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "Another version of churn-mcp built the data. New rows stay in the log. If this is the newer version, stop the others and run: churn-mcp refresh. Otherwise install the version that built the data.
      ",
        "stdout": "Stored 1 row in the log of the home folder.
      ",
      }
    `);
    expect(readFileSync(join(home, 'data', 'current.json'), 'utf8')).toBe(pointer);

    writeFileSync(rows, `${row('n1')}${row('n2')}`);
    expect((await byNewer(...send)).code).toBe(0);
    expect((await byNewer('doctor', '-q')).stdout).toMatch(/Data: 1,502 orders/);
  });
});
