import { afterAll, describe, expect, it } from 'vitest';
import { IngestLog } from '../../src/ingest/ingest-log.ts';
import { refresh } from '../../src/ingest/refresh.ts';
import { createServices } from '../../src/server/create-services.ts';
import { connectClient } from '../helpers/mcp-client.ts';
import { newTestHome } from '../helpers/snapshot.ts';

const home = await newTestHome();
let clock = new Date();
const services = createServices({ home, threads: 1, now: () => clock });
afterAll(() => services[Symbol.asyncDispose]());

async function arrive(...days: readonly string[]): Promise<void> {
  await using log = await IngestLog.open(home);
  const lines = days.map((order_date, at) =>
    JSON.stringify({ order_id: `${order_date}-${at}`, customer_id: `c${at}`, order_date, total_amount: 9 }),
  );
  const part = { kind: 'orders' as const, rows: days.length, lines: Buffer.from(`${lines.join('\n')}\n`) };
  await log.append({ channel: 'test', parts: [part] });
}

/** What an answer says of its data: its last text, and its field. */
async function toldOfData() {
  const client = await connectClient(services);
  const answer = await client.callTool({ name: 'find_customers' });
  await client.close();
  const content = Array.isArray(answer.content) ? answer.content : [];
  const structured = Object(answer.structuredContent);
  return { line: content.at(-1)?.text, fields: structured.data, text: structured.text, answer };
}

describe('an answer', () => {
  it('tells how fresh its data is and how many rows wait, while rows arrive and are folded in', async () => {
    await arrive('2026-01-30', '2026-01-31');
    expect((await toldOfData()).answer).toMatchObject({ isError: true });

    await refresh({ home });
    const after = await toldOfData();
    expect(after.text).not.toContain('Data:');
    expect(after.line).toMatch(/^Data: orders up to 31 January 2026, refreshed \d+ seconds? ago\.$/);
    expect(after.fields).toEqual({
      orders_until: '2026-01-31',
      refreshed_at: expect.stringMatching(/^20\d\d-/),
      waiting_rows: 0,
    });

    await arrive('2026-02-01', '2026-02-02', '2026-02-02');
    clock = new Date(Date.parse(after.fields.refreshed_at) + 180_000);
    expect((await toldOfData()).line).toBe(
      'Data: orders up to 31 January 2026, refreshed 3 minutes ago; 3 new rows are not in yet.',
    );

    await refresh({ home });
    await arrive('2026-02-03');
    clock = new Date(clock.getTime() + 1000);
    expect((await toldOfData()).fields).toMatchObject({ orders_until: '2026-02-02', waiting_rows: 1 });
  });
});
