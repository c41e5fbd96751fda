/**
 * What a refresh of new rows costs beside a full build of the same data, how readers fare meanwhile, and how much disk ten refreshes
 * take. The last refresh has the first rows of a new day. Writes `bench/RESULTS-REFRESH.md`. Arguments: orders of the shop (default 8000000), new rows (default 100000), refreshes in a
 * row (default 10).
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { packageRoot } from '../src/package-root.ts';
import { newRows, writeRows, writeShop } from './refresh/shop.ts';

const [ordersText = '8000000', rowsText = '100000', refreshesText = '10'] = process.argv.slice(2);
const [orders, rows, refreshes] = [Number(ordersText), Number(rowsText), Number(refreshesText)];
const root = packageRoot();
const cli = join(root, 'dist', 'cli.js');

interface Cost {
  readonly wall: number;
  readonly cpu: number;
  readonly megabytes: number;
  readonly output: string;
}

/** Wall and processor time and the largest resident size, as the operating system counts them. */
async function cost(...args: readonly string[]): Promise<Cost> {
  const child = spawn('/usr/bin/time', ['-f', '%e %U %S %M', process.execPath, cli, ...args, '--quiet']);
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (errors += chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  const [wall = 0, user = 0, system = 0, kilobytes = 0] =
    errors.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  const failure = code === 0 ? '' : `failed: ${errors.split('\n')[0]}`;
  return { wall, cpu: user + system, megabytes: kilobytes / 1024, output: failure || output };
}

function ingest(home: string, seed: number, day?: string): void {
  const input = newRows(orders, rows, seed, day);
  const { status, stderr } = spawnSync(
    process.execPath,
    [cli, 'ingest', '--no-refresh', '--home', home, '-q'],
    { input },
  );
  if (status !== 0) throw new Error(String(stderr));
}

function megabytesOf(folder: string): number {
  const bytes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
  return bytes.reduce((sum, size) => sum + size, 0) / 2 ** 20;
}

/** Asks for customers again and again until the work is done: the times of the answers in milliseconds. */
async function askDuring(client: Client, work: Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let isDone = false;
  const finished = work.finally(() => {
    isDone = true;
  });
  for (let at = 0; !isDone; at++) {
    const started = performance.now();
    const { isError } = await client.callTool({
      name: 'find_customers',
      arguments: { limit: 20, offset: (at * 977) % Math.min(5000, orders / 20), filter: { min_orders: 3 } },
    });
    if (isError) throw new Error('a call failed');
    times.push(performance.now() - started);
  }
  await finished;
  return times;
}

function quantile(times: readonly number[], share: number): string {
  const sorted = [...times].sort((one, other) => one - other);
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(0);
}

const line = (what: string, { wall, cpu, megabytes, output }: Cost) =>
  output.startsWith('failed')
    ? `| ${what} | ${output} | | |`
    : `| ${what} | ${wall.toFixed(1)} | ${cpu.toFixed(1)} | ${megabytes.toFixed(0)} |`;

const work = mkdtempSync(join(tmpdir(), 'churn-mcp-refresh-'));
try {
  const home = join(work, 'home');
  await writeShop(work, orders);
  const files = [
    '--orders',
    join(work, 'orders.parquet'),
    '--order-items',
    join(work, 'order_items.parquet'),
  ];
  const imported = await cost('import', '--home', home, ...files);
  if (imported.output.startsWith('failed')) throw new Error(imported.output);
  const appendedHome = join(work, 'appended');
  cpSync(home, appendedHome, { recursive: true });
  ingest(home, 1);
  const rebuiltHome = join(work, 'rebuilt');
  cpSync(home, rebuiltHome, { recursive: true });
  const client = new Client({ name: 'bench', version: '1.0.0' });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [cli, '--home', home], stderr: 'ignore' }),
  );
  const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  await askDuring(client, pause(5));
  const before = await askDuring(client, pause(20));
  const first = cost('refresh', '--home', home, '--json');
  const during = await askDuring(client, first);
  await client.close();
  const costs = [await first];
  const rebuilt = await cost('refresh', '--rebuild', '--home', rebuiltHome, '--json');
  const added = ['--home', appendedHome, '--append', ...writeRows(work, newRows(orders, rows, 1))];
  const appended = await cost('import', ...added);
  rmSync(appendedHome, { recursive: true });
  for (let seed = 2; seed <= refreshes; seed++) {
    ingest(home, seed);
    costs.push(await cost('refresh', '--home', home, '--json'));
  }
  // The first orders of a day after the shop's last one: what depends on the day is computed for all customers.
  ingest(home, refreshes + 1, '2025-12-31');
  const nextDay = await cost('refresh', '--home', home, '--json');
  const road = (text: string) => /"road":"([^"]+)"/.exec(text)?.[1] ?? text;
  const text = [
    '# Benchmarks of a refresh',
    '',
    `Made by \`npm run bench:refresh -- ${orders} ${rows} ${refreshes}\`: a shop of ${orders.toLocaleString('en')} orders with two lines each on average, and ${rows.toLocaleString('en')} new rows a refresh (orders with their lines; every twentieth order is a cancellation). Each step is a process of its own.`,
    '',
    `Machine: ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)} at the end. Node ${process.versions.node}.`,
    '',
    '| step | wall s | processor s | peak MB |',
    '|---|---|---|---|',
    line('`import` of the shop', imported),
    line('`refresh --rebuild`: all tables', rebuilt),
    line('`import --append` of the rows of refresh 1', appended),
    ...costs.map((one, at) =>
      line(`refresh ${at + 1}${at === 0 ? ', while a client asks' : ''} (${road(one.output)})`, one),
    ),
    line(`refresh of the next day (${road(nextDay.output)})`, nextDay),
    '',
    '| `find_customers` over stdio | calls | p50 ms | p99 ms |',
    '|---|---|---|---|',
    `| before a refresh | ${before.length} | ${quantile(before, 0.5)} | ${quantile(before, 0.99)} |`,
    `| during a refresh | ${during.length} | ${quantile(during, 0.5)} | ${quantile(during, 0.99)} |`,
    '',
    `Disk, two snapshots and the log: ${megabytesOf(rebuiltHome).toFixed(0)} MB after one full build, ${megabytesOf(home).toFixed(0)} MB after ${refreshes + 1} refreshes.`,
    '',
  ].join('\n');
  process.stdout.write(text);
  writeFileSync(join(root, 'bench', 'RESULTS-REFRESH.md'), text);
} finally {
  rmSync(work, { recursive: true, force: true });
}
