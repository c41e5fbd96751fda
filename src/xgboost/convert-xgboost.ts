import type { Tree, TreeEnsemble } from '../gbdt/tree.ts';
import { convertTree } from './convert-tree.ts';
import { probabilityToMargin } from './float32-log.ts';
import { refusedModel } from './model-refusal.ts';
import { checkTree } from './source-tree.ts';
import type { XgboostModel } from './xgboost-model.ts';

/** Nodes of all trees together: a small file must not ask for gigabytes. */
const MOST_NODES = 2_000_000;

/**
 * A model of XGBoost as an ensemble of ours, whose raw score is XGBoost's margin bit for bit: the rule is the same,
 * `value < threshold` in float32, and both sum tree by tree in float32, beginning with the base score's margin. If
 * training stopped early, the trees after the best iteration are left out, as XGBoost's scikit-learn classes do.
 *
 * @param featureNames one per column, in the model's order
 * @throws MODEL_REFUSED
 */
export function convertXgboost(model: XgboostModel, featureNames: readonly string[]): TreeEnsemble {
  assertFeatureCount(model, featureNames.length);
  const kept =
    model.bestIteration === undefined
      ? model.trees
      : model.trees.slice(0, (model.bestIteration + 1) * model.treesPerIteration);
  const trees: Tree[] = [];
  let nodeCount = 0;
  for (const [number, tree] of kept.entries()) {
    const converted = convertTree(checkTree(tree, number, model.featureCount));
    nodeCount += converted.splitFeatures.length;
    if (nodeCount > MOST_NODES) throw tooLarge();
    trees.push(converted);
  }
  return { featureNames, baseScore: probabilityToMargin(model.baseScore), trees };
}

function assertFeatureCount({ featureCount }: XgboostModel, given: number): void {
  if (given === featureCount) return;
  throw refusedModel(
    `The model has ${featureCount} features, but ${given} ${given === 1 ? 'name was' : 'names were'} given.`,
    'Name every column that it was trained on, in the order of the training: --features total_orders,total_spent,…',
  );
}

function tooLarge() {
  return refusedModel(
    `The model has more than ${MOST_NODES.toLocaleString('en-US')} nodes, which is the most that can be imported.`,
    'Train fewer or shallower trees, or cut the booster: booster[:100].save_model("model.ubj").',
  );
}
