/** A model file of XGBoost as our trees (xgboost.readthedocs.io, "Introduction to Model IO"). */
import { z } from 'zod';
import { ChurnMcpError } from '../errors.ts';
import type { Tree, TreeEnsemble } from '../gbdt/tree.ts';

const treeSchema = z.looseObject({
  left_children: z.array(z.int()),
  right_children: z.array(z.int()),
  split_indices: z.array(z.int().min(0)),
  /** The leaf's value at a leaf. */
  split_conditions: z.array(z.number()),
  default_left: z.array(z.union([z.boolean(), z.int()])),
  loss_changes: z.array(z.number()),
  sum_hessian: z.array(z.number()),
  split_type: z.array(z.int()).default([]),
});
type XgboostTree = z.infer<typeof treeSchema>;

const modelSchema = z.looseObject({
  learner: z.looseObject({
    attributes: z.record(z.string(), z.string()).default({}),
    feature_names: z.array(z.string()).default([]),
    gradient_booster: z.looseObject({
      name: z.string(),
      model: z.looseObject({ trees: z.array(treeSchema) }),
    }),
    learner_model_param: z.looseObject({ base_score: z.string(), num_feature: z.string() }),
    objective: z.looseObject({ name: z.string() }),
  }),
});

/**
 * Trees that give XGBoost's own margin, to the bit: the same thresholds and rule (left where a value is less), the same
 * leaves, the base margin first. Trees after the best iteration of an early stop are left out.
 *
 * @throws INVALID_ARGUMENT where it is another kind of model than boosted trees for a probability
 */
export function readXgboostModel(json: string, featureNames: readonly string[]): TreeEnsemble {
  const { learner } = parseModel(json);
  const { gradient_booster: booster, learner_model_param: param, objective, attributes } = learner;
  if (booster.name !== 'gbtree') throw unusable(`a "${booster.name}" booster, not "gbtree"`);
  if (objective.name !== 'binary:logistic') throw unusable(`for "${objective.name}", not "binary:logistic"`);
  if (Number(param.num_feature) > featureNames.length) throw unusable('of more features than were given');
  const best = Number(attributes.best_iteration);
  const { trees } = booster.model;
  const kept = Number.isInteger(best) && best >= 0 ? trees.slice(0, best + 1) : trees;
  return {
    featureNames,
    baseScore: baseMarginOf(param.base_score),
    trees: kept.map((tree) => toTree(tree, featureNames.length)),
  };
}

function parseModel(json: string) {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw unusable('not JSON, or has categorical splits', cause);
  }
  const parsed = modelSchema.safeParse(value);
  if (!parsed.success) throw unusable('not one of XGBoost', parsed.error);
  return parsed.data;
}

/** `5E-1` until version 3, `[5E-1]` since. A probability; the margin is computed in float32, as XGBoost does. */
function baseMarginOf(text: string): number {
  const probability = Math.fround(Number(text.replace(/^\[|\]$/g, '')));
  if (!(probability > 0 && probability < 1)) throw unusable('without a base score between 0 and 1');
  return Math.fround(-Math.log(Math.fround(Math.fround(1 / probability) - 1)));
}

function toTree(tree: XgboostTree, featureCount: number): Tree {
  const count = tree.left_children.length;
  assertWhole(tree, count, featureCount);
  const isLeaf = (node: number) => tree.left_children[node] < 0;
  const at = (values: readonly number[], node: number) => Math.fround(values[node]);
  return {
    splitFeatures: Int32Array.from({ length: count }, (_, node) =>
      isLeaf(node) ? -1 : tree.split_indices[node],
    ),
    thresholds: Float32Array.from({ length: count }, (_, node) =>
      isLeaf(node) ? 0 : at(tree.split_conditions, node),
    ),
    leftChildren: Int32Array.from(tree.left_children),
    rightChildren: Int32Array.from(tree.right_children),
    defaultLeft: Uint8Array.from({ length: count }, (_, node) =>
      !isLeaf(node) && Number(tree.default_left[node]) === 1 ? 1 : 0,
    ),
    leafValues: Float32Array.from({ length: count }, (_, node) =>
      isLeaf(node) ? at(tree.split_conditions, node) : 0,
    ),
    gains: Float32Array.from({ length: count }, (_, node) =>
      isLeaf(node) ? 0 : at(tree.loss_changes, node),
    ),
    covers: Float32Array.from(tree.sum_hessian),
  };
}

/** Children come after their parents and once each: no walk goes round in circles. */
function assertWhole(tree: XgboostTree, count: number, featureCount: number): void {
  const { right_children, split_indices, split_conditions, default_left, loss_changes, sum_hessian } = tree;
  const lengths = [right_children, split_indices, split_conditions, default_left, loss_changes, sum_hessian];
  if (count === 0 || lengths.some(({ length }) => length !== count))
    throw unusable('with a tree that is cut short');
  if (tree.split_type.some((type) => type !== 0)) throw unusable('with categorical splits');
  for (let node = 0; node < count; node++) {
    const children = [tree.left_children[node], right_children[node]];
    if (children.every((child) => child === -1)) continue;
    if (children.some((child) => child <= node || child >= count) || split_indices[node] >= featureCount) {
      throw unusable('with a tree whose nodes do not hang together');
    }
  }
}

function unusable(what: string, cause?: unknown): ChurnMcpError {
  return new ChurnMcpError('INVALID_ARGUMENT', `The XGBoost model cannot be used: it is ${what}.`, {
    hint: 'Train it with booster "gbtree" and objective "binary:logistic", and save it as JSON.',
    cause,
  });
}
