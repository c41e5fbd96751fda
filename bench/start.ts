/**
 * `npm run bench:start`: from the start of a process to its first answer over stdio, `initialize` and `server/discover`,
 * beside the least that a server of the same SDK can be, in turns. `-- --turns 40` for more turns. Linux only: it reads
 * processor times from /proc, which say more than the clock on a busy machine.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/package-root.ts';
import { median } from './median.ts';

const { values } = parseArgs({ options: { turns: { type: 'string', default: '20' } } });

const INITIALIZE = {
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '0' } },
};
const DISCOVER = {
  method: 'server/discover',
  params: {
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '0' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
};

const ours = join(packageRoot(), 'dist', 'cli.js');
const bare = (name: string) => join(packageRoot(), 'bench', 'start', `${name}.mjs`);
const KINDS = [
  { request: INITIALIZE, ours, peer: bare('handshake') },
  { request: DISCOVER, ours, peer: bare('stateless') },
] as const;

const home = mkdtempSync(join(tmpdir(), 'churn-mcp-start-'));

interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** Milliseconds from the start of a process to its first line. */
async function firstAnswer(script: string, request: object): Promise<Cost> {
  const started = performance.now();
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, CHURN_MCP_HOME: home, CHURN_MCP_LOG_LEVEL: 'error' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, ...request })}\n`);
  const line = await new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  const wall = performance.now() - started;
  const cpu = processorTime(child.pid ?? 0);
  if (!line.includes('"result"')) throw new Error(`${script} answered ${line}`);
  child.stdin.end();
  await ended;
  return { wall, cpu };
}

/** Milliseconds that a process has used, in steps of ten. */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const taken = KINDS.map((): Record<'ours' | 'peer', Cost[]> => ({ ours: [], peer: [] }));
try {
  // The first start of each also warms the disk's cache, and counts for neither.
  for (let turn = -1; turn < Number(values.turns); turn++) {
    for (const [i, kind] of KINDS.entries()) {
      for (const side of turn % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const)) {
        const cost = await firstAnswer(kind[side], kind.request);
        if (turn >= 0) taken[i][side].push(cost);
      }
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}

const spread = (all: readonly number[]) =>
  `${Math.min(...all)
    .toFixed(0)
    .padStart(5)} ms fastest, ${median(all).toFixed(0).padStart(5)} ms median`;
const figures = (all: readonly Cost[]) =>
  `${spread(all.map(({ wall }) => wall))}; processor time ${spread(all.map(({ cpu }) => cpu))}`;
const lines = KINDS.flatMap(({ request }, i) => [
  request.method,
  `  churn-mcp  ${figures(taken[i].ours)}`,
  `  bare SDK   ${figures(taken[i].peer)}`,
]);
process.stdout.write(
  `Node ${process.versions.node}, ${values.turns} turns, load ${loadavg()[0].toFixed(1)} at the end\n${lines.join('\n')}\n`,
);
