/**
 * A regression tree as parallel arrays, node 0 the root. A row goes left at node `i` when
 * `value < thresholds[i]` in float32 (XGBoost's rule), right when it is greater or equal, and to
 * `defaultLeft[i]`'s side when it is NaN. `splitFeatures[i]` is -1 at a leaf, whose output is `leafValues[i]`.
 */
export interface Tree {
  readonly splitFeatures: Int32Array;
  readonly thresholds: Float32Array;
  readonly leftChildren: Int32Array;
  readonly rightChildren: Int32Array;
  readonly defaultLeft: Uint8Array;
  /** Log-odds, learning rate included; 0 at inner nodes. */
  readonly leafValues: Float32Array;
  /** Loss reduction of the split; 0 at leaves. */
  readonly gains: Float32Array;
  /** Sum of hessians of the training rows that reached the node. */
  readonly covers: Float32Array;
}

/** Splits from the root to the leaf that is farthest from it. Children come after their parents. */
export function depthOf({ splitFeatures, leftChildren, rightChildren }: Tree): number {
  const depths = new Int32Array(splitFeatures.length);
  let deepest = 0;
  for (let node = 0; node < splitFeatures.length; node++) {
    deepest = Math.max(deepest, depths[node]);
    if (splitFeatures[node] < 0) continue;
    depths[leftChildren[node]] = depths[rightChildren[node]] = depths[node] + 1;
  }
  return deepest;
}

/** Of each feature the values at which trees split, in the order of trees and nodes. */
export function thresholdsOf(trees: readonly Tree[], featureCount: number): number[][] {
  const ofFeatures: number[][] = Array.from({ length: featureCount }, () => []);
  for (const { splitFeatures, thresholds } of trees) {
    for (const [node, feature] of splitFeatures.entries()) ofFeatures[feature]?.push(thresholds[node]);
  }
  return ofFeatures;
}

/** A tree of so many nodes that are all leaves of 0, to be filled in. */
export function emptyTree(nodes: number): Tree {
  return {
    splitFeatures: new Int32Array(nodes).fill(-1),
    thresholds: new Float32Array(nodes),
    leftChildren: new Int32Array(nodes).fill(-1),
    rightChildren: new Int32Array(nodes).fill(-1),
    defaultLeft: new Uint8Array(nodes),
    leafValues: new Float32Array(nodes),
    gains: new Float32Array(nodes),
    covers: new Float32Array(nodes),
  };
}

/**
 * `rawScore(row) = baseScore + Σ leaf(row, tree)`, summed in float32 in the order of the trees, so that an ONNX
 * runtime that sums in the same order gives the same bits. `baseScore` is a margin (log-odds), not a probability.
 */
export interface TreeEnsemble {
  readonly featureNames: readonly string[];
  readonly baseScore: number;
  readonly trees: readonly Tree[];
  /**
   * What the raw score becomes the score to rank by with: `rankScore(row) = rawScore(row) + Σ leaf(row, rankingTree)`, the
   * sum in float32 from 0 in the order of the trees, and what is added to the raw score in double. Without them rows rank
   * by their raw scores.
   */
  readonly rankingTrees?: readonly Tree[] | undefined;
}
