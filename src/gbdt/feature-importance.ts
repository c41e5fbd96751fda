import type { TreeEnsemble } from './tree.ts';

/**
 * Importance by gain, summing to 1: the mean gain of the splits on a feature, as XGBoost's scikit-learn interface
 * reports it (`importance_type="gain"`). All zeros when no split was made. In feature order.
 */
export function featureImportanceOf(ensemble: TreeEnsemble): number[] {
  const gains = ensemble.featureNames.map(() => 0);
  const splits = ensemble.featureNames.map(() => 0);
  for (const { splitFeatures, gains: treeGains } of ensemble.trees) {
    for (const [node, feature] of splitFeatures.entries()) {
      if (feature < 0) continue;
      gains[feature] += treeGains[node];
      splits[feature]++;
    }
  }
  const means = gains.map((gain, feature) => (splits[feature] > 0 ? gain / splits[feature] : 0));
  const total = means.reduce((sum, mean) => sum + mean, 0);
  return means.map((mean) => (total > 0 ? mean / total : 0));
}
