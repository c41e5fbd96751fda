/**
 * `npm run load`: an HTTP server under load, as a process of its own. Sessions ask mixed questions, first alone, then while
 * rows arrive, are folded in and models are trained, while sessions are opened and left and clients read slowly or never,
 * and last as often as they can. `-- --seconds 60 --calls 5000` makes it shorter, `--home FOLDER` takes a home that has
 * models. `LOAD_NODE_FLAGS` are flags of the server's Node, such as `--cpu-prof`. Linux only: it reads /proc.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startCallers } from './load/callers.ts';
import { dropSessions, neverRead, readSlowly, sendRows, train } from './load/disturbances.ts';
import { Figures, memoryOf, percentile, processorTimeOf, slopePerMinute } from './load/figures.ts';
import { questionsOf, RECOMMENDATIONS } from './load/questions.ts';
import { ask, type LoadClients, openClients } from './load/run-load.ts';
import { CLI, startServer } from './load/server-process.ts';
import { LAST_DAY, writeShop } from './load/shop-files.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    sessions: { type: 'string', default: '64' },
    calls: { type: 'string', default: '100000' },
    customers: { type: 'string', default: '5000' },
    pause: { type: 'string', default: '500' },
    trainings: { type: 'string', default: '4' },
    drops: { type: 'string', default: '1000' },
    'target-lag': { type: 'string', default: '60' },
    home: { type: 'string' },
  },
});
const CALLS_PER_KIND = 40;
const seconds = Number(values.seconds);

function run(...args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

async function makeHome(home: string): Promise<void> {
  run('import', ...(await writeShop(temporary, Number(values.customers))), '--home', home, '--quiet');
  for (const [tool, args] of [
    ['train_churn_model', '{"label": "inactivity"}'],
    ['train_churn_model', '{"label": "forward"}'],
    ['train_recommendation_model', '{}'],
  ]) {
    run('call', tool, args, '--home', home, '--quiet');
  }
}

const temporary = mkdtempSync(join(tmpdir(), 'churn-mcp-load-'));
const home = values.home ?? join(temporary, 'home');
const say = (line: string) => process.stdout.write(`${line}\n`);

/** What a round cost the server, and how long its calls took. */
async function measured(what: string, pid: number, round: () => Promise<Figures>): Promise<Figures> {
  const memory: number[] = [];
  let most = 0;
  const sampler = setInterval(() => {
    const { own, all } = memoryOf(pid);
    memory.push(own);
    most = Math.max(most, all);
  }, 1000);
  const [started, spent] = [performance.now(), processorTimeOf(pid)];
  const figures = await round();
  clearInterval(sampler);
  const lasted = (performance.now() - started) / 1000;
  const cpu = processorTimeOf(pid) - spent;
  const settled = memory.slice(Math.floor(memory.length / 3));
  say(`\n## ${what}\n`);
  say(
    `${figures.calls} calls in ${lasted.toFixed(0)} s; ${(cpu / figures.calls).toFixed(1)} ms of the server's processor time per call (${(cpu / 1000).toFixed(0)} s in all). Memory ${memory.at(0)?.toFixed(0)} to ${memory.at(-1)?.toFixed(0)} MB, at most ${Math.max(...memory).toFixed(0)}; after the first third it rises by ${slopePerMinute(settled).toFixed(1)} MB a minute. With the processes that it starts at most ${most.toFixed(0)} MB. Load ${loadavg()[0].toFixed(1)}.\n`,
  );
  say('| tool | calls | p50 ms | p99 ms | most ms |\n| --- | --- | --- | --- | --- |');
  for (const [tool, times] of [...figures.times].sort()) {
    const row = [0.5, 0.99, 1].map((share) => percentile(times, share).toFixed(0));
    say(`| ${tool} | ${times.length} | ${row.join(' | ')} |`);
  }
  for (const [problem, count] of figures.problems) say(`\nPROBLEM, ${count} times: ${problem}`);
  return figures;
}

/** What each kind of question costs the server if nobody else asks. Processor time says more than the clock on a busy machine. */
async function costs(pid: number, { sessions: [session], customers }: LoadClients): Promise<void> {
  say('\n## Processor time of a call, one after the other\n\n| question | ms |\n| --- | --- |');
  for (const [at, { tool, args }] of questionsOf(0, 0, customers).entries()) {
    const before = processorTimeOf(pid);
    for (let k = 1; k <= CALLS_PER_KIND; k++) {
      const { args: asked } = questionsOf(0, 31 * k, customers)[at];
      const { problem } = await session.call(tool, asked);
      if (problem !== undefined) throw new Error(problem);
    }
    const ms = (processorTimeOf(pid) - before) / CALLS_PER_KIND;
    say(`| ${tool} ${Object.keys(args).join(', ')} | ${ms.toFixed(1)} |`);
  }
}

try {
  if (values.home === undefined) await makeHome(home);
  await using callers = await startCallers();
  await using server = await startServer(home, callers.env, ['--target-lag', values['target-lag']]);
  const { url, pid } = server;
  say(
    `# Load\n\n${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.versions.node}, ${values.sessions} sessions that pause ${values.pause} ms, ${values.customers} customers. Load ${loadavg()[0].toFixed(1)} before.`,
  );
  const clients = await openClients(url, callers, Number(values.sessions));
  const pauseMs = Number(values.pause);
  await ask(clients, { pauseMs, seconds: Math.min(20, seconds / 4) });
  await costs(pid, clients);
  const alone = await measured('Alone', pid, () => ask(clients, { pauseMs, seconds: seconds / 5 }));

  const disturbed = new Figures();
  const ended = new AbortController();
  const stage = { url, callers, customers: clients.customers, figures: disturbed, signal: ended.signal };
  const drops = Number(values.drops);
  const beside = [
    sendRows(stage, LAST_DAY),
    train(stage, Number(values.trainings)),
    dropSessions(stage, { wanted: drops, everyMs: (1000 * seconds) / drops }),
    readSlowly(stage),
    neverRead(stage),
  ];
  await measured('Beside rows, refreshes, trainings and clients that misbehave', pid, () =>
    ask(clients, { pauseMs, seconds }, disturbed),
  );
  ended.abort();
  say('');
  for (const report of await Promise.all(beside)) say(`- ${report}`);

  const soaked = await measured('As fast as they can', pid, () =>
    ask(clients, { pauseMs: 0, calls: Number(values.calls) }),
  );
  if (server.said().includes('"error"') || server.said().includes('ERROR'))
    say(`\nThe server said:\n${server.said().slice(0, 3000)}`);
  const p99 = percentile(disturbed.times.get(RECOMMENDATIONS) ?? [], 0.99);
  say(`\n${RECOMMENDATIONS} beside all that: p99 ${p99.toFixed(0)} ms.`);
  const problems = [alone, disturbed, soaked].reduce((sum, figures) => sum + figures.problems.size, 0);
  process.exitCode = problems > 0 ? 1 : 0;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
