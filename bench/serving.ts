/**
 * How long `get_product_recommendations` takes over stdio with 32 callers at once, and how long a server takes to
 * answer `initialize`. Arguments: a home folder with a shop and a trained recommendation model.
 */
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { z } from 'zod';
import { packageRoot } from '../src/package-root.ts';

const CALLERS = 32;
const CALLS_EACH = 30;
/** Calls of one caller alone. */
const CALLS_ALONE = 60;
const SEGMENTS = [
  'LOW_ENGAGEMENT',
  'HIGH_VALUE_INACTIVE',
  'HIGH_VALUE_ACTIVE',
  'NEW_CUSTOMERS',
  'AT_RISK',
  'REGULAR',
];

const [home = ''] = process.argv.slice(2);
const root = packageRoot();

async function connect(): Promise<Client> {
  const client = new Client({ name: 'bench', version: '1.0.0' });
  const args = [join(root, 'dist', 'cli.js'), '--home', home];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
  return client;
}

async function call(client: Client, args: Record<string, unknown>): Promise<number> {
  const started = performance.now();
  const { isError } = await client.callTool({ name: 'get_product_recommendations', arguments: args });
  if (isError) throw new Error('a call failed');
  return performance.now() - started;
}

/** Each caller asks again as soon as it is answered. */
async function measure(client: Client, argsOf: (call: number) => Record<string, unknown>): Promise<number[]> {
  let next = 0;
  const caller = async () => {
    const times: number[] = [];
    for (let i = 0; i < CALLS_EACH; i++) times.push(await call(client, argsOf(next++)));
    return times;
  };
  return (await Promise.all(Array.from({ length: CALLERS }, caller))).flat();
}

/** One caller asks, and again as soon as it is answered. */
async function measureAlone(
  client: Client,
  argsOf: (call: number) => Record<string, unknown>,
): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < CALLS_ALONE; i++) times.push(await call(client, argsOf(i)));
  return times;
}

function row(what: string, times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1);
  return `| ${what} | ${times.length} | ${at(0.5)} | ${at(0.99)} | ${at(1)} |`;
}

async function startUp(run: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < 9; i++) {
    const started = performance.now();
    await run();
    times.push(performance.now() - started);
  }
  return times;
}

const pageSchema = z.object({
  customers: z.array(z.object({ customer_id: z.union([z.number(), z.string()]) })),
});

/** Customers whom no question of the others is about, from all over the shop. */
async function someCustomers(client: Client, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let offset = 2000; ids.length < count; offset += 2000) {
    const found = await client.callTool({
      name: 'find_customers',
      arguments: { limit: 100, offset },
    });
    const { customers } = pageSchema.parse(found.structuredContent);
    if (customers.length === 0) throw new Error(`The shop is too small: ${count} customers are asked about.`);
    ids.push(...customers.map(({ customer_id: id }) => String(id)));
  }
  return ids;
}

const client = await connect();
const strangers = await someCustomers(client, 3 * (CALLS_ALONE + CALLERS * CALLS_EACH));
const known = SEGMENTS.map((segment) => ({ segment }));
const asked = (i: number) => known[i % known.length];
for (const args of known) await call(client, args);
// The first round is not counted: the server's JavaScript is compiled meanwhile.
await measure(client, asked);
const alone = await measureAlone(client, asked);
// No two of these are alike, so the server computes each answer from its serving tables.
const unlike = (i: number) => ({
  segment: SEGMENTS[i % 6],
  n_customers: 1 + (Math.floor(i / 6) % 40),
  n_products: 1 + Math.floor(i / 240),
});
const aloneUnlike = await measureAlone(client, (i) => ({ ...unlike(i), n_products: 8 }));
const ofStrangers = (i: number) => ({ customer_ids: strangers.slice(3 * i, 3 * i + 3), n_products: 8 });
const aloneStrangers = await measureAlone(client, ofStrangers);
const rows = [
  row('questions asked before, one caller', alone),
  row(`questions asked before, ${CALLERS} callers`, await measure(client, asked)),
  row('questions never asked, one caller', aloneUnlike),
  row('three customers never asked about, one caller', aloneStrangers),
  row(`questions never asked, ${CALLERS} callers`, await measure(client, unlike)),
  row(
    `three customers never asked about, ${CALLERS} callers`,
    await measure(client, (i) => ofStrangers(CALLS_ALONE + i)),
  ),
];
await client.close();
rows.push(row('start to answered `initialize`', await startUp(async () => (await connect()).close())));
const table = ['| what | calls | p50 ms | p99 ms | most ms |', '|---|---|---|---|---|', ...rows, ''].join(
  '\n',
);
process.stdout.write(`${table}\n`);
