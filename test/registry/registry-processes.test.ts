import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRegistry } from '../../src/registry/file-registry.ts';
import { CHAMPION } from '../../src/registry/model-registry.ts';
import { bundleFile } from '../helpers/bundle.ts';
import { modelDraft } from '../helpers/model-draft.ts';
import { seededRandom } from '../helpers/random-trees.ts';

const MODEL = 'customer_churn_predictor';

let scripts: string;
let registerForever: string;
let home: string;

beforeAll(async () => {
  scripts = mkdtempSync(join(tmpdir(), 'registry-scripts-'));
  registerForever = await bundleFile('test/registry/register-forever.ts', scripts);
});
afterAll(() => rmSync(scripts, { recursive: true, force: true }));
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'registry-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const open = () => openRegistry(home, { now: () => new Date('2026-02-03T12:00:00Z') });

function start(...args: string[]): { child: ChildProcess; output: Promise<string> } {
  const child = spawn(process.execPath, [registerForever, home, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('The process has no stdout.');
  return { child, output: text(child.stdout) };
}

/** `version checksum` lines of what a process finished; a line cut by the kill is left out. */
function finished(output: string): [version: string, checksum: string][] {
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [version, checksum] = line.split(' ');
      return [version, checksum];
    });
}

describe('killing a process at any moment', () => {
  test('leaves only whole versions, among them all finished ones', { timeout: 120_000 }, async () => {
    const random = seededRandom(Date.now());
    const promised: [string, string][] = [];
    for (let round = 0; round < 12; round++) {
      const { child, output } = start('Infinity', String(round));
      // The first line says that the loop runs; from there a registration takes some milliseconds.
      await Promise.race([child.stdout && once(child.stdout, 'data'), once(child, 'exit')]);
      await delay(random() * 60);
      child.kill('SIGKILL');
      promised.push(...finished(await output));

      const registry = open();
      const listed = await registry.list();
      const versions = listed.map(({ card }) => card.version);
      for (const [version, checksum] of promised) {
        expect((await registry.card(MODEL, version)).files['model.onnx']).toBe(checksum);
      }
      const champion = await registry.resolveAlias(MODEL, CHAMPION);
      expect(versions).toContain(champion);
      expect(champion === undefined ? '' : champion >= promised[promised.length - 1][0]).toBe(true);
    }
    for (const { card } of await open().list()) {
      expect((await open().load(MODEL, card.version)).card).toEqual(card);
    }
  });
});

describe('several processes on one registry', () => {
  test('register at once without collision, while a reader sees only whole versions', async () => {
    const rounds = 25;
    const writers = [start(String(rounds), '1'), start(String(rounds), '2')];
    const reader = open();
    let running = writers.length;
    for (const { child } of writers) child.once('exit', () => running--);
    let seen = 0;
    while (running > 0) {
      const listed = await reader.list(MODEL);
      expect(listed.length).toBeGreaterThanOrEqual(seen);
      seen = listed.length;
      if (seen > 0 && (await reader.resolveAlias(MODEL, CHAMPION))) await reader.load(MODEL);
    }
    const outputs = (await Promise.all(writers.map(({ output }) => output))).flatMap(finished);
    expect(outputs.length).toBe(2 * rounds);
    expect(new Set(outputs.map(([version]) => version)).size).toBe(2 * rounds);
    for (const [version, checksum] of outputs) {
      expect((await reader.load(MODEL, version)).card.files['model.onnx']).toBe(checksum);
    }
    expect((await reader.list(MODEL)).length).toBe(2 * rounds);
    expect(readdirSync(join(home, 'registry', MODEL)).length).toBe(2 * rounds + 1);
  });
});

describe('a registration on a file system that refuses to write', () => {
  /** What a registration under a limit on file sizes ends in; a full disk fails in the same place, in the midst of a write. */
  function registerWithFileLimit(blocks: number): { status: number | null; stderr: string } {
    const command = `ulimit -f ${blocks} && exec "$0" "$@"`;
    const args = ['-c', command, process.execPath, registerForever, home, '1'];
    return spawnSync('bash', args, { encoding: 'utf8' });
  }

  test.skipIf(process.platform === 'win32')('shows nothing if a write fails in the middle', async () => {
    const registry = open();
    const before = await registry.register(modelDraft());
    await registry.setAlias(MODEL, CHAMPION, before.version);
    const { status, stderr } = registerWithFileLimit(2);
    expect(status).not.toBe(0);
    expect(stderr).toContain('STORAGE');
    expect((await registry.list()).map(({ card }) => card)).toEqual([before]);
    expect((await registry.load(MODEL)).card).toEqual(before);
    expect(readdirSync(join(home, 'registry', MODEL)).sort()).toEqual(['aliases.json', before.version]);
  });

  test('says so without a path if a file stands where the folder should be', async () => {
    writeFileSync(join(home, 'registry'), 'a file');
    await expect(open().register(modelDraft())).rejects.toMatchObject({
      code: 'STORAGE',
      message: expect.not.stringContaining(home),
    });
  });
});
