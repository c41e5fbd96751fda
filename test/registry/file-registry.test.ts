import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ChurnMcpError } from '../../src/errors.ts';
import { thisOwner } from '../../src/files/owner.ts';
import { openRegistry } from '../../src/registry/file-registry.ts';
import type { RegisteredModel } from '../../src/registry/model-card.ts';
import { CHAMPION, type ModelRegistry } from '../../src/registry/model-registry.ts';
import { modelDraft } from '../helpers/model-draft.ts';

const MODEL = 'customer_churn_predictor';
const NOON = new Date('2026-02-03T12:00:00.250Z');

let home: string;
let clock: Date;
let registry: ModelRegistry;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'registry-'));
  clock = NOON;
  registry = openRegistry(home, { now: () => clock });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const folderOf = (version: string) => join(home, 'registry', MODEL, version);

/** The error a promise ends in, as a caller would show it. */
async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ChurnMcpError)) throw error;
    const shown = `${error.code}: ${error.message} ${error.hint ?? ''}`;
    expect(shown).not.toContain(home);
    expect(shown).not.toContain('\n');
    return shown;
  }
  throw new Error('It did not fail.');
}

describe('the registry of files', () => {
  test('loads a version exactly as it was registered', async () => {
    const draft = modelDraft();
    const card = await registry.register(draft);
    expect(card).toMatchObject({
      ...draft.card,
      schema: 2,
      version: 'v_20260203_120000',
      created_at: NOON.toISOString(),
    });
    const loaded = await registry.load(MODEL, card.version);
    expect(loaded.card).toEqual(card);
    expect(Buffer.compare(loaded.onnx, draft.onnx)).toBe(0);
    expect(loaded.ensemble).toEqual(draft.ensemble);
    expect(await registry.card(MODEL, card.version)).toEqual(card);
  });

  test('writes the documented files, and sha256sum agrees with their checksums', async () => {
    const card = await registry.register(modelDraft());
    expect(readdirSync(folderOf(card.version)).sort()).toEqual([
      'SHA256SUMS',
      'card.json',
      'model.onnx',
      'trees.json',
    ]);
    expect(readdirSync(join(home, 'registry', MODEL))).toEqual([card.version]);
    const sums = readFileSync(join(folderOf(card.version), 'SHA256SUMS'), 'utf8');
    expect(sums).toContain(`${card.files['model.onnx']}  model.onnx`);
    if (process.platform === 'linux') {
      execFileSync('sha256sum', ['-c', '--status', 'SHA256SUMS'], { cwd: folderOf(card.version) });
    }
  });

  test('writes the same files for the same draft, except for name and time', async () => {
    const first = await registry.register(modelDraft());
    const second = await registry.register(modelDraft());
    expect(second.files).toEqual(first.files);
  });

  test('has a name above all earlier ones, also if the clock was set back', async () => {
    const { version } = await registry.register(modelDraft());
    clock = new Date(NOON.getTime() - 365 * 86_400_000);
    const later = await registry.register(modelDraft());
    expect([version, later.version]).toEqual(['v_20260203_120000', 'v_20260203_120001']);
    expect(later.created_at).toBe(clock.toISOString());
    expect((await registry.list(MODEL)).map(({ card }) => card.version)).toEqual([later.version, version]);
  });

  test("takes the next free second as the version's name, even across midnight", async () => {
    clock = new Date('2026-12-31T23:59:59.900Z');
    const versions: string[] = [];
    for (let round = 0; round < 3; round++) versions.push((await registry.register(modelDraft())).version);
    expect(versions).toEqual(['v_20261231_235959', 'v_20270101_000000', 'v_20270101_000001']);
  });

  test('gives each of many simultaneous registrations its own name', async () => {
    const others = openRegistry(home, { now: () => clock });
    const cards = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        (index % 2 === 0 ? registry : others).register(modelDraft(MODEL, index)),
      ),
    );
    expect(new Set(cards.map((card) => card.version)).size).toBe(12);
    for (const card of cards) expect((await registry.load(MODEL, card.version)).card).toEqual(card);
    expect(readdirSync(join(home, 'registry', MODEL)).length).toBe(12);
  });
});

describe('the list and the aliases of the registry', () => {
  test('are empty in an empty home', async () => {
    expect(await registry.list()).toEqual([]);
    expect(await registry.resolveAlias(MODEL, CHAMPION)).toBeUndefined();
  });

  test('show all models, newest first, with their aliases', async () => {
    const first = await registry.register(modelDraft());
    clock = new Date('2026-02-04T00:00:00Z');
    const second = await registry.register(modelDraft('product_recommendation'));
    clock = new Date('2026-02-05T00:00:00Z');
    const third = await registry.register(modelDraft());
    await registry.setAlias(MODEL, CHAMPION, first.version);
    await registry.setAlias(MODEL, 'challenger', third.version);
    await registry.setAlias(MODEL, 'audited', first.version);
    expect(await registry.list()).toEqual([
      { card: third, aliases: ['challenger'] },
      { card: second, aliases: [] },
      { card: first, aliases: ['audited', 'champion'] },
    ]);
    expect((await registry.list(MODEL)).map(({ card }) => card.version)).toEqual([
      third.version,
      first.version,
    ]);
  });

  test('lead a load without a version to the champion', async () => {
    const first = await registry.register(modelDraft());
    const second = await registry.register(modelDraft(MODEL, 2));
    await registry.setAlias(MODEL, CHAMPION, first.version);
    expect((await registry.load(MODEL)).card).toEqual(first);
    await registry.setAlias(MODEL, CHAMPION, second.version);
    expect((await registry.load(MODEL)).card).toEqual(second);
    expect(await registry.resolveAlias(MODEL, CHAMPION)).toBe(second.version);
  });

  test('are seen at once by another registry on the same home', async () => {
    const reader = openRegistry(home, { now: () => clock });
    const card = await registry.register(modelDraft());
    await registry.setAlias(MODEL, CHAMPION, card.version);
    expect((await reader.load(MODEL)).card).toEqual(card);
  });
});

describe('a version that an alias names and that is gone', () => {
  test('is not replaced by one registered in the same second: the champion stays missing until one is promoted', async () => {
    const lost = await registry.register(modelDraft());
    await registry.setAlias(MODEL, CHAMPION, lost.version);
    rmSync(folderOf(lost.version), { recursive: true });
    const next = await registry.register(modelDraft());
    expect(next.version).toBe('v_20260203_120001');
    expect(await failure(registry.load(MODEL))).toContain(
      `UNKNOWN_VERSION: ${MODEL} has no version "${lost.version}"`,
    );
  });
});

describe("the registry's error", () => {
  test('says that there is no version yet', async () => {
    expect(await failure(registry.load(MODEL))).toMatchInlineSnapshot(
      `"UNKNOWN_MODEL: The model customer_churn_predictor has not been trained yet. Train it with train_churn_model with label "inactivity"."`,
    );
    expect(
      await failure(registry.load('customer_churn_forecast', 'v_20260203_120000')),
    ).toMatchInlineSnapshot(
      `"UNKNOWN_MODEL: The model customer_churn_forecast has not been trained yet. Train it with train_churn_model."`,
    );
  });

  test('says that there is no champion', async () => {
    await registry.register(modelDraft());
    expect(await failure(registry.load(MODEL))).toMatchInlineSnapshot(
      `"UNKNOWN_VERSION: customer_churn_predictor has no champion, and no version was named. Name a version, or promote one with promote_model. Newest versions: v_20260203_120000."`,
    );
  });

  test('says that the folder of a champion was removed', async () => {
    const gone = await registry.register(modelDraft());
    const kept = await registry.register(modelDraft(MODEL, 2));
    await registry.setAlias(MODEL, CHAMPION, gone.version);
    rmSync(folderOf(gone.version), { recursive: true });
    expect(await failure(registry.load(MODEL))).toContain(
      `UNKNOWN_VERSION: ${MODEL} has no version "${gone.version}". Newest versions: ${kept.version}.`,
    );
    expect((await registry.list()).map(({ card }) => card)).toEqual([kept]);
  });

  test('lists the newest versions for an unknown one', async () => {
    for (let round = 0; round < 7; round++) await registry.register(modelDraft());
    expect(await failure(registry.load(MODEL, 'v_20250101_000000'))).toMatchInlineSnapshot(
      `"UNKNOWN_VERSION: customer_churn_predictor has no version "v_20250101_000000". Newest versions: v_20260203_120006, v_20260203_120005, v_20260203_120004, v_20260203_120003, v_20260203_120002 and 2 more. list_models shows all."`,
    );
    expect(await failure(registry.setAlias(MODEL, CHAMPION, 'v_20250101_000000'))).toContain(
      'UNKNOWN_VERSION',
    );
  });

  test('says that a model is unknown', async () => {
    // From plain JavaScript a name can be anything.
    const anyName: (name: string) => RegisteredModel = JSON.parse.bind(JSON);
    expect(await failure(registry.load(anyName('"churn"')))).toMatchInlineSnapshot(
      `"UNKNOWN_MODEL: Unknown model "churn". Models: customer_churn_predictor, customer_churn_forecast, customer_churn_column, product_recommendation, campaign_uplift."`,
    );
    expect(await failure(registry.list(anyName('"../secrets"')))).toContain('UNKNOWN_MODEL');
  });

  test.each([
    '..',
    '.',
    '',
    '../product_recommendation/v_20260203_120000',
    'v_20260203_120000/..',
    'v_20260203_120000\n',
    'aliases.json',
    `v_${'9'.repeat(1_000_000)}`,
  ])('refuses a version that is no folder name: %j', async (version) => {
    await registry.register(modelDraft());
    await registry.register(modelDraft('product_recommendation'));
    const shown = await failure(registry.load(MODEL, version));
    expect(shown).toContain('UNKNOWN_VERSION');
    expect(shown.length).toBeLessThan(400);
  });

  test.each(['', 'Champion', '../x', '__proto__', 'a'.repeat(33), 'a b'])(
    'refuses the alias %j',
    async (alias) => {
      const { version } = await registry.register(modelDraft());
      expect(await failure(registry.setAlias(MODEL, alias, version))).toContain('INVALID_ARGUMENT');
    },
  );

  test('says that an alias is unknown if it is called like a property of objects', async () => {
    expect(await registry.resolveAlias(MODEL, 'constructor')).toBeUndefined();
  });
});

describe('files with changed bytes', () => {
  test.each(['model.onnx', 'trees.json', 'card.json', 'SHA256SUMS'])(
    'are refused and named after one flipped bit in %s',
    async (file) => {
      const { version } = await registry.register(modelDraft());
      const path = join(folderOf(version), file);
      const bytes = readFileSync(path);
      bytes[Math.floor(bytes.length / 2)] ^= 1;
      writeFileSync(path, bytes);
      const shown = await failure(registry.load(MODEL, version));
      expect(shown).toMatch(new RegExp(`^MODEL_CORRUPT: Version ${version} of ${MODEL} cannot be used: `));
    },
  );

  test.each(['model.onnx', 'trees.json', 'card.json', 'SHA256SUMS'])(
    'are refused if %s is missing or longer',
    async (file) => {
      const longer = await registry.register(modelDraft());
      appendFileSync(join(folderOf(longer.version), file), file === 'SHA256SUMS' ? '0'.repeat(64) : '\n');
      if (file !== 'SHA256SUMS')
        expect(await failure(registry.load(MODEL, longer.version))).toContain('MODEL_CORRUPT');
      const missing = await registry.register(modelDraft());
      rmSync(join(folderOf(missing.version), file));
      expect(await failure(registry.load(MODEL, missing.version))).toContain('MODEL_CORRUPT');
    },
  );

  test('are named as SHA256SUMS if that file is empty or holds other bytes, not as the card that is whole', async () => {
    for (const content of ['', '\0'.repeat(300), 'some other text\n']) {
      const { version } = await registry.register(modelDraft());
      writeFileSync(join(folderOf(version), 'SHA256SUMS'), content);
      expect(await failure(registry.load(MODEL, version))).toContain(
        'cannot be used: SHA256SUMS was changed',
      );
    }
  });

  test('lead to errors that say what to do', async () => {
    const { version } = await registry.register(modelDraft());
    appendFileSync(join(folderOf(version), 'model.onnx'), 'x');
    expect(await failure(registry.load(MODEL, version))).toMatchInlineSnapshot(
      `"MODEL_CORRUPT: Version v_20260203_120000 of customer_churn_predictor cannot be used: model.onnx was changed or damaged after it was registered. Train a new one with train_churn_model with label "inactivity". To remove it from the list, remove the folder v_20260203_120000 from the registry."`,
    );
    expect((await registry.card(MODEL, version)).version).toBe(version);
    writeFileSync(join(folderOf(version), 'card.json'), '{}');
    expect(await failure(registry.card(MODEL, version))).toMatchInlineSnapshot(
      `"MODEL_CORRUPT: Version v_20260203_120000 of customer_churn_predictor cannot be used: card.json or SHA256SUMS was changed or damaged after it was registered. Train a new one with train_churn_model with label "inactivity". To remove it from the list, remove the folder v_20260203_120000 from the registry."`,
    );
    expect(await registry.list()).toEqual([]);
    expect((await registry.survey()).damaged).toMatchObject([
      { model: MODEL, version, error: { code: 'MODEL_CORRUPT' } },
    ]);
  });

  test('hide no other version from the list, whatever they hit', async () => {
    const { version: whole } = await registry.register(modelDraft());
    const { version: damaged } = await registry.register(modelDraft());
    await registry.setAlias(MODEL, CHAMPION, whole);
    writeFileSync(join(folderOf(damaged), 'card.json'), '{');
    writeFileSync(folderOf('v_20270101_000000'), '');
    expect((await registry.list()).map(({ card }) => card.version)).toEqual([whole]);
    expect((await registry.survey()).damaged.map(({ version }) => version)).toEqual([
      'v_20270101_000000',
      damaged,
    ]);
    writeFileSync(join(home, 'registry', MODEL, 'aliases.json'), 'nonsense');
    expect((await registry.list()).map(({ card }) => card.version)).toEqual([whole]);
    expect((await registry.survey()).damaged.map(({ version }) => version)).toContain(undefined);
  });

  test('are refused if a version was moved to another name', async () => {
    const { version } = await registry.register(modelDraft());
    execFileSync('cp', ['-r', folderOf(version), folderOf('v_20270101_000000')]);
    expect(await failure(registry.load(MODEL, 'v_20270101_000000'))).toContain(
      'its card belongs to another version',
    );
  });

  test('are named if they are the aliases, which a promotion writes anew', async () => {
    const { version } = await registry.register(modelDraft());
    await registry.setAlias(MODEL, CHAMPION, version);
    writeFileSync(
      join(home, 'registry', MODEL, 'aliases.json'),
      '{"schema":1,"aliases":{"champion":"../../etc"}}',
    );
    expect(await failure(registry.load(MODEL))).toMatchInlineSnapshot(
      `"MODEL_CORRUPT: The aliases of customer_churn_predictor cannot be read. Name a version, or promote one with promote_model, which writes new aliases. Newest versions: v_20260203_120000."`,
    );
    expect((await registry.load(MODEL, version)).card.version).toBe(version);
    await registry.setAlias(MODEL, CHAMPION, version);
    expect((await registry.load(MODEL)).card.version).toBe(version);
  });
});

describe('the leftovers of a killed registration', () => {
  test('are invisible, and removed by the next registration', async () => {
    const modelFolder = join(home, 'registry', MODEL);
    const { host } = thisOwner();
    const deadProcess = 2 ** 22 + 1;
    const ofDead = `.churn-mcp-${host}-${deadProcess}-00112233aabb.tmp`;
    const ofLiving = `.churn-mcp-${host}-${process.ppid}-00112233aabb.tmp`;
    for (const name of [ofDead, ofLiving]) {
      mkdirSync(join(modelFolder, name), { recursive: true });
      writeFileSync(join(modelFolder, name, 'model.onnx'), 'half');
    }
    expect(await registry.list()).toEqual([]);
    const { version } = await registry.register(modelDraft());
    expect((await registry.list()).map(({ card }) => card.version)).toEqual([version]);
    expect(new Set(readdirSync(modelFolder))).toEqual(new Set([ofLiving, version]));
  });
});
