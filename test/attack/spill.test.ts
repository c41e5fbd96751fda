/** Servers side by side on one home, with so little memory that the engine of each spills to disk. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { leftoversIn } from './home-state.ts';
import { CLI } from './metered-process.ts';
import { IS_FULL, SCALE, TIMEOUT_MS } from './scale.ts';
import { makeTrainedHome } from './trained-home.ts';

/** The engine takes half of it: so little that it spills, and enough for the answers. */
const MACHINE_KB = (IS_FULL ? 320 : 160) * 1024;

const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-spill-'));
const meminfo = join(folder, 'meminfo');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A mount namespace in which the machine seems to have little memory. */
function inSmallMachine(command: readonly string[]): string[] {
  const mounted = `mount --bind '${meminfo}' /proc/meminfo && exec "$@"`;
  return ['--mount', 'sh', '-c', mounted, 'sh', ...command];
}

function isAllowed(): boolean {
  try {
    const real = readFileSync('/proc/meminfo', 'utf8');
    writeFileSync(meminfo, real.replace(/^(MemTotal|MemAvailable):.*$/gm, `$1: ${MACHINE_KB} kB`));
    const seen = execFileSync('unshare', inSmallMachine([process.execPath, '-p', 'os.totalmem()']));
    return Number(seen.toString()) === MACHINE_KB * 1024;
  } catch {
    return false;
  }
}

/** One server's calls, one after the other; ends with how the process ended and what its calls said. */
function ask(home: string, days: readonly string[]): Promise<{ code: number | null; texts: string[] }> {
  const child = spawn('unshare', inSmallMachine([process.execPath, CLI]), {
    env: { ...process.env, CHURN_MCP_HOME: home, CHURN_MCP_LOG_LEVEL: 'error' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const send = (id: number, method: string, params: object) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
  const clientInfo = { name: 'attack', version: '0' };
  send(0, 'initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
  for (const [i, as_of] of days.entries()) {
    send(i + 1, 'tools/call', { name: 'get_product_recommendations', arguments: { n_customers: 3, as_of } });
  }
  const texts: string[] = [];
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { id, result } = JSON.parse(line);
      if (id > 0) texts[id - 1] = result.content[0].text;
      if (texts.filter((text) => text !== undefined).length === days.length) child.stdin.end();
    }
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, texts })));
}

describe.skipIf(!isAllowed())('servers that spill side by side (skipped if mounts are not allowed)', () => {
  it(`give the same answers in ${SCALE.spillingServers} processes, and none crashes`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const home = await makeTrainedHome(IS_FULL ? 20_000 : 400, ['recommendations']);
    const days = IS_FULL
      ? ['2025-12-31', '2025-11-30', '2025-10-31', '2025-09-30', '2025-08-31']
      : ['2025-12-31', '2025-11-30'];
    const servers = await Promise.all(Array.from({ length: SCALE.spillingServers }, () => ask(home, days)));
    for (const { code, texts } of servers) {
      expect(code).toBe(0);
      expect(texts).toEqual(servers[0].texts);
      for (const text of texts) expect(text).toContain('Product Recommendations');
    }
    expect(leftoversIn(home)).toEqual([]);
  });
});
