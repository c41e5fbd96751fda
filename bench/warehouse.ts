/**
 * Churn features of a large shop: DuckDB alone, and the same statement in a warehouse of the same engine, with the
 * result fetched as files and as rows. Each on days of its own, in turns; what is said is the median.
 *
 *     npm run bench:warehouse -- [customers] [rounds]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { openDataHome } from '../src/data/data-home.ts';
import type { DataSource } from '../src/data/data-source.ts';
import { openWarehouse } from '../src/data/snowflake/snowflake-provider.ts';
import { PASSWORD, warehouseConfig } from '../test/helpers/snowflake/warehouse-shop.ts';

const [customers = 500_000, rounds = 3] = process.argv.slice(2).map(Number);
const server = spawn(
  process.execPath,
  [fileURLToPath(new URL('warehouse-server.js', import.meta.url)), String(customers)],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);
const [line] = await once(server.stdout, 'data');
const { url, home } = z.object({ url: z.string(), home: z.string() }).parse(JSON.parse(String(line)));

const sources = {
  'DuckDB alone': openDataHome(home),
  'warehouse, as files': openWarehouse(config(1)),
  'warehouse, as rows': openWarehouse(config(1e9)),
};
const times = new Map<string, number[]>();
for (let round = 0; round <= rounds; round++) {
  for (const [name, provider] of Object.entries(sources)) {
    if (name.endsWith('rows')) continue;
    const seconds = await fetch(await provider.current(), `2026-01-${String(20 + round)}`);
    // The first makes the serving tables of the session.
    if (round > 0) times.set(name, [...(times.get(name) ?? []), seconds]);
  }
}
report('Peak memory of this process');
const [rows] = Object.entries(sources).slice(-1);
for (const day of ['2026-01-20', '2026-01-21']) {
  times.set(rows[0], [await fetch(await rows[1].current(), day)]);
}
const alone = median(times.get('DuckDB alone') ?? []);
for (const [name, seconds] of times) {
  print(`${name}: ${median(seconds).toFixed(2)} s, ${(median(seconds) / alone).toFixed(2)} times`);
}
report('Peak memory with rows as well');
for (const provider of Object.values(sources)) await provider[Symbol.asyncDispose]();
server.stdin.end();
await rm(home, { recursive: true, force: true });

async function fetch(source: DataSource, day: string): Promise<number> {
  const started = performance.now();
  const table = await source.columns({ sql: 'churn_features', values: [day], isLarge: true });
  for (const name of table.columnNames.slice(1)) table.float32(name);
  return (performance.now() - started) / 1000;
}

function config(bulkFrom: number) {
  return warehouseConfig({ url }, { bulkFrom, timeoutS: 600, password: PASSWORD });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function report(what: string): void {
  print(`${what}: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
