import type { BinTree, LevelRules } from './tree-kernel.ts';

/**
 * The number, within the next level, of the child that a row of node `node` falls into. `base` is where the row's bins
 * begin. Two comparisons, so that missing values need no branch: their bin is the last, beyond every split's.
 */
export function childOf(rules: LevelRules, node: number, bins: Uint8Array, base: number): number {
  const bin = bins[base + rules.features[node]];
  const goesLeft = bin <= rules.lastLeftBins[node] || bin === rules.leftMissingBins[node];
  return 2 * node + (goesLeft ? 0 : 1);
}

/** The leaf of a whole tree that a row falls into. */
export function leafOfRow(binTree: BinTree, bins: Uint8Array, base: number): number {
  const { tree, lastLeftBins, leftMissingBins } = binTree;
  let node = 0;
  while (tree.splitFeatures[node] >= 0) {
    const bin = bins[base + tree.splitFeatures[node]];
    const goesLeft = bin <= lastLeftBins[node] || bin === leftMissingBins[node];
    node = goesLeft ? tree.leftChildren[node] : tree.rightChildren[node];
  }
  return node;
}
