import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { CampaignHome } from '../../src/campaigns/campaign-home.ts';
import { writeContactLists } from '../../src/campaigns/contact-list.ts';
import { checkNode, runDoctor } from '../../src/commands/doctor.ts';
import { foreignFiles } from '../../src/commands/foreign-files.ts';
import { importFeatureTable } from '../../src/data/import/customer-table/import-feature-table.ts';
import { IngestLog } from '../../src/ingest/ingest-log.ts';
import { openRegistry } from '../../src/registry/file-registry.ts';
import { CHAMPION } from '../../src/registry/model-registry.ts';
import { PredictionLog } from '../../src/scoring/prediction-log.ts';
import { CAMPAIGN_PLAN, CAMPAIGN_START } from '../helpers/campaign-plan.ts';
import { modelDraft } from '../helpers/model-draft.ts';
import { makeSnapshot, newTestHome } from '../helpers/snapshot.ts';
import { subscriberCsv, subscribers } from '../helpers/subscription-table.ts';

const MODEL = 'customer_churn_predictor';

async function doctor(home: string, repair = false): Promise<{ code: number; lines: string[] }> {
  let said = '';
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      said += String(chunk);
      done();
    },
  });
  const { signal } = new AbortController();
  const environment = { stdout, stdin: process.stdin, signal, waitToStop: () => undefined, version: '0.0.0' };
  const code = await runDoctor({ home, repair, quiet: true }, environment);
  return { code, lines: said.trim().split('\n') };
}

const failedIn = (lines: readonly string[]) => lines.filter((line) => line.startsWith('FAILED'));

/** Two snapshots, a table of customers, two versions of a model, one day of predictions and a campaign: all that a home may hold. */
async function makeFullHome(): Promise<string> {
  const home = await newTestHome();
  const orders = [{ order_id: '1', customer_id: 1, order_date: '2026-01-01', total_amount: 5 }];
  for (let i = 0; i < 2; i++) await (await makeSnapshot({ orders }, home))[Symbol.asyncDispose]();
  const table = join(home, 'subscribers.csv');
  await writeFile(table, subscriberCsv(subscribers(60)));
  await importFeatureTable({ features: table, id: 'customerID', target: 'Churn' }, { home });
  const registry = openRegistry(home, { now: () => new Date('2026-02-03T12:00:00Z') });
  for (let i = 0; i < 2; i++) {
    const { version } = await registry.register(modelDraft());
    await registry.setAlias(MODEL, CHAMPION, version);
  }
  const log = new PredictionLog(home);
  const said = { asOf: '2026-01-01', customerIds: [1], probabilities: Float32Array.of(0.5) };
  log.record({ model: 'customer_churn_forecast', version: 'v_20260101_000000' }, said);
  await log[Symbol.asyncDispose]();
  const campaigns = new CampaignHome(home);
  await campaigns.addPlan(CAMPAIGN_PLAN);
  const contact = { customerId: 1, firstName: 'Jo', lastName: 'Li', email: 'jo@example.com', phone: '' };
  await campaigns.addStart(CAMPAIGN_START, async (folder) => {
    await writeContactLists([contact], CAMPAIGN_PLAN.name, folder);
  });
  return home;
}

async function flipBit(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length >> 1] ^= 1;
  await writeFile(file, bytes);
}

const below = (home: string, folder: string, ending: RegExp) =>
  readdirSync(join(home, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .sort()
    .map((name) => join(home, folder, name));

/** The newest file of each kind; snapshots of one second are told apart by the pointer. */
const currentSnapshot = (home: string) => {
  const { snapshot } = JSON.parse(readFileSync(join(home, 'data', 'current.json'), 'utf8'));
  return join(home, 'data', 'snapshots', `${snapshot}.duckdb`);
};

const DAMAGES: Record<string, { damage: (home: string) => Promise<void>; said: RegExp }> = {
  'a snapshot': {
    damage: (home) => flipBit(currentSnapshot(home)),
    said: /^FAILED {2}Data: the current snapshot \S+ is damaged\. "churn-mcp doctor --repair" /,
  },
  'the pointer of the data': {
    damage: (home) => flipBit(join(home, 'data', 'current.json')),
    said: /^FAILED {2}Data: data\/current\.json is damaged/,
  },
  'the table of customers': {
    damage: (home) => flipBit(below(home, 'table', /\.parquet$/)[0]),
    said: /^FAILED {2}Table: the table of customers is damaged/,
  },
  'the pointer of the table': {
    damage: (home) => flipBit(join(home, 'table', 'current.json')),
    said: /^FAILED {2}Table: table\/current\.json is damaged/,
  },
  predictions: {
    damage: (home) => flipBit(below(home, 'predictions', /\.parquet$/)[0]),
    said: /^FAILED {2}Predictions: the kept predictions 2026-01-01\.parquet are damaged/,
  },
  'the plan of a campaign': {
    damage: (home) => flipBit(below(home, 'campaigns', /plan\.json$/)[0]),
    said: /^FAILED {2}Campaigns: The file campaigns\/c_20260202_081500_5a5b\/plan\.json is not what was written.* "churn-mcp doctor --repair" sets the campaign aside/,
  },
  'the start of a campaign': {
    damage: (home) => rm(below(home, 'campaigns', /start\.json$/)[0]),
    said: /^FAILED {2}Campaigns: The file campaigns\/c_20260202_081500_5a5b\/started\/start\.json is missing/,
  },
  aliases: {
    damage: (home) => flipBit(join(home, 'registry', MODEL, 'aliases.json')),
    said: /^FAILED {2}Models: The aliases of customer_churn_predictor cannot be read/,
  },
  'a model': {
    damage: (home) => flipBit(below(home, 'registry', /model\.onnx$/)[0]),
    said: /^FAILED {2}Models: .*model\.onnx was changed or damaged/,
  },
  'a champion that is gone': {
    damage: (home) =>
      rm(join(below(home, 'registry', /model\.onnx$/)[1], '..'), { recursive: true, force: true }),
    said: /^FAILED {2}Models: .*v_\d{8}_\d{6}/,
  },
};

let full: string;
beforeAll(async () => {
  full = await makeFullHome();
});

/** A copy of it, to be damaged. */
async function fullHome(): Promise<string> {
  const home = await newTestHome();
  await cp(full, home, { recursive: true });
  return home;
}

describe('the doctor', () => {
  it('finds nothing in a home that is whole, and nothing foreign in it', async () => {
    const whole = await doctor(await fullHome());
    expect(failedIn(whole.lines)).toEqual([]);
    expect(whole.code).toBe(0);
    expect(whole.lines.join('\n')).toMatch(/^ok {6}Models: 2 registered, all checksums match$/m);
    expect(whole.lines.join('\n')).not.toContain('Other files');
  });

  it.each(Object.keys(DAMAGES))(
    'has one line and exit code 3 for damage to %s, and repairs it',
    async (kind) => {
      const home = await fullHome();
      const { damage, said } = DAMAGES[kind];
      await damage(home);
      const { code, lines } = await doctor(home);
      expect(code).toBe(3);
      expect(failedIn(lines)).toEqual([expect.stringMatching(said)]);
      // Nothing else is said of a part that is damaged.
      const [, part] = /^FAILED {2}(\w+):/.exec(failedIn(lines)[0]) ?? [];
      expect(lines.filter((line) => line.includes(`  ${part}:`))).toHaveLength(1);

      const repaired = await doctor(home, true);
      expect(repaired.lines[0]).toMatch(/^mended {2}/);
      expect(failedIn(repaired.lines)).toEqual([]);
      expect(repaired.code).toBe(0);
      expect(existsSync(join(home, 'set-aside'))).toBe(true);
    },
  );

  it('says of a damaged training lock that the next training mends it', async () => {
    const home = await fullHome();
    await writeFile(join(home, 'training.lock'), 'no lock');
    const { code, lines } = await doctor(home);
    expect(code).toBe(0);
    expect(lines).toContain('note    Training lock: damaged; the next training replaces it.');
  });

  it('says how many rows of the log are not in the data yet, and which file of it is damaged', async () => {
    const home = await newTestHome();
    await makeSnapshot(
      { orders: [{ order_id: '1', customer_id: 1, order_date: '2026-01-01', total_amount: 5 }] },
      home,
    );
    const lines = Buffer.from('{"customer_id":"1"}\n{"customer_id":"2"}\n');
    {
      await using log = await IngestLog.open(home);
      await log.append({ channel: 'a', token: 1, parts: [{ kind: 'customers', rows: 2, lines }] });
    }
    const whole = await doctor(home);
    expect(whole.code).toBe(0);
    expect(whole.lines).toContain(
      'note    Log: 2 rows of 2 are not in the data yet. To fold them in: churn-mcp refresh',
    );
    const [segment = ''] = readdirSync(join(home, 'log')).filter((name) => name.endsWith('.log'));
    const bytes = await readFile(join(home, 'log', segment));
    bytes[bytes.length - 5] = 0x41;
    await writeFile(join(home, 'log', segment), bytes);
    const damaged = await doctor(home);
    expect(damaged.code).toBe(3);
    expect(failedIn(damaged.lines)).toEqual([expect.stringContaining(`Log: The file log/${segment}`)]);
  });

  it('names what others put into the home, and leaves it alone', async () => {
    const home = await fullHome();
    const foreign = [
      'data/snapshots/backup.duckdb',
      'data/rejects/notes.txt',
      'registry/customer_churn_predictor/v_old',
      'table/other.parquet',
      'campaigns/notes.txt',
      'campaigns/c_20260202_081500_5a5b/started/answers.csv',
    ];
    for (const path of foreign) await writeFile(join(home, path), 'mine');
    await mkdir(join(home, 'registry', 'my-models'));
    await symlink('/', join(home, 'data', 'snapshots', '20260101_000000_00000000.duckdb'));
    expect(await foreignFiles(home)).toEqual(
      [...foreign, 'registry/my-models', 'data/snapshots/20260101_000000_00000000.duckdb'].sort(),
    );
    const { code, lines } = await doctor(home, true);
    expect(code).toBe(0);
    expect(lines.at(-1)).toBe(
      'note    Other files: churn-mcp did not make "campaigns/c_20260202_081500_5a5b/started/answers.csv", "campaigns/notes.txt", "data/rejects/notes.txt", "data/snapshots/20260101_000000_00000000.duckdb", "data/snapshots/backup.duckdb", 3 more, and leaves them alone.',
    );
    for (const path of foreign) expect(readFileSync(join(home, path), 'utf8')).toBe('mine');
  });
});

describe('doctor on the version of Node', () => {
  it.each([
    ['20.18.0', 'failed'],
    ['20.20.2', 'note'],
    ['22.12.0', 'note'],
    ['22.13.0', 'ok'],
    ['23.11.0', 'note'],
    ['24.0.0', 'ok'],
    ['26.1.0', 'ok'],
  ])('says of %s what package.json says of it: %s', (version, state) => {
    expect(checkNode(version).state).toBe(state);
  });

  it('names the versions that are supported', () => {
    expect(checkNode('20.20.2').text).toBe(
      '20.20.2 is no longer supported. Install Node.js 22.13, or 24 and newer.',
    );
  });
});
