import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exportOnnx } from '../../src/onnx/export-onnx.ts';
import { readXgboostModel } from '../../src/onnx/xgboost-model.ts';
import { runOnnx } from '../helpers/onnx-session.ts';
import { matrixOf, referenceRawScores } from '../helpers/random-trees.ts';

const fixtureSchema = z.object({
  model: z.record(z.string(), z.unknown()),
  feature_names: z.array(z.string()),
  trees: z.number(),
  rows: z.array(z.array(z.number().nullable())),
  margins: z.array(z.number()),
});

/** Made by fixtures/make-xgboost-models.py, each with its version. */
const fixtureOf = (version: string) =>
  fixtureSchema.parse(
    JSON.parse(readFileSync(new URL(`fixtures/xgboost-${version}.json`, import.meta.url), 'utf8')),
  );

describe.each(['1.7.6', '2.1.4', '3.2.0'])('a model file of XGBoost %s', (version) => {
  it('gives XGBoost’s own margins, bit for bit, as trees and as ONNX', async () => {
    const { model, feature_names, rows, margins, trees } = fixtureOf(version);
    const ensemble = readXgboostModel(JSON.stringify(model), feature_names);
    expect(ensemble.trees).toHaveLength(trees);
    const features = matrixOf(
      feature_names,
      rows.map((row) => row.map((value) => value ?? Number.NaN)),
    );
    const expected = Float32Array.from(margins);
    expect(referenceRawScores(ensemble, features)).toEqual(expected);
    const { rawScores } = await runOnnx(exportOnnx(ensemble, { model: 'customer_churn_forecast' }), features);
    expect(rawScores).toEqual(expected);
  });
});

describe('a model file that cannot be used', () => {
  const { model, feature_names } = fixtureOf('3.2.0');
  const text = JSON.stringify(model);

  it.each([
    ['not JSON', 'xgboost', /not JSON/],
    ['something else', '{"learner": {}}', /not one of XGBoost/],
    ['another objective', text.replaceAll('binary:logistic', 'reg:squarederror'), /for "reg:squarederror"/],
    ['another booster', text.replace('"gbtree"', '"dart"'), /a "dart" booster/],
    ['a circle', text.replace(/"left_children":\[\d+/, '"left_children":[0'), /do not hang together/],
    ['a tree cut short', text.replace(/"split_indices":\[\d+,/, '"split_indices":['), /cut short/],
    ['categories', text.replace(/"split_type":\[0/, '"split_type":[1'), /categorical splits/],
    ['a base score of 1', text.replace(/"base_score":"[^"]*"/, '"base_score":"[1E0]"'), /base score/],
  ])('is refused: %s', (_, json, message) => {
    expect(() => readXgboostModel(json, feature_names)).toThrow(message);
  });

  it('is refused where it has more features than were given', () => {
    expect(() => readXgboostModel(text, ['recency'])).toThrow(/of more features/);
  });
});
