/** Very many calls: memory and open files stay flat. */
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { CLI, startMetered } from './metered-process.ts';
import { SCALE, TIMEOUT_MS } from './scale.ts';
import { makeTrainedHome } from './trained-home.ts';

const AT_ONCE = 20;
const CALLS = [
  ['get_at_risk_customers', { limit: 3 }],
  ['get_product_recommendations', { n_customers: 2 }],
  ['explain_churn_risk', { customer_id: 10_001 }],
  ['list_models', {}],
  ['get_churn_metrics', {}],
  ['get_at_risk_customers', { limit: 'wrong' }],
] as const;

describe('a server that is called very often', () => {
  it(`answers ${SCALE.calls} calls without growing memory or open files`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const home = await makeTrainedHome(200, ['inactivity', 'forward', 'recommendations']);
    await using server = startMetered([CLI], { CHURN_MCP_HOME: home, CHURN_MCP_LOG_LEVEL: 'error' });
    const { stdin, stdout } = server.child;
    if (!stdin || !stdout) throw new Error('the server has no streams');
    const waiting = new Map<number, () => void>();
    createInterface({ input: stdout }).on('line', (line) => waiting.get(JSON.parse(line).id)?.());
    let last = 0;
    const ask = (method: string, params: object) =>
      new Promise<void>((resolve) => {
        const id = ++last;
        waiting.set(id, () => {
          waiting.delete(id);
          resolve();
        });
        stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
      });
    const clientInfo = { name: 'attack', version: '0' };
    await ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
    const run = async (count: number) => {
      for (let done = 0; done < count; done += AT_ONCE) {
        const calls = Array.from({ length: AT_ONCE }, (_, i) => CALLS[(done + i) % CALLS.length]);
        await Promise.all(calls.map(([name, args]) => ask('tools/call', { name, arguments: args })));
      }
    };
    // The first third fills caches and lets the engines allocate what they keep.
    await run(SCALE.calls / 3);
    const before = { memory: server.memory(), files: server.openFiles() };
    await run((2 * SCALE.calls) / 3);
    const after = { memory: server.memory(), files: server.openFiles() };
    process.stderr.write(
      `endurance: ${last} calls, ${before.memory.toFixed(0)} to ${after.memory.toFixed(0)} MB, ${before.files} to ${after.files} open files\n`,
    );
    expect(after.files).toBeLessThanOrEqual(before.files + 5);
    expect(after.memory).toBeLessThan(before.memory * 1.25 + 50);
  });
});
