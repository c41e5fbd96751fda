import type { BoosterResult } from './booster.ts';
import type { Tree, TreeEnsemble } from './tree.ts';

/** The same trees over a longer list of features that holds theirs. */
export function overFeatures(ensemble: TreeEnsemble, featureNames: readonly string[]): TreeEnsemble {
  const places = ensemble.featureNames.map((name) => featureNames.indexOf(name));
  const moved = (tree: Tree) => ({
    ...tree,
    splitFeatures: tree.splitFeatures.map((feature) => places[feature] ?? -1),
  });
  return {
    featureNames,
    baseScore: ensemble.baseScore,
    trees: ensemble.trees.map(moved),
    rankingTrees: ensemble.rankingTrees?.map(moved),
  };
}

/** Importances of the trees' features over a longer list that holds theirs; those they never saw have none. */
export function importanceOver(
  { ensemble, featureImportance }: Pick<BoosterResult, 'ensemble' | 'featureImportance'>,
  featureNames: readonly string[],
): number[] {
  return featureNames.map((name) => featureImportance[ensemble.featureNames.indexOf(name)] ?? 0);
}
