/**
 * Reads the churn features of a large shop three ways: from DuckDB alone, and by the same statement from a test server of the
 * same engine, whose result is fetched as files or as rows. Each way has a process of its own. They take turns, each time
 * as of another day. Prints the median time and the most memory of each.
 *
 *     npm run bench:snowflake -- [customers] [rounds]
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { median } from './median.ts';

const WAYS = { alone: 'DuckDB alone', files: 'Snowflake, as files', rows: 'Snowflake, as rows' };

const [customers = 500_000, rounds = 3] = process.argv.slice(2).map(Number);
const server = spawn(process.execPath, [beside('snowflake-server.js'), String(customers)], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [line] = await once(server.stdout, 'data');
const testServer = z.object({ url: z.string(), home: z.string() }).parse(JSON.parse(String(line)));

const clients = Object.entries(WAYS).map(([way, name]) => ({
  name,
  child: fork(beside('snowflake-client.js'), [JSON.stringify({ ...testServer, way })]),
  seconds: [] as number[],
  megabytes: 0,
}));
for (let round = 0; round <= rounds; round++) {
  for (const client of clients) {
    client.child.send(`2026-01-${String(20 + round)}`);
    const [reply] = await once(client.child, 'message');
    const { seconds, megabytes } = z.object({ seconds: z.number(), megabytes: z.number() }).parse(reply);
    client.megabytes = megabytes;
    // The first round makes the serving tables of the session.
    if (round > 0) client.seconds.push(seconds);
  }
}
const [alone] = clients.map(({ seconds }) => median(seconds));
for (const { name, seconds, megabytes } of clients) {
  const ratio = (median(seconds) / alone).toFixed(2);
  process.stdout.write(
    `${name}: ${median(seconds).toFixed(2)} s, ${ratio} times, at most ${Math.round(megabytes)} MB\n`,
  );
}
for (const { child } of clients) child.disconnect();
server.stdin.end();
await rm(testServer.home, { recursive: true, force: true });

function beside(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
