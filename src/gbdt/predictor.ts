import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import type { Tree, TreeEnsemble } from './tree.ts';

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

/** Rows that are laid side by side at a time: their values stay in the second-level cache while all trees are walked. */
const BLOCK_ROWS = 1024;

/**
 * Log-odds a row, summed in float32 in the order of the trees: bit for bit what the exported ONNX file gives.
 * Serving uses the ONNX file; this is for evaluation, for explanations and as its check.
 */
export function predictRawScores(ensemble: TreeEnsemble, features: FeatureMatrix): Float32Array {
  const { columns, rowCount } = features;
  const rawScores = new Float32Array(rowCount).fill(ensemble.baseScore);
  const rows = new Float32Array(BLOCK_ROWS * columns.length);
  for (let from = 0; from < rowCount; from += BLOCK_ROWS) {
    const block = rawScores.subarray(from, Math.min(from + BLOCK_ROWS, rowCount));
    for (const [feature, column] of columns.entries()) {
      for (let row = 0; row < block.length; row++) rows[row * columns.length + feature] = column[from + row];
    }
    for (const tree of ensemble.trees) addLeafValues(tree, rows, columns.length, block);
  }
  return rawScores;
}

/** The same walk as `leafOf`, without a call a node, over rows that lie one after the other. */
function addLeafValues(tree: Tree, rows: Float32Array, width: number, rawScores: Float32Array): void {
  const { splitFeatures, thresholds, leftChildren, rightChildren, defaultLeft, leafValues } = tree;
  for (let row = 0, base = 0; row < rawScores.length; row++, base += width) {
    let node = 0;
    for (let feature = splitFeatures[0]; feature >= 0; feature = splitFeatures[node]) {
      const value = rows[base + feature];
      // A missing value is below no threshold.
      const goesLeft = value < thresholds[node] || (Number.isNaN(value) && defaultLeft[node] === 1);
      node = goesLeft ? leftChildren[node] : rightChildren[node];
    }
    rawScores[row] += leafValues[node];
  }
}
