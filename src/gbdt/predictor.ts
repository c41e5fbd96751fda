import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { WALK_ROWS } from './kernel/layout.ts';
import { depthOf, type Tree, type TreeEnsemble } from './tree.ts';

/** The leaf a row falls into, on raw values. */
export function leafOf(tree: Tree, readValue: (feature: number) => number): number {
  let node = 0;
  while (tree.splitFeatures[node] >= 0) {
    const value = readValue(tree.splitFeatures[node]);
    const goesLeft = Number.isNaN(value) ? tree.defaultLeft[node] === 1 : value < tree.thresholds[node];
    node = goesLeft ? tree.leftChildren[node] : tree.rightChildren[node];
  }
  return node;
}

/** `count` rows, row by row: `width` values each. */
export interface RowBlock {
  readonly rows: Float32Array;
  readonly width: number;
  readonly count: number;
}

/** A tree for walking without branches: every node has four ways on, and a leaf's all lead back to itself. */
export interface WalkableTree {
  readonly depth: number;
  readonly features: Int32Array;
  readonly thresholds: Float32Array;
  /** At 4 · node: the next node for a value not below the threshold, below it, and twice for a missing one. */
  readonly nextNodes: Int32Array;
  readonly leafValues: Float32Array;
}

/**
 * Log-odds per row, summed in float32 in the order of the trees: bit for bit what the exported ONNX file gives.
 * Serving walks the ONNX file's own trees with the kernel (`tree-walker.ts`); this is for evaluation, for trees that are too
 * deep for the kernel, and as its check.
 */
export function predictRawScores(ensemble: TreeEnsemble, features: FeatureMatrix): Float32Array {
  return sumLeaves(ensemble.trees, ensemble.baseScore, features);
}

/** The sums of the trees' leaves over a first addend, per row. */
function sumLeaves(ofTrees: readonly Tree[], addend: number, features: FeatureMatrix): Float32Array {
  const { columns, rowCount } = features;
  const trees = ofTrees.map(toWalkableTree);
  const rawScores = new Float32Array(rowCount);
  const rows = new Float32Array(WALK_ROWS * columns.length);
  const sums = new Float32Array(WALK_ROWS);
  for (let from = 0; from < rowCount; from += WALK_ROWS) {
    const block = fillBlock(rows, features, from);
    sums.fill(addend);
    for (const tree of trees) addLeafValues(tree, block, sums);
    rawScores.set(sums.subarray(0, block.count), from);
  }
  return rawScores;
}

/** The next `WALK_ROWS` rows from a row on, laid side by side in `rows`. */
export function fillBlock(rows: Float32Array, { columns, rowCount }: FeatureMatrix, from: number): RowBlock {
  const count = Math.min(WALK_ROWS, rowCount - from);
  for (const [feature, column] of columns.entries()) {
    for (let row = 0; row < count; row++) rows[row * columns.length + feature] = column[from + row];
  }
  return { rows, width: columns.length, count };
}

/**
 * Walks four rows at a time, all to the tree's depth: which way a row goes is as good as random, so a branch would be
 * guessed wrong half of the time, while four walks without branches overlap. Rows are padded to four.
 */
export function addLeafValues(
  { depth, features, thresholds, nextNodes, leafValues }: WalkableTree,
  { rows, width, count }: RowBlock,
  sums: Float32Array,
): void {
  for (let row = 0; row < count; row += 4) {
    const base0 = row * width;
    const base1 = base0 + width;
    const base2 = base1 + width;
    const base3 = base2 + width;
    let node0 = 0;
    let node1 = 0;
    let node2 = 0;
    let node3 = 0;
    for (let level = 0; level < depth; level++) {
      const value0 = rows[base0 + features[node0]];
      const value1 = rows[base1 + features[node1]];
      const value2 = rows[base2 + features[node2]];
      const value3 = rows[base3 + features[node3]];
      node0 =
        nextNodes[4 * node0 + (Number(value0 < thresholds[node0]) | (Number(Number.isNaN(value0)) << 1))];
      node1 =
        nextNodes[4 * node1 + (Number(value1 < thresholds[node1]) | (Number(Number.isNaN(value1)) << 1))];
      node2 =
        nextNodes[4 * node2 + (Number(value2 < thresholds[node2]) | (Number(Number.isNaN(value2)) << 1))];
      node3 =
        nextNodes[4 * node3 + (Number(value3 < thresholds[node3]) | (Number(Number.isNaN(value3)) << 1))];
    }
    sums[row] += leafValues[node0];
    sums[row + 1] += leafValues[node1];
    sums[row + 2] += leafValues[node2];
    sums[row + 3] += leafValues[node3];
  }
}

export function toWalkableTree(tree: Tree): WalkableTree {
  const { splitFeatures, thresholds, leafValues } = tree;
  const nodeCount = splitFeatures.length;
  const nextNodes = new Int32Array(4 * nodeCount);
  for (let node = 0; node < nodeCount; node++) {
    if (splitFeatures[node] < 0) {
      nextNodes.fill(node, 4 * node, 4 * node + 4);
      continue;
    }
    const left = tree.leftChildren[node];
    const right = tree.rightChildren[node];
    const missing = tree.defaultLeft[node] === 1 ? left : right;
    nextNodes.set([right, left, missing, missing], 4 * node);
  }
  return {
    depth: depthOf(tree),
    features: splitFeatures.map((feature) => Math.max(0, feature)),
    thresholds,
    nextNodes,
    leafValues,
  };
}
