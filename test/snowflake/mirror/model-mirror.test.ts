import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openRegistry } from '../../../src/registry/file-registry.ts';
import { CHAMPION, type ModelRegistry } from '../../../src/registry/model-registry.ts';
import { planDeployment } from '../../../src/snowflake/deployment/deployment.ts';
import { DEFAULT_PARTS } from '../../../src/snowflake/deployment/deployment-part.ts';
import { runDeployment } from '../../../src/snowflake/deployment/run-deployment.ts';
import { MirrorSession } from '../../../src/snowflake/mirror/mirror-session.ts';
import { listMirrored, pullVersion, pushVersion } from '../../../src/snowflake/mirror/model-mirror.ts';
import { writePredictions } from '../../../src/snowflake/mirror/write-predictions.ts';
import { modelDraft } from '../../helpers/model-draft.ts';
import { newTestHome } from '../../helpers/snapshot.ts';
import { PASSWORD, snowflakeConfig } from '../../helpers/snowflake/snowflake-shop.ts';
import { TestSnowflake } from '../../helpers/snowflake/test-snowflake.ts';

const MODEL = 'customer_churn_predictor';
const NOW = new Date('2026-02-01T10:00:00Z');
const { signal } = new AbortController();
const NASTY = `it's "ours"; drop table models.model_versions; -- $$ \\' ../`;

let testServer: TestSnowflake;
let mirror: MirrorSession;
let here: ModelRegistry;
let version: string;

beforeAll(async () => {
  testServer = await TestSnowflake.start({ user: { password: PASSWORD } });
  const config = snowflakeConfig(testServer);
  mirror = await MirrorSession.open(config, signal);
  here = openRegistry(await newTestHome(), { now: () => NOW });
  const draft = modelDraft(MODEL);
  const card = await here.register({ ...draft, card: { ...draft.card, comment: NASTY } });
  ({ version } = card);
  await here.setAlias(MODEL, CHAMPION, version);
});

afterAll(async () => {
  await mirror[Symbol.asyncDispose]();
  await testServer[Symbol.asyncDispose]();
});

async function newRegistry() {
  const home = await newTestHome();
  return { home, registry: openRegistry(home, { now: () => NOW }) };
}

async function deployTables(): Promise<void> {
  const config = snowflakeConfig(testServer);
  const parts = DEFAULT_PARTS.filter((part) => part === 'schemas' || part === 'models');
  const steps = planDeployment({ config, warehouse: 'W', parts, models: [] });
  await runDeployment(steps, config, { signal, onStep: () => undefined });
}

describe('the mirror of the registry', () => {
  it('says what to deploy first if nothing was deployed', async () => {
    await expect(listMirrored(mirror)).rejects.toMatchObject({
      code: 'SNOWFLAKE_ACCESS',
      hint: 'Make them with: churn-mcp deploy snowflake --only schemas,models,campaigns',
    });
    await deployTables();
    expect(await listMirrored(mirror)).toEqual([]);
  });

  it('copies a version once, whatever its comment contains', async () => {
    expect(await pushVersion({ model: MODEL, version }, here, mirror, NOW)).toBe('pushed');
    expect(await pushVersion({ model: MODEL, version }, here, mirror, NOW)).toBe('present');
    expect(await listMirrored(mirror)).toEqual([{ model: MODEL, version, comment: NASTY, isChampion: true }]);
  });

  it('gives another machine the same bytes', async () => {
    const [listed] = await listMirrored(mirror);
    const { home, registry } = await newRegistry();
    expect(await pullVersion(listed, registry, mirror)).toBe('adopted');
    expect(await pullVersion(listed, registry, mirror)).toBe('present');
    const ours = await here.folder(MODEL, version);
    const theirs = await registry.folder(MODEL, version);
    for (const file of readdirSync(ours)) {
      expect(readFileSync(join(theirs, file))).toEqual(readFileSync(join(ours, file)));
    }
    expect(await registry.resolveAlias(MODEL, CHAMPION)).toBeUndefined();
    expect(readdirSync(join(home, 'registry', MODEL))).toEqual([version]);
  });

  it('refuses a different model under a name that is taken, in Snowflake and here', async () => {
    const { registry } = await newRegistry();
    const other = await registry.register(modelDraft(MODEL, 2));
    expect(other.version).toBe(version);
    await expect(pushVersion({ model: MODEL, version }, registry, mirror, NOW)).rejects.toMatchObject({
      code: 'MODEL_REFUSED',
    });
    const [listed] = await listMirrored(mirror);
    await expect(pullVersion(listed, registry, mirror)).rejects.toMatchObject({ code: 'MODEL_REFUSED' });
    expect((await registry.load(MODEL, version)).card).toEqual(other);
  });

  it.each(['damaged', 'cut', 'of no folder'])(
    'registers nothing if the downloaded version is %s',
    async (how) => {
      const [listed] = await listMirrored(mirror);
      const folder = join(
        testServer.stagesFolder,
        'AUTOMATED_INTELLIGENCE.MODELS.MODEL_FILES',
        MODEL,
        version,
      );
      const whole = readFileSync(join(folder, 'model.onnx'));
      const broken = how === 'cut' ? whole.subarray(0, 10) : Buffer.from(whole).fill(0, 5, 6);
      writeFileSync(join(folder, 'model.onnx'), broken);
      const { registry } = await newRegistry();
      const wanted = how === 'of no folder' ? { ...listed, version: 'v_20200101_000000' } : listed;
      await expect(pullVersion(wanted, registry, mirror)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
      expect(await registry.list()).toEqual([]);
      writeFileSync(join(folder, 'model.onnx'), whole);
    },
  );

  it('ignores rows whose names would become paths', async () => {
    const row = ['../../etc', 'v_1', '2026-01-01', '2026-01-01', NASTY, '{}', '{}'];
    await mirror.run('merge_model_version', row);
    await mirror.run('merge_model_version', [MODEL, '../v', ...row.slice(2)]);
    expect((await listMirrored(mirror)).map((entry) => entry.version)).toEqual([version]);
  });
});

describe('the predictions in Snowflake', () => {
  const countSchema = z.object({ files: z.string(), is_champion: z.boolean() });

  it('are written once, whatever the ids of customers', async () => {
    const customerIds = ['1', NASTY, "2'; delete from models.churn_predictions; --"];
    const probabilities = Float32Array.of(1, 0.5, 0.75);
    const scores = { model: MODEL, version, asOf: '2026-01-31', customerIds, probabilities };
    expect(await writePredictions(scores, mirror, NOW)).toBe(3);
    expect(await writePredictions(scores, mirror, NOW)).toBe(0);
    expect(await writePredictions({ ...scores, asOf: '2026-01-30' }, mirror, NOW)).toBe(3);
    expect(await mirror.rows('read_model_version', [NASTY, NASTY], countSchema)).toEqual([]);
  });

  it('are all written, even for more customers than fit into one batch', async () => {
    const customerIds = Array.from({ length: 30_100 }, (_, index) => index);
    const probabilities = new Float32Array(customerIds.length).fill(0.125);
    const scores = { model: MODEL, version, asOf: '2026-01-29', customerIds, probabilities };
    expect(await writePredictions(scores, mirror, NOW)).toBe(30_100);
  });
});
