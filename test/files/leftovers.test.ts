/** What killed processes leave in each folder that the product writes to: the next write there removes it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openDataHome } from '../../src/data/data-home.ts';
import { importFeatureTable } from '../../src/data/import/customer-table/import-feature-table.ts';
import { writeTable } from '../../src/data/table-file.ts';
import { thisOwner } from '../../src/files/owner.ts';
import { withTemporaryFolder } from '../../src/files/temporary-folder.ts';
import { packageRoot } from '../../src/package-root.ts';
import { openRegistry } from '../../src/registry/file-registry.ts';
import { CHAMPION } from '../../src/registry/model-registry.ts';
import { PredictionLog } from '../../src/scoring/prediction-log.ts';
import { withTrainingTurn } from '../../src/training/training-turn.ts';
import { modelDraft } from '../helpers/model-draft.ts';
import { makeSnapshot, newTestHome } from '../helpers/snapshot.ts';
import { subscriberCsv, subscribers } from '../helpers/subscription-table.ts';

const now = () => new Date('2026-02-03T12:00:00Z');
const MODEL = 'customer_churn_predictor';
const ORDERS = [{ order_id: '1', customer_id: 1, order_date: '2026-01-01', total_amount: 5 }];

const WRITES: Record<string, { folder: string; write: (home: string) => Promise<unknown> }> = {
  'an import of orders': {
    folder: 'data',
    write: async (home) => (await makeSnapshot({ orders: ORDERS }, home))[Symbol.asyncDispose](),
  },
  'an import of a table of customers': {
    folder: 'table',
    async write(home) {
      const features = join(home, 'subscribers.csv');
      await writeFile(features, subscriberCsv(subscribers(60)));
      return importFeatureTable({ features, id: 'customerID', target: 'Churn' }, { home });
    },
  },
  'a registration': {
    folder: `registry/${MODEL}`,
    write: (home) => openRegistry(home, { now }).register(modelDraft()),
  },
  'a promotion': {
    folder: `registry/${MODEL}`,
    async write(home) {
      const registry = openRegistry(home, { now });
      const { version } = await registry.register(modelDraft());
      await registry.setAlias(MODEL, CHAMPION, version);
    },
  },
  'a training': {
    folder: '.',
    write: (home) => withTrainingTurn({ home, model: MODEL, wait: false, now }, async () => undefined),
  },
  'kept predictions': {
    folder: 'predictions/customer_churn_forecast/v_20260101_000000',
    async write(home) {
      await using log = new PredictionLog(home);
      const said = { asOf: '2026-01-01', customerIds: [1], probabilities: Float32Array.of(0.5) };
      log.record({ model: 'customer_churn_forecast', version: 'v_20260101_000000' }, said);
    },
  },
  'a file of scores': {
    folder: 'out',
    write: (home) => writeTable({ columns: [{ name: 'id', values: [1] }] }, join(home, 'out', 'scores.csv')),
  },
};

/** The number of a process that has ended. */
const endedProcess = () => spawnSync(process.execPath, ['--version']).pid;

function leftoversIn(folder: string): string[] {
  const { host } = thisOwner();
  const pid = endedProcess();
  const file = join(folder, `.churn-mcp-${host}-${pid}-00112233aabb.tmp`);
  const copies = join(folder, `.churn-mcp-${host}-${pid}-00112233aabc.tmp`);
  const spilled = join(folder, `.churn-mcp-${host}-${pid}-00112233aabd.tmp.spill`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, 'half');
  for (const each of [copies, spilled]) {
    mkdirSync(each);
    writeFileSync(join(each, 'customers'), 'half');
  }
  return [file, copies, spilled];
}

afterEach(() => vi.unstubAllEnvs());

describe('what a killed process left', () => {
  it.each(Object.keys(WRITES))('is removed by %s', async (kind) => {
    const home = await newTestHome();
    const { folder, write } = WRITES[kind];
    const left = leftoversIn(join(home, folder));
    await write(home);
    expect(left.filter((path) => existsSync(path))).toEqual([]);
  });

  it('is removed from the system’s temporary folder by the next who needs one there, and by the next server', async () => {
    await using shop = await makeSnapshot({ orders: ORDERS });
    const temporary = join(await newTestHome(), 'tmp');
    vi.stubEnv('TMPDIR', temporary);
    const foreign = [
      `.churn-mcp-${thisOwner().host}-${endedProcess()}-00112233aabb.tmp.bak`,
      'churn-mcp-ray-notes',
      `.churn-mcp-${thisOwner().host}-${process.pid}-00112233aabb.tmp`,
    ].map((name) => join(temporary, name));
    for (const folder of foreign) mkdirSync(folder, { recursive: true });
    let left = leftoversIn(temporary);
    await withTemporaryFolder(async (folder) => {
      expect(dirname(folder)).toBe(temporary);
      expect(statSync(folder).mode & 0o077).toBe(0);
      expect(left.filter((path) => existsSync(path))).toEqual([]);
    });
    left = leftoversIn(temporary);
    await using provider = openDataHome(shop.home);
    await provider.current();
    expect(left.filter((path) => existsSync(path))).toEqual([]);
    expect(foreign.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('has an owner in its name wherever temporary folders are made', () => {
    const makers = readdirSync(join(packageRoot(), 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .filter((path) => readFileSync(join(packageRoot(), 'src', path), 'utf8').includes('mkdtemp'));
    expect(makers).toEqual([]);
  });

  it('is removed from the data by the next server too, which may only read', async () => {
    await using shop = await makeSnapshot({ orders: ORDERS });
    const left = leftoversIn(join(shop.home, 'data'));
    await using provider = openDataHome(shop.home);
    await provider.current();
    expect(left.filter((path) => existsSync(path))).toEqual([]);
    expect(await readFile(join(shop.home, 'data', 'current.json'), 'utf8')).toContain(shop.snapshotId);
  });
});
