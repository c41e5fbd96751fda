import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { appendFile, copyFile, rm } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { openDataHome } from '../../src/data/data-home.ts';
import { flipPointer, homeLayout, readPointer } from '../../src/data/home-layout.ts';
import { createServices } from '../../src/server/create-services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { copyOfHome } from '../helpers/shared-homes.ts';
import { makeSnapshot } from '../helpers/snapshot.ts';

const ORDERS = [{ order_id: '1', customer_id: 1, order_date: '2026-01-01', total_amount: 5 }];

/** Snapshot files of a home that this process holds open, removed ones among them. Only Linux tells. */
function openSnapshots(home: string): number {
  const targets = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return targets.filter((target) => target.startsWith(homeLayout(home).snapshots)).length;
}

/** As an import of the same orders does: another file becomes current, and the one before is removed. */
async function replaceSnapshot(home: string, number: number): Promise<void> {
  const { snapshot } = homeLayout(home);
  const before = await readPointer(home);
  if (before === undefined) throw new Error('the home has no snapshot');
  const next = `20300101_000000_${number.toString(16).padStart(8, '0')}`;
  await copyFile(snapshot(before.snapshot), snapshot(next));
  await flipPointer(home, next);
  await rm(snapshot(before.snapshot));
}

/** Closing waits for statements that are ending, and no call waits for it. */
const soonOpen = (home: string, wanted: number) =>
  vi.waitFor(() => expect(openSnapshots(home)).toBe(wanted), { timeout: 20_000 });

describe.skipIf(!existsSync('/proc/self/fd'))('snapshots that were replaced', () => {
  it('close when their last borrower gives them back, over 40 imports', async () => {
    await using shop = await makeSnapshot({ orders: ORDERS });
    await using provider = openDataHome(shop.home);
    const held = openSnapshots(shop.home);
    for (let i = 0; i < 40; i++) {
      await replaceSnapshot(shop.home, i);
      await using first = await provider.borrow();
      await using second = await provider.borrow();
      expect(second.data).toBe(first.data);
      expect((await first.data.summary()).orders).toBe(1);
    }
    await soonOpen(shop.home, held + 1);
  });

  it('stay open for who still reads them, and for who never says', async () => {
    await using shop = await makeSnapshot({ orders: ORDERS });
    await using provider = openDataHome(shop.home);
    const kept = await provider.current();
    await replaceSnapshot(shop.home, 1);
    const borrowed = await provider.borrow();
    await replaceSnapshot(shop.home, 2);
    expect((await provider.current()) === borrowed.data).toBe(false);
    expect((await borrowed.data.summary()).orders).toBe(1);
    await borrowed[Symbol.asyncDispose]();
    await borrowed[Symbol.asyncDispose]();
    await expect(borrowed.data.columns({ text: 'select 1', values: [] })).rejects.toMatchObject({
      code: 'INTERNAL',
    });
    expect((await kept.summary()).orders).toBe(1);
  });

  it('are no longer read if one that is open turns out damaged', async () => {
    await using shop = await makeSnapshot({ orders: ORDERS });
    const file = homeLayout(shop.home).snapshot(shop.snapshotId);
    await using provider = openDataHome(shop.home, { checkAfterMs: 0 });
    await (await provider.borrow())[Symbol.asyncDispose]();
    await new Promise((resolve) => setTimeout(resolve, 200));
    await (await provider.borrow())[Symbol.asyncDispose]();
    await appendFile(file, 'x');
    await using other = openDataHome(shop.home, { checkAfterMs: 0 });
    await (await other.borrow())[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(other.borrow()).rejects.toMatchObject({ code: 'SNAPSHOT_CORRUPT' }), {
      timeout: 20_000,
    });
  });

  it('are given back by every kind of call', async () => {
    const home = await copyOfHome('demo shop');
    await using services = createServices({ home, threads: 1 });
    const client = await connectClient(services);
    const params = { n_estimators: 2 };
    const calls: readonly [string, Record<string, unknown>][] = [
      ['train_churn_model', { label: 'inactivity', params }],
      ['train_churn_model', { label: 'forward', horizon_days: 30, params }],
      ['train_recommendation_model', { params }],
      ['get_at_risk_customers', { limit: 2 }],
      ['explain_churn_risk', { customer_id: 10_001 }],
      ['get_product_recommendations', { n_customers: 2 }],
      ['get_churn_metrics', {}],
      ['get_churn_metrics', { label: 'inactivity' }],
      ['get_at_risk_customers', { as_of: '1990-01-01' }],
    ];
    for (const [number, [tool, args]] of calls.entries()) {
      const { isError, text } = await callText(client, tool, args);
      expect([text, isError]).toEqual([expect.any(String), args.as_of !== undefined]);
      await replaceSnapshot(home, number);
    }
    await client.readResource({ uri: 'churn://data/summary' });
    await replaceSnapshot(home, 100);
    await client.readResource({ uri: 'churn://segments' });
    await client.close();
    await soonOpen(home, 1);
  });
});
