import { emptyTree, type Tree } from '../../gbdt/tree.ts';

/** Products new to the customer to the left, to node 1, and those bought before to the right; each counts as half. */
export function boughtBefore(featureNames: readonly string[]): Tree {
  const tree = emptyTree(3);
  tree.splitFeatures[0] = featureNames.indexOf('times_bought');
  tree.thresholds[0] = 1;
  tree.leftChildren[0] = 1;
  tree.rightChildren[0] = 2;
  tree.covers.set([2, 1, 1]);
  return tree;
}
