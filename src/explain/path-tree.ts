import type { Tree } from '../gbdt/tree.ts';

/**
 * A tree laid out for walking all of its paths at once. Split `s` (breadth first, so a parent comes before what is
 * below it) leads to the nodes `2s + 1` (left) and `2s + 2` (right); node 0 is the root.
 *
 * The edges of a path that ask for the same feature act as one condition. `previousNodes[s]` is the node that the last
 * edge above split `s` on its feature leads to, 0 if there is none; `shares[node]` is the part of the training rows that
 * all edges down to `node` on its parent's feature let through, when that feature is unknown; 1 at the root.
 */
export interface PathTree {
  readonly splitCount: number;
  readonly splitNodes: Int32Array;
  readonly splitFeatures: Int32Array;
  readonly thresholds: Float32Array;
  readonly defaultLeft: Uint8Array;
  readonly previousNodes: Int32Array;
  readonly shares: Float64Array;
  /** The part of the parent's training rows that reached a node. */
  readonly edgeShares: Float64Array;
  /** What a leaf adds to the score; 1 at splits. */
  readonly outputs: Float64Array;
  /** Most distinct features on one path. */
  readonly mostFeatures: number;
}

/**
 * The part of a split's training rows that went left. Taken of the children's sum, since covers are rounded to
 * float32; a split that no training row reached sends half each way.
 */
function leftShare(tree: Tree, node: number): number {
  const left = tree.covers[tree.leftChildren[node]];
  const both = left + tree.covers[tree.rightChildren[node]];
  return both > 0 ? left / both : 0.5;
}

/** The mean of the leaf values over the training rows that reached `node`: log-odds. */
export function meanLeafValue(tree: Tree, node = 0): number {
  if (tree.splitFeatures[node] < 0) return tree.leafValues[node];
  const share = leftShare(tree, node);
  return (
    share * meanLeafValue(tree, tree.leftChildren[node]) +
    (1 - share) * meanLeafValue(tree, tree.rightChildren[node])
  );
}

export function layOutPaths(tree: Tree): PathTree {
  const splitCount = tree.splitFeatures.reduce((count, feature) => count + (feature < 0 ? 0 : 1), 0);
  const nodeCount = 2 * splitCount + 1;
  const splitNodes = new Int32Array(splitCount);
  const splitFeatures = new Int32Array(splitCount);
  const thresholds = new Float32Array(splitCount);
  const defaultLeft = new Uint8Array(splitCount);
  const previousNodes = new Int32Array(splitCount);
  const shares = new Float64Array(nodeCount).fill(1);
  const edgeShares = new Float64Array(nodeCount).fill(1);
  const outputs = new Float64Array(nodeCount).fill(1);
  const featuresAbove = new Int32Array(nodeCount);
  const sources = new Int32Array(nodeCount);
  const splitOf = (child: number) => (child - 1) >> 1;

  let split = 0;
  let mostFeatures = 0;
  for (let node = 0; node < nodeCount; node++) {
    const source = sources[node];
    const feature = tree.splitFeatures[source];
    if (feature < 0) {
      outputs[node] = tree.leafValues[source];
      mostFeatures = Math.max(mostFeatures, featuresAbove[node]);
      continue;
    }
    let previous = node;
    while (previous > 0 && splitFeatures[splitOf(previous)] !== feature)
      previous = splitNodes[splitOf(previous)];
    splitNodes[split] = node;
    splitFeatures[split] = feature;
    thresholds[split] = tree.thresholds[source];
    defaultLeft[split] = tree.defaultLeft[source];
    previousNodes[split] = previous;
    const left = 2 * split + 1;
    const right = 2 * split + 2;
    sources[left] = tree.leftChildren[source];
    sources[right] = tree.rightChildren[source];
    edgeShares[left] = leftShare(tree, source);
    edgeShares[right] = 1 - edgeShares[left];
    for (const child of [left, right]) {
      shares[child] = shares[previous] * edgeShares[child];
      featuresAbove[child] = featuresAbove[node] + (previous === 0 ? 1 : 0);
    }
    split++;
  }
  return {
    splitCount,
    splitNodes,
    splitFeatures,
    thresholds,
    defaultLeft,
    previousNodes,
    shares,
    edgeShares,
    outputs,
    mostFeatures,
  };
}
