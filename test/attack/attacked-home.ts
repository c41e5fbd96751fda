/** A home in which senders, refreshes and imports are disturbed, and what must hold in it. */
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openDataHome } from '../../src/data/data-home.ts';
import { IngestLog } from '../../src/ingest/ingest-log.ts';
import { collectCli, startCli } from '../helpers/cli-process.ts';
import { openToOthers } from './home-state.ts';

export const CHANNELS = ['a', 'b'] as const;
type Channel = (typeof CHANNELS)[number];
/** Order ids to amounts. */
type Shop = Map<string, number>;
export const ROWS_PER_ROUND = 400;
const IMPORTED = 'order_id,customer_id,order_date,total_amount';

/** Orders that nobody touches: a refresh then replaces rows in a copy of the data, and does not build all tables. */
const CROWD = Array.from({ length: 8000 }, (_, at) => `z${at},z${at % 4000},2026-01-02,1\n`).join('');

/** The row with number `k` of a channel: an order, now and then a correction or a cancellation of an earlier one. */
function rowOf(channel: Channel, k: number): { id: string; amount: number | undefined } {
  if (k % 7 === 0) return { id: `${channel}${k - 6}`, amount: undefined };
  if (k % 5 === 0) return { id: `${channel}${k - 4}`, amount: 2 };
  return { id: `${channel}${k}`, amount: 1 };
}

function lineOf(channel: Channel, k: number): string {
  const { id, amount } = rowOf(channel, k);
  const order = { customer_id: `c${k % 4001}`, order_date: '2026-01-01', total_amount: amount };
  const row = amount === undefined ? { order_id: id, order_status: 'cancelled' } : { order_id: id, ...order };
  return `${JSON.stringify(row)}\n`;
}

function inputOf(channel: Channel, rows: number): string {
  return Array.from({ length: rows }, (_, at) => lineOf(channel, at + 1)).join('');
}

function applyRow(shop: Shop, channel: Channel, k: number): void {
  const { id, amount } = rowOf(channel, k);
  if (amount === undefined) shop.delete(id);
  else shop.set(id, amount);
}

const textOf = (shop: Shop) => JSON.stringify([...shop].sort());

/** The number of rows after which a channel's orders are these, from one number to another; undefined if after none. */
function rowsThatMake(orders: Shop, channel: Channel, from: number, to: number): number | undefined {
  const wanted = textOf(orders);
  const shop: Shop = new Map();
  for (let k = 1; k <= from; k++) applyRow(shop, channel, k);
  for (let k = from; k <= to; k++) {
    if (k > from) applyRow(shop, channel, k);
    if (shop.size === orders.size && textOf(shop) === wanted) return k;
  }
  return undefined;
}

/** Column by column: hundreds of rounds make more orders than are read as rows. */
async function shopIn(home: string): Promise<Shop> {
  await using provider = openDataHome(home);
  const data = await provider.current();
  const orders = await data.columns({ text: 'select order_id, total_amount from raw.orders', values: [] });
  const amounts = orders.float64('total_amount');
  return new Map(orders.ids('order_id').map((id, row) => [String(id), amounts[row]]));
}

/** How a process is disturbed: it is killed after so many milliseconds, or stopped for a while. */
export interface Disturbance {
  readonly afterMs: number;
  /** How long it is stopped; killed if left out. */
  readonly stoppedMs?: number;
}

/** A home, and what its senders and readers know. */
export class AttackedHome {
  readonly home: string;
  readonly #folder: string;
  readonly acknowledged: Record<Channel, number> = { a: 0, b: 0 };
  readonly folded: Record<Channel, number> = { a: 0, b: 0 };
  /** Files whose import ended, and those that were begun. */
  readonly imported = new Set<string>();
  readonly begun = new Set<string>();
  sent = 0;

  /** @param folder for the home and the files that are imported */
  constructor(folder: string) {
    this.#folder = folder;
    this.home = join(folder, 'home');
  }

  /** Runs a command to its end unless it is disturbed. */
  async run(args: readonly string[], disturbance?: Disturbance, input = ''): Promise<string> {
    const child = startCli(args, { CHURN_MCP_HOME: this.home });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const disturbing = new AbortController();
    const disturbed = disturbance && disturb(child, disturbance, disturbing.signal);
    const { stdout, stderr } = await collectCli(child);
    disturbing.abort();
    await disturbed;
    if (child.exitCode !== null && child.exitCode !== 0) throw new Error(`${args[0]}: ${stderr}`);
    return child.signalCode === null ? `${stdout}\nended` : stdout;
  }

  async send(channel: Channel, disturbance?: Disturbance): Promise<void> {
    const args = ['ingest', '--no-refresh', '--kind', 'orders', '--channel', channel, '--acks', '-q'];
    const stdout = await this.run(args, disturbance, inputOf(channel, this.sent));
    for (const [, token] of stdout.matchAll(/"offset_token":(\d+)[^\n]*\n/g)) {
      this.acknowledged[channel] = Number(token);
    }
  }

  async import(disturbance?: Disturbance): Promise<void> {
    const id = `f${this.begun.size}`;
    const file = join(this.#folder, `${id}.csv`);
    const crowd = this.begun.size === 0 ? CROWD : '';
    writeFileSync(file, `${IMPORTED}\n${id},f,2026-01-02,3\n${crowd}`);
    this.begun.add(id);
    const stdout = await this.run(['import', '--append', '--orders', file, '-q'], disturbance);
    if (stdout.endsWith('ended')) this.imported.add(id);
  }

  /** Sentences on what does not hold; none if all is well. */
  async problems(): Promise<string[]> {
    const found: string[] = [];
    const shop = await shopIn(this.home);
    await using log = await IngestLog.open(this.home);
    for (const channel of CHANNELS) {
      const token = log.tokenOf(channel) ?? 0;
      const acknowledged = this.acknowledged[channel];
      if (token < acknowledged)
        found.push(`${channel}: ${acknowledged} was acknowledged, and ${token} is stored`);
      const orders = new Map([...shop].filter(([id]) => id.startsWith(channel)));
      const folded = rowsThatMake(orders, channel, this.folded[channel], token);
      if (folded === undefined) found.push(`${channel}: the ${orders.size} orders are those of no moment`);
      else this.folded[channel] = folded;
    }
    for (const id of this.imported) if (!shop.has(id)) found.push(`the import of ${id} is lost`);
    return [...found, ...openToOthers(this.home)];
  }
}

async function disturb(
  child: ChildProcess,
  { afterMs, stoppedMs }: Disturbance,
  signal: AbortSignal,
): Promise<void> {
  const pause = (ms: number) => delay(ms, undefined, { signal }).catch(() => undefined);
  await pause(afterMs);
  if (stoppedMs === undefined) {
    if (!signal.aborted) child.kill('SIGKILL');
    return;
  }
  child.kill('SIGSTOP');
  await pause(stoppedMs);
  child.kill('SIGCONT');
}
