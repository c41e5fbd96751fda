import { existsSync, readdirSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findDamage } from '../../src/commands/home-damage.ts';
import { openDataHome } from '../../src/data/data-home.ts';
import { openEngine, withConnection } from '../../src/data/duckdb/duckdb-engine.ts';
import { homeLayout } from '../../src/data/home-layout.ts';
import { checksumFileOf, writeChecksum } from '../../src/files/checksum.ts';
import { openRegistry } from '../../src/registry/file-registry.ts';
import { CHAMPION, type ModelRegistry } from '../../src/registry/model-registry.ts';
import { modelDraft } from '../helpers/model-draft.ts';
import { makeSnapshot, newTestHome } from '../helpers/snapshot.ts';

const signal = new AbortController().signal;
const MODEL = 'customer_churn_predictor';
const now = () => new Date('2026-02-03T12:00:00Z');

const ordersOf = (count: number) => ({
  orders: Array.from({ length: count }, (_, i) => ({
    order_id: String(i),
    customer_id: i,
    order_date: '2026-01-01',
    total_amount: 5,
  })),
});

/** Two snapshots, of one and of two orders, and the file of the current one. */
async function homeWithData() {
  const home = await newTestHome();
  const first = await makeSnapshot(ordersOf(1), home);
  await first[Symbol.asyncDispose]();
  const second = await makeSnapshot(ordersOf(2), home);
  await second[Symbol.asyncDispose]();
  const { snapshot } = homeLayout(home);
  const files = { older: snapshot(first.snapshotId), file: snapshot(second.snapshotId) };
  return { home, registry: openRegistry(home, { now }), ...files };
}

async function flipBit(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length >> 1] ^= 1;
  await writeFile(file, bytes);
}

async function ordersIn(home: string): Promise<number> {
  await using data = openDataHome(home);
  return (await (await data.current()).summary()).orders;
}

describe('damage to a home folder', () => {
  it('is not reported for a whole home folder', async () => {
    const { home, registry } = await homeWithData();
    expect(await findDamage(home, registry, signal)).toEqual([]);
  });

  it.each<[string, (home: string, file: string) => Promise<void>]>([
    ['a flipped bit of the current snapshot', (_, file) => flipBit(file)],
    ['a longer snapshot', (_, file) => appendFile(file, 'x')],
    ['an unreadable pointer', (home) => writeFile(homeLayout(home).pointer, '{"snap')],
  ])('is found and repaired: %s', async (_, damage) => {
    const { home, registry, file } = await homeWithData();
    await damage(home, file);
    const [found, ...others] = await findDamage(home, registry, signal);
    expect([found.part, others]).toEqual(['Data', []]);
    expect(await found.repair()).toContain('is current again');
    expect(await findDamage(home, registry, signal)).toEqual([]);
    expect(readdirSync(join(home, 'set-aside')).length).toBeGreaterThan(0);
    // Of two snapshots the older one is left, unless the newer is whole.
    expect(await ordersIn(home)).toBe(existsSync(file) ? 2 : 1);
  });

  it.each<[string, (older: string, home: string) => Promise<void>]>([
    [
      'of another format',
      async (older, home) => {
        const instance = await openEngine(older, { readOnly: false, spillIn: home });
        const change = 'update about.summary set format = format + 1';
        await withConnection(instance, undefined, (connection) => connection.run(change));
        instance.closeSync();
        await writeChecksum(older, older);
      },
    ],
    ['without a checksum', (older) => rm(checksumFileOf(older))],
  ])('is not repaired by a snapshot %s: the orders have to be imported again', async (_, change) => {
    const { home, registry, older, file } = await homeWithData();
    await change(older, home);
    await flipBit(file);
    const [found] = await findDamage(home, registry, signal);
    expect(await found.repair()).toContain('Import the orders again');
    expect(existsSync(homeLayout(home).pointer)).toBe(false);
    expect(existsSync(older)).toBe(true);
  });

  it('is looked for in one survey of the models', async () => {
    const { home, registry } = await homeWithData();
    await registry.register(modelDraft());
    const surveys: string[] = [];
    const counted: ModelRegistry = {
      ...registry,
      load: (...names) => registry.load(...names),
      resolveAlias: (...names) => registry.resolveAlias(...names),
      survey: (model) => {
        surveys.push(model ?? 'all');
        return registry.survey(model);
      },
      list: () => Promise.reject(new Error('the survey lists the models')),
    };
    expect(await findDamage(home, counted, signal)).toEqual([]);
    expect(surveys).toEqual(['all']);
  });

  it('makes the newest whole version the champion', async () => {
    const { home, registry } = await homeWithData();
    const { version: older } = await registry.register(modelDraft());
    const { version: champion } = await registry.register(modelDraft());
    await registry.setAlias(MODEL, CHAMPION, champion);
    await flipBit(join(home, 'registry', MODEL, champion, 'model.onnx'));
    const [found, ...others] = await findDamage(home, registry, signal);
    expect([found.part, others]).toEqual(['Models', []]);
    expect(await found.repair()).toContain(`champion is ${older} now`);
    expect((await registry.load(MODEL)).card.version).toBe(older);
    expect(await findDamage(home, registry, signal)).toEqual([]);
  });
});

describe('an import', () => {
  it('removes all snapshots but the current and the last one, and no file that somebody else put there', async () => {
    const { home } = await homeWithData();
    const { snapshots, rejects } = homeLayout(home);
    const linked = join(home, 'elsewhere');
    await mkdir(linked);
    await writeFile(join(snapshots, 'backup.duckdb'), 'mine');
    await writeFile(join(rejects, 'notes.txt'), 'mine');
    await symlink(linked, join(snapshots, '20200101_000000_00000000.duckdb'));
    await mkdir(join(snapshots, '20200101_000000_00000001.duckdb'));
    const third = await makeSnapshot(ordersOf(3), home);
    await third[Symbol.asyncDispose]();
    const names = readdirSync(snapshots);
    expect(names.filter((name) => /^2026|^2027/.test(name) && name.endsWith('.duckdb'))).toHaveLength(2);
    expect(names).toEqual(
      expect.arrayContaining([
        'backup.duckdb',
        '20200101_000000_00000000.duckdb',
        '20200101_000000_00000001.duckdb',
      ]),
    );
    expect(existsSync(join(rejects, 'notes.txt'))).toBe(true);
    expect(existsSync(linked)).toBe(true);
  });
});
