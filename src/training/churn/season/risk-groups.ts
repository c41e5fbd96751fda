/** Customers of like risk, as the leaves of a tree over their features. */
import { sharedColumnOf } from '../../../dataset/column-rows.ts';
import type { FeatureMatrix } from '../../../dataset/feature-matrix.ts';
import { leafOf } from '../../../gbdt/predictor.ts';
import { emptyTree, type Tree } from '../../../gbdt/tree.ts';
import { growNoiselessTrees, type TreeGrowing, type TreeShape } from '../noiseless-trees.ts';
import { logProbability } from './hazard-intercept.ts';

/**
 * One tree of at most 32 leaves. On four days of the demo shop, 32 groups say of active customers what each customer's own
 * power says to 0.0003, and rank them as well; with eight groups ROC-AUC fell by up to 0.005.
 */
const GROUPING: TreeShape = { n_estimators: 1, max_depth: 5, learning_rate: 1, min_child_weight: 2 };

/**
 * A tree whose leaves hold customers whom a faster clock moves alike: twice as fast, log-odds of staying away move by
 * ln(p / (1 + p)), which is nearly nothing beside the rest for those who have left, and much for those who have not. One
 * step of a booster on labels between 0 and 1 is a regression tree on them.
 *
 * @param rawScores log-odds of staying away, of the same rows.
 * @returns a single leaf if all customers are alike.
 */
export async function growRiskGroups(
  rawScores: Float32Array,
  customers: FeatureMatrix,
  growing: TreeGrowing,
): Promise<Tree> {
  const moves = Array.from(rawScores, moveOfDouble);
  const [lowest, highest] = moves.reduce(
    ([low, high], move) => [Math.min(low, move), Math.max(high, move)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  if (!(highest > lowest)) return emptyTree(1);
  const labels = sharedColumnOf(moves.map((move) => (move - lowest) / (highest - lowest)));
  const ensemble = await growNoiselessTrees({ ...customers, labels }, GROUPING, growing);
  return ensemble.trees[0] ?? emptyTree(1);
}

/** ln(p / (1 + p)) of p = σ(score). */
function moveOfDouble(score: number): number {
  return logProbability(score) - Math.log1p(1 / (1 + Math.exp(-score)));
}

/** Raw scores by the leaf that their rows fall into. */
export function scoresByLeaf(
  tree: Tree,
  rawScores: Float32Array,
  { columns }: FeatureMatrix,
): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, number[]>();
  for (const [row, score] of rawScores.entries()) {
    const leaf = leafOf(tree, (feature) => columns[feature][row]);
    const group = groups.get(leaf) ?? [];
    group.push(score);
    groups.set(leaf, group);
  }
  return groups;
}
