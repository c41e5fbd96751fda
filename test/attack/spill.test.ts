/** Servers side by side on one home, with so little memory that the engine of each spills to disk. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type RawServer, speakTo, startRawServer } from '../helpers/raw-server.ts';
import { leftoversIn } from './home-state.ts';
import { CLI } from './metered-process.ts';
import { IS_FULL, SCALE, TIMEOUT_MS } from './scale.ts';
import { makeTrainedHome } from './trained-home.ts';

/** The engine takes half of a machine's memory. */
const MACHINES = IS_FULL
  ? { customers: 20_000, spillsMb: 192, tooSmallMb: 96 }
  : { customers: 2000, spillsMb: 64, tooSmallMb: 40 };
const DAYS = ['2025-12-31', '2025-11-30', '2025-10-31', '2025-09-30', '2025-08-31'];

const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-spill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A mount namespace in which the machine seems to have so little memory, and two cores: each takes memory of its own. */
function inSmallMachine(megabytes: number, command: readonly string[]): string[] {
  const meminfo = join(folder, `meminfo-${megabytes}`);
  const real = readFileSync('/proc/meminfo', 'utf8');
  const small = `$1: ${megabytes * 1024} kB`;
  writeFileSync(meminfo, real.replace(/^(MemTotal|MemAvailable):.*$/gm, small));
  const mounted = `mount --bind '${meminfo}' /proc/meminfo && exec taskset 0x3 "$@"`;
  return ['--mount', 'sh', '-c', mounted, 'sh', ...command];
}

function isAllowed(): boolean {
  try {
    const seen = execFileSync('unshare', inSmallMachine(100, [process.execPath, '-p', 'os.totalmem()']));
    return Number(seen.toString()) === 100 * 2 ** 20;
  } catch {
    return false;
  }
}

function startSmallServer(megabytes: number, home: string): RawServer {
  const command = inSmallMachine(megabytes, [process.execPath, CLI]);
  return speakTo(spawn('unshare', command, { env: { ...process.env, ...environmentOf(home) } }));
}

function environmentOf(home: string) {
  return { CHURN_MCP_HOME: home, CHURN_MCP_LOG_LEVEL: 'error' };
}

const answerSchema = z.object({
  result: z.object({
    isError: z.boolean().optional(),
    content: z.tuple([z.object({ text: z.string() })], z.unknown()),
    structuredContent: z
      .looseObject({ job_id: z.string().optional(), status: z.string().optional() })
      .optional(),
  }),
});

/** The text of a call's answer, after as many minutes as it takes. */
async function textOf(server: RawServer, name: string, args: object): Promise<string> {
  const answer = await server.ask('tools/call', { name, arguments: args }, 60_000);
  const { isError, content, structuredContent } = answerSchema.parse(answer).result;
  if (structuredContent?.status === 'running') {
    return textOf(server, 'get_job', { job_id: structuredContent.job_id, wait_s: 40 });
  }
  return isError ? `error: ${content[0].text}` : content[0].text;
}

/** What one server says of each day, one after the other, and how its process ends. */
async function askAll(server: RawServer, days = DAYS): Promise<{ code: number | null; texts: string[] }> {
  await server.initialize();
  const texts: string[] = [];
  // Few customers are looked up in tables that need hardly any memory.
  for (const as_of of days) {
    texts.push(await textOf(server, 'get_product_recommendations', { n_customers: 40, as_of }));
  }
  return { code: await server.end(), texts };
}

/** Notes the spill folders of a home in which files were seen, until it is stopped. */
function watchSpilling(home: string): { stop(): ReadonlyMap<string, number> } {
  const most = new Map<string, number>();
  const timer = setInterval(() => {
    for (const name of readdirSync(join(home, 'data')).filter((each) => each.endsWith('.spill'))) {
      const bytes = bytesIn(join(home, 'data', name));
      if (bytes > 0) most.set(name, Math.max(bytes, most.get(name) ?? 0));
    }
  }, 20);
  return {
    stop() {
      clearInterval(timer);
      return most;
    },
  };
}

/** A spilled file may be gone before it is looked at. */
function bytesIn(spill: string): number {
  try {
    const sizes = readdirSync(spill).map((name) => statSync(join(spill, name)).size);
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    return 0;
  }
}

const TOO_LITTLE = 'error: This machine has too little memory for this call.';

describe.skipIf(!isAllowed())('servers that spill side by side (skipped if mounts are not allowed)', () => {
  let home: string;
  beforeAll(async () => {
    home = await makeTrainedHome(MACHINES.customers, ['recommendations']);
  }, TIMEOUT_MS);

  it(`answer in ${SCALE.spillingServers} processes as one with enough memory, or say that memory is short, and none crashes`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const roomy = await askAll(startRawServer(environmentOf(home)));
    for (const text of roomy.texts) expect(text).toContain('Product Recommendations');

    const spilling = watchSpilling(home);
    const servers = await Promise.all(
      Array.from({ length: SCALE.spillingServers }, () => askAll(startSmallServer(MACHINES.spillsMb, home))),
    );
    const spilled = spilling.stop();
    const texts = servers.flatMap((server) => server.texts.map((text, day) => ({ text, day })));
    const short = texts.filter(({ text }) => text.startsWith(TOO_LITTLE));
    const answered = texts.filter(({ text, day }) => text === roomy.texts[day]);
    const megabytes = [...spilled.values()].map((bytes) => `${(bytes / 2 ** 20).toFixed(0)} MB`);
    process.stderr.write(
      `spill: ${answered.length} answers agree, ${short.length} say that memory is short; spilled ${megabytes.join(', ')}\n`,
    );
    expect(servers.map(({ code }) => code)).toEqual(servers.map(() => 0));
    expect(texts.filter((each) => !short.includes(each) && !answered.includes(each))).toEqual([]);
    expect(answered.length).toBeGreaterThan(short.length);
    expect(spilled.size).toBe(SCALE.spillingServers);
    expect(leftoversIn(home)).toEqual([]);
  });

  it('say plainly that memory is short if it is too short even for that, and end in peace', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { code, texts } = await askAll(startSmallServer(MACHINES.tooSmallMb, home), DAYS.slice(0, 2));
    expect(code).toBe(0);
    for (const text of texts) expect(text).toContain(TOO_LITTLE);
    expect(leftoversIn(home)).toEqual([]);
  });
});
