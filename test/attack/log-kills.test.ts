/** SIGKILL at random moments of senders, refreshes and imports on one home: nothing acknowledged is lost, nothing counts twice. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDataHome } from '../../src/data/data-home.ts';
import { IngestLog } from '../../src/ingest/ingest-log.ts';
import { collectCli, runCli, startCli } from '../helpers/cli-process.ts';
import { leftoversIn, openToOthers } from './home-state.ts';
import { type Dice, diceOf, SCALE, SEED, TIMEOUT_MS } from './scale.ts';

const CHANNELS = ['a', 'b'] as const;
type Channel = (typeof CHANNELS)[number];
/** Order ids to amounts. */
type Shop = Map<string, number>;
const ROWS_PER_ROUND = 400;
const IMPORTED = 'order_id,customer_id,order_date,total_amount';

const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-log-kills-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The row with number `k` of a channel: an order, now and then a correction or a cancellation of an earlier one. */
function rowOf(channel: Channel, k: number): { id: string; amount: number | undefined } {
  if (k % 7 === 0) return { id: `${channel}${k - 6}`, amount: undefined };
  if (k % 5 === 0) return { id: `${channel}${k - 4}`, amount: 2 };
  return { id: `${channel}${k}`, amount: 1 };
}

function lineOf(channel: Channel, k: number): string {
  const { id, amount } = rowOf(channel, k);
  const order = { customer_id: `c${k % 9}`, order_date: '2026-01-01', total_amount: amount };
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

async function shopIn(home: string): Promise<Shop> {
  await using provider = openDataHome(home);
  const rows = await (await provider.current()).rows(
    { text: 'select order_id, total_amount from raw.orders', values: [] },
    z.object({ order_id: z.string(), total_amount: z.number() }),
  );
  return new Map(rows.map(({ order_id, total_amount }) => [order_id, total_amount]));
}

/** A home, and what its senders and readers know. */
class AttackedHome {
  readonly home: string;
  readonly acknowledged: Record<Channel, number> = { a: 0, b: 0 };
  readonly folded: Record<Channel, number> = { a: 0, b: 0 };
  /** Files whose import ended, and those that were begun. */
  readonly imported = new Set<string>();
  readonly begun = new Set<string>();
  sent = 0;

  constructor(home: string) {
    this.home = home;
  }

  /** Runs a command, and kills it after so many milliseconds; undefined: lets it end. */
  async run(args: readonly string[], killAfterMs?: number, input = ''): Promise<string> {
    const child = startCli(args, { CHURN_MCP_HOME: this.home });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const timer =
      killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    const { stdout, stderr } = await collectCli(child);
    clearTimeout(timer);
    if (child.exitCode !== null && child.exitCode !== 0) throw new Error(`${args[0]}: ${stderr}`);
    return child.signalCode === null ? `${stdout}\nended` : stdout;
  }

  async send(channel: Channel, killAfterMs?: number): Promise<void> {
    const args = ['ingest', '--no-refresh', '--kind', 'orders', '--channel', channel, '--acks', '-q'];
    const stdout = await this.run(args, killAfterMs, inputOf(channel, this.sent));
    for (const [, token] of stdout.matchAll(/"offset_token":(\d+)[^\n]*\n/g)) {
      this.acknowledged[channel] = Number(token);
    }
  }

  async import(killAfterMs?: number): Promise<void> {
    const id = `f${this.begun.size}`;
    const file = join(folder, `${id}.csv`);
    writeFileSync(file, `${IMPORTED}\n${id},f,2026-01-02,3\n`);
    this.begun.add(id);
    const stdout = await this.run(['import', '--append', '--orders', file, '-q'], killAfterMs);
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

/** One round: a sender and something else at the same time, each killed at some moment. */
async function attackOnce(attacked: AttackedHome, dice: Dice): Promise<string> {
  attacked.sent += ROWS_PER_ROUND;
  const channel = CHANNELS[dice(2)];
  const times = [200 + dice(900), 300 + dice(1500)] as const;
  const other = dice(3);
  const beside = [
    () => attacked.run(['refresh', '-q'], times[1]),
    () => attacked.run(['refresh', '-q'], times[1]),
    () => attacked.import(times[1]),
  ][other];
  await Promise.all([attacked.send(channel, times[0]), beside?.()]);
  return `ingest ${channel} after ${times[0]} ms, ${other < 2 ? 'refresh' : 'import'} after ${times[1]} ms`;
}

describe('a log whose senders, refreshes and imports are killed', () => {
  it(`keeps what was acknowledged, counts it once, and shows whole states, in ${SCALE.kills} rounds`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const attacked = new AttackedHome(join(folder, 'home'));
    const dice = diceOf('log');
    attacked.sent = ROWS_PER_ROUND;
    await attacked.import();
    for (let round = 1; round <= SCALE.kills; round++) {
      const what = await attackOnce(attacked, dice);
      const problems = await attacked.problems();
      expect(problems.map((problem) => `seed ${SEED}, round ${round}, ${what}: ${problem}`)).toEqual([]);
    }
    for (const channel of CHANNELS) await attacked.send(channel);
    await attacked.run(['refresh', '-q']);
    expect(await attacked.problems()).toEqual([]);
    expect(attacked.folded).toEqual({ a: attacked.sent, b: attacked.sent });
    const { stdout } = await runCli(['refresh'], { CHURN_MCP_HOME: attacked.home });
    expect(stdout).toBe('The data holds everything that is in the log.\n');
    expect(leftoversIn(attacked.home)).toEqual([]);
  });
});
