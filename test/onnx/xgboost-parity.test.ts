import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Tree, TreeEnsemble } from '../../src/gbdt/tree.ts';
import { exportOnnx } from '../../src/onnx/export-onnx.ts';
import { runOnnx } from '../helpers/onnx-session.ts';
import { matrixOf, referenceRawScores } from '../helpers/random-trees.ts';

const numbers = z.array(z.number());
const fixtureSchema = z.object({
  base_score: z.number(),
  feature_names: z.array(z.string()),
  trees: z.array(
    z.object({
      left_children: numbers,
      right_children: numbers,
      split_indices: numbers,
      split_conditions: numbers,
      default_left: numbers,
    }),
  ),
  rows: z.array(z.array(z.number().nullable())),
  margins: numbers,
});

/** Made by fixtures/make-xgboost-model.py. */
const fixture = fixtureSchema.parse(
  JSON.parse(readFileSync(new URL('fixtures/xgboost-model.json', import.meta.url), 'utf8')),
);

/** XGBoost keeps a leaf's value where an inner node has its threshold. */
function treeFromXgboost(tree: z.infer<typeof fixtureSchema>['trees'][number]): Tree {
  const isLeaf = tree.left_children.map((child) => child === -1);
  const nodes = tree.left_children.length;
  return {
    splitFeatures: Int32Array.from(tree.split_indices, (feature, node) => (isLeaf[node] ? -1 : feature)),
    thresholds: Float32Array.from(tree.split_conditions, (value, node) => (isLeaf[node] ? 0 : value)),
    leftChildren: Int32Array.from(tree.left_children),
    rightChildren: Int32Array.from(tree.right_children),
    defaultLeft: Uint8Array.from(tree.default_left),
    leafValues: Float32Array.from(tree.split_conditions, (value, node) => (isLeaf[node] ? value : 0)),
    gains: new Float32Array(nodes),
    covers: new Float32Array(nodes),
  };
}

test('exportOnnx gives the same margins as XGBoost for trees that XGBoost trained, bit for bit', async () => {
  const ensemble: TreeEnsemble = {
    featureNames: fixture.feature_names,
    // XGBoost's base score is a probability; the margin is -logf(1 / p - 1).
    baseScore: Math.fround(-Math.fround(Math.log(Math.fround(Math.fround(1 / fixture.base_score) - 1)))),
    trees: fixture.trees.map(treeFromXgboost),
  };
  const rows = fixture.rows.map((row) => row.map((value) => value ?? Number.NaN));
  const features = matrixOf(ensemble.featureNames, rows);
  const margins = Float32Array.from(fixture.margins);
  expect(referenceRawScores(ensemble, features)).toEqual(margins);
  const { rawScores } = await runOnnx(exportOnnx(ensemble, { model: 'customer_churn_forecast' }), features);
  expect(rawScores).toEqual(margins);
});
