/** One caller asks as much as it can and reads nothing: the server answers others meanwhile. */
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { beginSession, postRaw } from '../helpers/http-server.ts';
import { mostDelayMs, startIdler, startMeteredServer } from './metered-server.ts';
import { IS_FULL, SCALE, TIMEOUT_MS } from './scale.ts';
import { makeTrainedHome } from './trained-home.ts';

const MOST_MEMORY_MB = 1500;
const EXPENSIVE = {
  jsonrpc: '2.0',
  method: 'tools/call',
  params: { name: 'get_at_risk_customers', arguments: { limit: 200 } },
};

let home: string;
beforeAll(async () => {
  home = await makeTrainedHome(IS_FULL ? 5000 : 500, ['forward']);
}, TIMEOUT_MS);

/** Sends a call and leaves its answer unread. */
async function askWithoutReading(url: URL, session: string, id: number): Promise<Response | undefined> {
  return postRaw(url, { ...EXPENSIVE, id }, { 'Mcp-Session-Id': session }).catch(() => undefined);
}

/** The floods may have used up the requests of a minute. */
async function statusOfNextMinute(url: URL, session: string): Promise<number> {
  for (let waited = 0; ; waited++) {
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    const { status, body } = await postRaw(url, ping, { 'Mcp-Session-Id': session });
    await body?.cancel();
    if (status !== 429 || waited === 70) return status;
    await delay(1000);
  }
}

describe('a server that one caller floods', () => {
  it('refuses batches, stays within 100 ms and 1.5 GB, and answers others', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { server, url } = await startMeteredServer({ CHURN_MCP_HOME: home });
    await using _server = server;
    await using idler = await startIdler();
    const session = await beginSession(url);
    const batch = Array.from({ length: 100 }, (_, id) => ({ ...EXPENSIVE, id }));
    await delay(1000);
    await Promise.all([server.loopDelay(), idler.loopDelay()]);

    let peak = 0;
    const slowest: number[] = [];
    const delays: number[] = [];
    const idle: number[] = [];
    for (let flood = 0; flood < SCALE.floods; flood++) {
      const refused = await Promise.all(
        Array.from({ length: 10 }, () => postRaw(url, batch, { 'Mcp-Session-Id': session })),
      );
      expect(refused.map(({ status }) => status)).toEqual(Array(10).fill(400));
      const unread = Promise.all(
        Array.from({ length: 120 }, (_, i) => askWithoutReading(url, session, flood * 1000 + i)),
      );
      for (let i = 0; i < 40; i++) {
        const asked = performance.now();
        expect((await fetch(new URL('/healthz', url))).status).toBe(200);
        slowest.push(performance.now() - asked);
        peak = Math.max(peak, server.memory());
        await delay(50);
      }
      for (const response of await unread) await response?.body?.cancel();
      delays.push((await server.loopDelay()).p99);
      idle.push((await idler.loopDelay()).p99);
    }
    const busy = Math.max(...idle);
    process.stderr.write(
      `flood: loop p99 ${Math.max(...delays).toFixed(1)} ms (machine ${busy.toFixed(1)} ms), health at most ${Math.max(...slowest).toFixed(0)} ms, memory at most ${peak.toFixed(0)} MB\n`,
    );
    expect(Math.max(...delays)).toBeLessThan(mostDelayMs(busy));
    expect(peak).toBeLessThan(MOST_MEMORY_MB);
    expect(await statusOfNextMinute(url, session)).toBe(200);
  });
});
