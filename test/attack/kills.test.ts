/** SIGKILL at random moments of imports, trainings and promotions: whatever was there before still stands. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openRegistry } from '../../src/registry/file-registry.ts';
import { collectCli, runCli, startCli } from '../helpers/cli-process.ts';
import { leftoversIn, problemsIn } from './home-state.ts';
import { type Dice, diceOf, IS_FULL, SCALE, SEED, TIMEOUT_MS } from './scale.ts';
import { ADDED_ORDERS, ordersOf, writeAddedOrders, writeOrders } from './small-shop.ts';

const VARIANTS = [0, 1, 2, 3];
/** A busy machine takes longer, and is no reason to wait for longer. */
const LONGEST_MS = 3000;
const HOMES = IS_FULL ? 2 : 1;
const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-kills-'));
const files = VARIANTS.map((variant) => writeOrders(folder, variant));
const counts = VARIANTS.map(ordersOf).flatMap((orders) => [orders, orders + ADDED_ORDERS]);
const APPEND = ['import', '--append', '--orders', writeAddedOrders(folder)];
const TRAIN = ['call', 'train_churn_model', '{"label": "inactivity", "params": {"n_estimators": 3}}', '-q'];

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function nextCommand(home: string, dice: Dice): Promise<string[]> {
  const kind = dice(4);
  if (kind === 0) return ['import', '--orders', files[dice(files.length)], '-q'];
  if (kind === 1) return TRAIN;
  if (kind === 2) return [...APPEND, '-q'];
  const versions = await openRegistry(home, { now: () => new Date() }).list('customer_churn_predictor');
  const chosen = versions.at(dice(versions.length));
  return chosen ? ['models', 'promote', chosen.card.model, chosen.card.version] : TRAIN;
}

/** Runs a command and kills it after so many milliseconds; true if it was still running. */
async function killAfter(ms: number, command: readonly string[], home: string): Promise<boolean> {
  const child = startCli(command, { CHURN_MCP_HOME: home });
  const timer = setTimeout(() => child.kill('SIGKILL'), ms);
  await collectCli(child);
  clearTimeout(timer);
  return child.signalCode === 'SIGKILL';
}

async function attackHome(name: string, wanted: number): Promise<{ kills: number; problems: string[] }> {
  const home = join(folder, name);
  const env = { CHURN_MCP_HOME: home };
  const dice = diceOf(name);
  const started = performance.now();
  expect((await runCli(['import', '--orders', files[0], '-q'], env)).code).toBe(0);
  const longest = Math.min(performance.now() - started, LONGEST_MS);
  let kills = 0;
  const problems: string[] = [];
  while (kills < wanted && problems.length === 0) {
    const command = await nextCommand(home, dice);
    const ms = dice(Math.ceil(longest * 1.5));
    if (await killAfter(ms, command, home)) kills++;
    const found = await problemsIn(home, counts);
    problems.push(
      ...found.map((problem) => `seed ${SEED}, kill ${kills}, ${command[0]} after ${ms} ms: ${problem}`),
    );
  }
  for (const command of [['import', '--orders', files[1], '-q'], [...APPEND, '-q'], TRAIN]) {
    const { code, stderr } = await runCli(command, env);
    if (code !== 0) problems.push(`afterwards ${command[0]} ends with ${code}: ${stderr}`);
  }
  problems.push(...leftoversIn(home).map((path) => `${path} is left over`));
  return { kills, problems };
}

describe('a home folder in which processes are killed', () => {
  it(`is whole after each of ${SCALE.kills} kills, without leftovers`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const share = Math.ceil(SCALE.kills / HOMES);
    const results = await Promise.all(
      Array.from({ length: HOMES }, (_, i) => attackHome(`home-${i}`, share)),
    );
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
    expect(results.reduce((sum, { kills }) => sum + kills, 0)).toBeGreaterThanOrEqual(SCALE.kills);
  });

  it('adds rows to a copy of its data, so that kills strike that road', async () => {
    const env = { CHURN_MCP_HOME: join(folder, 'added') };
    await runCli(['import', '--orders', files[0], '-q'], env);
    const { code, stderr } = await runCli(APPEND, env);
    expect(code).toBe(0);
    expect(stderr).toContain('Replacing what has changed');
  });

  it('can train after its first training was killed', { timeout: TIMEOUT_MS }, async () => {
    const dice = diceOf('first training');
    for (let i = 0; i < Math.ceil(SCALE.kills / 50); i++) {
      const home = join(folder, `first-${i}`);
      const env = { CHURN_MCP_HOME: home };
      await runCli(['import', '--orders', files[0], '-q'], env);
      await killAfter(200 + dice(600), TRAIN, home);
      const { code, stderr } = await runCli(TRAIN, env);
      expect(stderr).toBe('');
      expect(code).toBe(0);
    }
  });
});
