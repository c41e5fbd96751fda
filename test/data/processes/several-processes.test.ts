import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataHome } from '../../../src/data/data-home.ts';
import { homeLayout } from '../../../src/data/home-layout.ts';
import { importShop } from '../../../src/data/import/import-shop.ts';
import { packageRoot } from '../../../src/package-root.ts';
import { fileWith } from '../../helpers/import.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

/** Inside the package, so that the bundle finds `sql/` and `node_modules` as an installed one does. */
const bundle = join(packageRoot(), `dist-test-${process.pid}`, 'import-child.mjs');

beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, 'import-child.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
});

afterAll(() => rm(join(bundle, '..'), { recursive: true, force: true }));

function child(...args: string[]): ChildProcess & { output: () => string } {
  const started = spawn(process.execPath, [bundle, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [started.stdout, started.stderr]) stream.on('data', (data) => (text += String(data)));
  return Object.assign(started, { output: () => text });
}

async function ended(process: ChildProcess): Promise<number | null> {
  if (process.exitCode === null && process.signalCode === null) await once(process, 'exit');
  return process.exitCode;
}

function ordersFile(orders: number): Promise<string> {
  const rows = Array.from(
    { length: orders },
    (_, at) => `${at},${at % 100},2024-01-${String(1 + (at % 28)).padStart(2, '0')},${at}`,
  );
  return fileWith(
    `orders-${orders}.csv`,
    `order_id,customer_id,order_date,total_amount\n${rows.join('\n')}\n`,
  );
}

async function currentOrders(home: string): Promise<number> {
  await using provider = openDataHome(home);
  return (await (await provider.current()).summary()).orders;
}

describe('an import that is killed', () => {
  it('leaves the old state whole at any moment, and its leftovers to the next import', async () => {
    const home = await newTestHome();
    const [small, big] = [await ordersFile(500), await ordersFile(30_000)];
    await importShop({ orders: small }, { home });
    for (const phase of ['reading', 'checking', 'writing', 'serving tables']) {
      const importing = child('import', home, big);
      await new Promise<void>((resolve) => {
        importing.stdout?.on('data', () => importing.output().includes(phase) && resolve());
        importing.once('exit', () => resolve());
      });
      importing.kill('SIGKILL');
      await ended(importing);
      expect(await currentOrders(home)).toBe(500);
    }
    // And at moments between the phases, where the outcome is the old state or the new one.
    for (const delay of [300, 450, 600, 750, 900]) {
      const importing = child('import', home, big);
      await new Promise((resolve) => setTimeout(resolve, delay));
      importing.kill('SIGKILL');
      await ended(importing);
      expect([500, 30_000]).toContain(await currentOrders(home));
    }
    const layout = homeLayout(home);
    await importShop({ orders: small }, { home });
    expect(await readdir(layout.building)).toEqual([]);
    const snapshots = (await readdir(layout.snapshots)).filter((name) => name.endsWith('.duckdb'));
    expect(snapshots.length).toBeLessThanOrEqual(2);
    expect(await currentOrders(home)).toBe(500);
  });
});

describe('two servers and imports on one home', () => {
  it('all succeed, and no reader sees an unfinished state', async () => {
    const home = await newTestHome();
    const files = [await ordersFile(300), await ordersFile(400)];
    await importShop({ orders: files[0] ?? '' }, { home });
    const readers = [child('read', home, '', '4000'), child('read', home, '', '4000')];
    const imports = files.map((file) => child('import', home, file, '4'));
    for (const importing of imports)
      expect([await ended(importing), importing.output()]).toEqual([0, expect.any(String)]);
    for (const reader of readers) {
      await ended(reader);
      expect(reader.output()).toMatch(/^saw ((300|400) ?)+\n$/);
    }
    expect([300, 400]).toContain(await currentOrders(home));
  });
});

describe('a home on storage that fails', () => {
  it('ends an import with STORAGE if it cannot be written', async () => {
    const file = await ordersFile(10);
    await expect(importShop({ orders: file }, { home: join(file, 'below-a-file') })).rejects.toMatchObject({
      code: 'STORAGE',
    });
  });

  // A file system of a few megabytes is as good as a full disk; only Linux has one at hand that a test may fill.
  it.skipIf(!existsSync('/dev/full'))('keeps its old state if the disk is full', async () => {
    const home = await newTestHome();
    await importShop({ orders: await ordersFile(10) }, { home });
    // The shell's file size limit stops every write past 200 kB, in the engine's own way of failing.
    const limited = spawn(
      'sh',
      [
        '-c',
        `ulimit -f 400; trap '' XFSZ; exec "$0" "$@"`,
        process.execPath,
        bundle,
        'import',
        home,
        await ordersFile(50_000),
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let stderr = '';
    limited.stderr.on('data', (data) => (stderr += String(data)));
    expect(await ended(limited)).not.toBe(0);
    expect(stderr).toContain("code: 'STORAGE'");
    expect(await currentOrders(home)).toBe(10);
  });

  it('says what to do if nothing was imported', async () => {
    await using provider = openDataHome(await newTestHome());
    await expect(provider.current()).rejects.toMatchObject({
      code: 'NO_DATA',
      hint: expect.stringContaining('churn-mcp import --orders FILE'),
    });
  });

  it('says what to do if the snapshot is damaged or gone', async () => {
    const home = await newTestHome();
    await importShop({ orders: await ordersFile(10) }, { home });
    await rm(homeLayout(home).snapshots, { recursive: true });
    await mkdir(homeLayout(home).snapshots);
    await using provider = openDataHome(home);
    await expect(provider.current()).rejects.toMatchObject({ code: 'SNAPSHOT_CORRUPT' });
  });
});

describe('an import that is cancelled', () => {
  it('changes nothing', async () => {
    const home = await newTestHome();
    const abort = new AbortController();
    const importing = importShop(
      { orders: await ordersFile(20_000) },
      { home, signal: abort.signal, onProgress: ({ phase }) => phase === 'checking' && abort.abort() },
    );
    await expect(importing).rejects.toMatchObject({ code: 'CANCELLED' });
    await using provider = openDataHome(home);
    await expect(provider.current()).rejects.toMatchObject({ code: 'NO_DATA' });
    expect(await readdir(homeLayout(home).building)).toEqual([]);
  });
});
