import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createTreeExplainer } from '../../src/explain/tree-shap.ts';
import { CHURN_FEATURES } from '../../src/features/churn-features.ts';
import { predictRawScores } from '../../src/gbdt/predictor.ts';
import { exportOnnx } from '../../src/onnx/export-onnx.ts';
import { convertXgboost } from '../../src/xgboost/convert-xgboost.ts';
import { foldScaler, readScaler } from '../../src/xgboost/fold-scaler.ts';
import { decodeXgboostModel } from '../../src/xgboost/model-file.ts';
import { runOnnx } from '../helpers/onnx-session.ts';
import { matrixOf } from '../helpers/random-trees.ts';

const floats = z
  .base64()
  .transform((text) => new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer));
const expectedSchema = z.object({
  xgboost: z.string(),
  feature_names: z.array(z.string()),
  cases: z.array(
    z.object({
      name: z.string(),
      boosted_rounds: z.int(),
      best_iteration: z.int().nullable(),
      infinite_rows: z.int(),
      contributions: floats,
      rows: floats,
      margins: floats,
      probabilities: floats,
    }),
  ),
});

/** Made by test/fixtures/make_xgboost_models.py. */
const FIXTURES = new URL('../fixtures/xgboost-models/', import.meta.url);

describe.each(['1.7.6', '2.1.4', '3.2.0'])('a model of XGBoost %s', (version) => {
  const folder = new URL(`${version}/`, FIXTURES);
  const expected = expectedSchema.parse(
    JSON.parse(gunzipSync(readFileSync(new URL('expected.json.gz', folder))).toString()),
  );
  const names = expected.feature_names;

  test.each(expected.cases)('gives the same margins bit for bit: $name', async (given) => {
    const rowCount = given.margins.length;
    expect(rowCount).toBeGreaterThan(100);
    const rows = Array.from({ length: rowCount }, (_, row) => [
      ...given.rows.subarray(row * names.length, (row + 1) * names.length),
    ]);
    const features = matrixOf(names, rows);
    const models = ['json', 'ubj'].map((ending) =>
      decodeXgboostModel(readFileSync(new URL(`${given.name}.${ending}`, folder))),
    );
    const [ensemble, fromUbj] = models.map((model) => convertXgboost(model, names));
    expect(models[0].version).toBe(version);
    expect(models[0].featureNames).toEqual(names);
    expect(fromUbj).toEqual(ensemble);

    expect(predictRawScores(ensemble, features)).toEqual(given.margins);
    const onnx = await runOnnx(exportOnnx(ensemble, { model: 'customer_churn_forecast' }), features);
    expect(onnx.rawScores).toEqual(given.margins);
    // The sigmoid rounds differently: XGBoost's in float32 throughout, the runtime's by a polynomial.
    const furthest = onnx.probabilities.reduce(
      (most, probability, row) => Math.max(most, Math.abs(probability - given.probabilities[row])),
      0,
    );
    expect(furthest).toBeLessThan(2.5e-7);
  });

  test.each(expected.cases)('has the same explanations as from XGBoost: $name', (given) => {
    const model = decodeXgboostModel(readFileSync(new URL(`${given.name}.ubj`, folder)));
    const width = names.length + 1;
    const rowCount = given.contributions.length / width;
    const rows = Array.from({ length: rowCount }, (_, row) => [
      ...given.rows.subarray(row * names.length, (row + 1) * names.length),
    ]);
    const { expectedValue, explain } = createTreeExplainer(convertXgboost(model, names));
    const ours = explain(matrixOf(names, rows));
    const furthest = given.contributions.reduce((most, theirs, at) => {
      const [row, feature] = [Math.floor(at / width), at % width];
      const own = feature === names.length ? expectedValue : ours[row * names.length + feature];
      return Math.max(most, Math.abs(own - theirs));
    }, 0);
    expect(furthest).toBeLessThan(1e-5);
  });
});

/** As the reference's notebook makes one: behind a scaler, on an array without column names. */
test('a scaler that is folded into the thresholds sends every row the same way, so margins stay the same', async () => {
  const folder = new URL('notebook/', FIXTURES);
  const expected = z
    .object({ rows: floats, margins: floats })
    .parse(JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')));
  const names = CHURN_FEATURES;
  const rows = Array.from({ length: expected.margins.length }, (_, row) => [
    ...expected.rows.subarray(row * names.length, (row + 1) * names.length),
  ]);
  const model = decodeXgboostModel(readFileSync(new URL('scaled.ubj', folder)));
  const scaler = await readScaler(fileURLToPath(new URL('scaler.json', folder)));
  const features = matrixOf(names, rows);
  expect(rows.length).toBeGreaterThan(1000);
  expect(predictRawScores(foldScaler(convertXgboost(model, names), scaler), features)).toEqual(
    expected.margins,
  );
});
