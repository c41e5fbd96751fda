import type { Tree, TreeEnsemble } from './tree.ts';

const { fround } = Math;

/** An ensemble, and how much it counts beside others. */
export interface WeightedEnsemble {
  readonly ensemble: TreeEnsemble;
  readonly weight: number;
}

/** One ensemble whose raw score is the weighted mean of the raw scores of several over the same features. */
export function weightedMean(members: readonly WeightedEnsemble[]): TreeEnsemble {
  const [first] = members;
  if (first === undefined) throw new RangeError('no ensembles to take the mean of');
  const total = members.reduce((sum, { weight }) => sum + weight, 0);
  return {
    featureNames: first.ensemble.featureNames,
    baseScore: fround(
      members.reduce((sum, { ensemble, weight }) => sum + (ensemble.baseScore * weight) / total, 0),
    ),
    trees: members.flatMap(({ ensemble, weight }) =>
      ensemble.trees.map((tree) => scaleTree(tree, weight / total)),
    ),
  };
}

/** A tree whose leaves are so many times as large. */
export function scaleTree(tree: Tree, factor: number): Tree {
  return { ...tree, leafValues: tree.leafValues.map((value) => value * factor) };
}
