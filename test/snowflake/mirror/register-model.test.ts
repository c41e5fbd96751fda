import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { thresholdSample } from '../../../src/gbdt/threshold-sample.ts';
import { exportOnnx } from '../../../src/onnx/export-onnx.ts';
import { packageRoot } from '../../../src/package-root.ts';
import { openRegistry } from '../../../src/registry/file-registry.ts';
import type { RegisteredModel } from '../../../src/registry/model-card.ts';
import { CHAMPION, type RegisteredVersion } from '../../../src/registry/model-registry.ts';
import { createScorer } from '../../../src/scoring/onnx-scorer.ts';
import { deployedSchemas } from '../../../src/snowflake/deployment/deployment-text.ts';
import { MirrorSession } from '../../../src/snowflake/mirror/mirror-session.ts';
import { registerModel, registrationRequest } from '../../../src/snowflake/mirror/register-model.ts';
import { modelDraft } from '../../helpers/model-draft.ts';
import { boostedEnsemble, probingMatrix } from '../../helpers/random-trees.ts';
import { newTestHome } from '../../helpers/snapshot.ts';
import { connectDriver, disconnect, execute } from '../../helpers/snowflake/driver-connection.ts';
import { hasPackages, python } from '../../helpers/snowflake/snowflake-python.ts';
import { ACCOUNT, USER } from '../../helpers/snowflake/snowflake-sessions.ts';
import { PASSWORD, snowflakeConfig } from '../../helpers/snowflake/snowflake-shop.ts';
import { TestSnowflake } from '../../helpers/snowflake/test-snowflake.ts';

const { signal } = new AbortController();
const NOW = new Date('2026-02-01T10:00:00Z');
const hasAll = hasPackages('onnxruntime', 'snowflake.ml.registry');

let testServer: TestSnowflake;
let mirror: MirrorSession;

beforeEach(async () => {
  testServer = await TestSnowflake.start({ user: { password: PASSWORD } });
  mirror = await MirrorSession.open(snowflakeConfig(testServer), signal);
});

afterEach(async () => {
  await mirror[Symbol.asyncDispose]();
  await testServer[Symbol.asyncDispose]();
});

/** A version of a model that scores as many features as real ones do. */
async function versionOf(model: RegisteredModel, comment = '') {
  const registry = openRegistry(await newTestHome(), { now: () => NOW });
  const ensemble = boostedEnsemble({ trees: 60, depth: 6, featureCount: 9 });
  const draft = modelDraft(model);
  const card = {
    ...draft.card,
    comment,
    features: [...ensemble.featureNames],
    feature_importance: ensemble.featureNames.map((feature) => ({ feature, importance: 1 / 9 })),
  };
  const { version } = await registry.register({ card, ensemble, onnx: exportOnnx(ensemble, { model }) });
  await registry.setAlias(model, CHAMPION, version);
  return { registry, model, version, ensemble };
}

async function requestOf(version: RegisteredVersion): Promise<string> {
  const sample = thresholdSample(version.ensemble);
  const scores = await (await createScorer(version.onnx)).score(sample);
  const schemas = deployedSchemas(snowflakeConfig(testServer));
  return registrationRequest(version, { sample, scores, isChampion: true }, { schemas });
}

async function onAccount(...statements: readonly string[]): Promise<void> {
  const login = { account: ACCOUNT, username: USER, password: PASSWORD, accessUrl: testServer.url };
  const connection = await connectDriver(login);
  for (const statement of statements) await execute(connection, statement);
  await disconnect(connection);
}

describe("a version in Snowflake's Model Registry", () => {
  it('has the name by which the pages of the reference system look for it', async () => {
    for (const [model, name] of [
      ['customer_churn_predictor', 'CUSTOMER_CHURN_PREDICTOR'],
      ['product_recommendation', 'PRODUCT_RECOMMENDATION_XGBOOST'],
    ] as const) {
      const version = await versionOf(model);
      expect(await registerModel(version, version.registry, mirror, createScorer)).toEqual({
        outcome: 'registered',
        name: `AUTOMATED_INTELLIGENCE.MODELS.${name}`,
      });
    }
  });

  it('has the figures in its comment as these pages read them, whatever its note says', async () => {
    const { registry, model, version } = await versionOf(
      'customer_churn_predictor',
      "F1: none, it's $$ ours",
    );
    const request = await requestOf(await registry.load(model, version));
    const { comment } = z.object({ comment: z.string() }).parse(JSON.parse(request));
    expect(comment).toMatchInlineSnapshot(
      `"churn-mcp: ROC-AUC: 0.8000 F1: 0.7000 Accuracy: 0.7500 as of 2026-01-31 | F1: none, it's $$ ours"`,
    );
    for (const [figure, value] of [
      ['ROC-AUC:', 0.8],
      ['F1:', 0.7],
    ] as const) {
      expect(Number(comment.split(figure)[1].trim().split(/\s/)[0])).toBe(value);
    }
  });

  it('is left out with what Snowflake says where the account has no such packages', async () => {
    const { registry, ...version } = await versionOf('customer_churn_predictor');
    const message = 'SQL compilation error: Cannot create a Python function with the specified packages.';
    testServer.faults.add({
      at: 'query',
      matching: /register_model as procedure/,
      action: { refuse: { code: '391546', message } },
    });
    expect(await registerModel(version, registry, mirror, createScorer)).toEqual({
      outcome: 'refused',
      said: message,
    });
  });

  it.each([
    ["'churn-mcp: ROC-AUC: 0.8000'", 'registered'],
    ["'theirs'", 'SNOWFLAKE_DEPLOY'],
  ])(
    'goes to a model without a comment only if the comments of its versions say that churn-mcp made it: %s, %s',
    async (comment, expected) => {
      const { registry, ...version } = await versionOf('customer_churn_predictor');
      const model = '"AUTOMATED_INTELLIGENCE"."MODELS"."CUSTOMER_CHURN_PREDICTOR"';
      await onAccount(
        'create schema "AUTOMATED_INTELLIGENCE"."MODELS"',
        `create model ${model} with version V1 from @ours`,
        `alter model ${model} modify version V1 set comment = ${comment}`,
      );
      const registered = registerModel(version, registry, mirror, createScorer);
      if (expected === 'registered') expect(await registered).toMatchObject({ outcome: expected });
      else await expect(registered).rejects.toMatchObject({ code: expected });
    },
  );

  it('is not added to a model of the same name that others made', async () => {
    const { registry, ...version } = await versionOf('customer_churn_predictor');
    await onAccount(
      'create schema "AUTOMATED_INTELLIGENCE"."MODELS"',
      `create model "AUTOMATED_INTELLIGENCE"."MODELS"."CUSTOMER_CHURN_PREDICTOR" from @theirs comment = 'theirs'`,
    );
    await expect(registerModel(version, registry, mirror, createScorer)).rejects.toMatchObject({
      code: 'SNOWFLAKE_DEPLOY',
      message:
        'Nothing was written: model "AUTOMATED_INTELLIGENCE"."MODELS"."CUSTOMER_CHURN_PREDICTOR" is there already, and churn-mcp did not make it.',
      hint: 'Rename it, or name another schema in CHURN_MCP_SNOWFLAKE_MODELS_SCHEMA.',
    });
  });
});

const packedSchema = z.object({
  answer: z.object({ outcome: z.string(), difference: z.number() }),
  name: z.string(),
  version: z.string(),
  inputs: z.array(z.tuple([z.string(), z.string()])),
  outputs: z.array(z.tuple([z.string(), z.string()])),
  metrics: z.record(z.string(), z.number()),
  scores: z.array(z.number()),
  sums: z.number(),
  model_comment: z.string(),
  default: z.string(),
  after_kill: z.object({ outcome: z.string(), model_comment: z.string(), default: z.string() }),
});

describe.skipIf(!hasAll)(
  'the procedure with the real package (skipped without snowflake-ml-python and onnxruntime)',
  () => {
    it.each(['customer_churn_predictor', 'customer_churn_forecast', 'product_recommendation'] as const)(
      'packs %s, opens it again, and scores as this server does',
      async (name) => {
        const { registry, model, version, ensemble } = await versionOf(name);
        const registered = await registry.load(model, version);
        const request = await requestOf(registered);
        const probe = probingMatrix(ensemble, 400);
        for (const column of probe.columns) {
          for (const [row, value] of column.entries()) if (!Number.isFinite(value)) column[row] = Number.NaN;
        }
        const rows = Array.from({ length: probe.rowCount }, (_, row) =>
          probe.columns.map((column) => (Number.isNaN(column[row]) ? null : column[row])),
        );
        const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-registry-'));
        writeFileSync(join(folder, 'model.onnx'), registered.onnx);
        writeFileSync(join(folder, 'request.json'), request);
        writeFileSync(join(folder, 'probe.json'), JSON.stringify(rows));
        const script = join(packageRoot(), 'test', 'snowflake', 'mirror', 'pack_model.py');
        const said = execFileSync(python, [script, folder], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const packed = packedSchema.parse(JSON.parse(said.trim().split('\n').at(-1) ?? ''));
        const ours = await (await createScorer(registered.onnx)).score(probe);
        expect(packed).toMatchObject({
          answer: { outcome: 'registered', difference: 0 },
          version: version.toUpperCase(),
          inputs: ensemble.featureNames.map((feature) => [feature, 'DOUBLE']),
          outputs: [
            ['output_feature_0', 'DOUBLE'],
            ['output_feature_1', 'DOUBLE'],
          ],
          sums: 0,
          model_comment: `churn-mcp: versions of ${model}`,
          default: version.toUpperCase(),
          after_kill: {
            outcome: 'present',
            model_comment: `churn-mcp: versions of ${model}`,
            default: version.toUpperCase(),
          },
        });
        expect(packed.metrics).toMatchObject({ roc_auc: 0.8, f1: 0.7 });
        expect(Math.max(...ours.map((score, row) => Math.abs(score - packed.scores[row])))).toBe(0);
      },
      120_000,
    );
  },
);
