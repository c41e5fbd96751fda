/** The home folder is removed while a server serves it and rows are sent: it says what is missing, stores nothing, and goes on with a new home. */
import { cpSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../bench/load/server-process.ts';
import { createDemoShop } from '../../src/data/demo/create-demo-shop.ts';
import { runCli } from '../helpers/cli-process.ts';
import { connectHttp } from '../helpers/http-server.ts';
import { newTestHome } from '../helpers/snapshot.ts';
import { TIMEOUT_MS } from './scale.ts';

const ROW = '{"order_id":"n1","customer_id":"c","order_date":"2026-01-31","total_amount":1}\n';

describe('a server whose home folder vanishes', () => {
  it('answers with what to do, acknowledges no row, and serves the folder once it is back', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const home = await newTestHome();
    await createDemoShop({ home, customers: 200, seed: 42, asOf: '2026-01-31' });
    await using server = await startServer(home, {});
    const client = await connectHttp(server.url);
    const ask = async () => {
      const { isError, content } = await client.callTool({
        name: 'get_shop_overview',
        arguments: { months: 1 },
      });
      const [first] = Array.isArray(content) ? content : [];
      return { isError: isError === true, text: String(first?.text).split('\n')[0] };
    };
    const send = async (token: number) => {
      const address = new URL(`/ingest?channel=shop&kind=orders&offset_token=${token}`, server.url);
      const headers = { 'Content-Type': 'application/x-ndjson' };
      const response = await fetch(address, { method: 'POST', headers, body: ROW });
      return [response.status, await response.text()];
    };
    const before = await ask();
    expect(before.isError).toBe(false);
    expect((await send(1))[0]).toBe(200);
    // Another process writes now, so this one has no turn left.
    expect((await runCli(['ingest', '--no-refresh', '-q'], { CHURN_MCP_HOME: home })).code).toBe(0);

    const kept = await newTestHome();
    cpSync(home, kept, { recursive: true });
    rmSync(home, { recursive: true });
    const gone = await ask();
    expect(gone).toMatchInlineSnapshot(`
      {
        "isError": true,
        "text": "No orders have been imported yet. In chat: import_data imports a shop from files or pasted rows, make_demo_shop makes one to try. At a terminal: churn-mcp import --orders FILE, or churn-mcp demo.",
      }
    `);
    expect(await send(2)).toMatchInlineSnapshot(`
      [
        503,
        "{"error":{"code":"STORAGE","message":"The log of the home folder is gone. No row was stored.","hint":"Put the home folder back, or mount its disk, and send the rows again. If it was removed on purpose, start this process again: it then begins a new log."}}",
      ]
    `);
    expect((await fetch(new URL('/healthz', server.url))).status).toBe(200);

    rmSync(home, { recursive: true, force: true });
    cpSync(kept, home, { recursive: true });
    expect(await ask()).toEqual(before);
    expect((await send(2))[0]).toBe(200);
    await client.close();
  });
});
