import type { BoosterResult } from './booster.ts';
import type { TreeEnsemble } from './tree.ts';

/** The same trees over a longer list of features that holds theirs. */
export function overFeatures(ensemble: TreeEnsemble, featureNames: readonly string[]): TreeEnsemble {
  const places = ensemble.featureNames.map((name) => featureNames.indexOf(name));
  return {
    ...ensemble,
    featureNames,
    trees: ensemble.trees.map((tree) => ({
      ...tree,
      splitFeatures: tree.splitFeatures.map((feature) => places[feature] ?? -1),
    })),
  };
}

/** Importances of the trees' features over a longer list that holds theirs; those they never saw have none. */
export function importanceOver(
  { ensemble, featureImportance }: Pick<BoosterResult, 'ensemble' | 'featureImportance'>,
  featureNames: readonly string[],
): number[] {
  return featureNames.map((name) => featureImportance[ensemble.featureNames.indexOf(name)] ?? 0);
}
