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

/**
 * Log-odds a row, summed in float32 in the order of the trees: bit for bit what the exported ONNX file gives.
 * Serving uses the ONNX file; this is for evaluation, for explanations and as its check. Tree by tree, so that one
 * tree's arrays stay in cache over all rows.
 */
export function predictRawScores(ensemble: TreeEnsemble, features: FeatureMatrix): Float32Array {
  const rawScores = new Float32Array(features.rowCount).fill(ensemble.baseScore);
  for (const tree of ensemble.trees) addLeafValues(tree, features, rawScores);
  return rawScores;
}

/** The same walk as `leafOf`, without a call a node. */
function addLeafValues(tree: Tree, { columns, rowCount }: FeatureMatrix, rawScores: Float32Array): void {
  const { splitFeatures, thresholds, leftChildren, rightChildren, defaultLeft, leafValues } = tree;
  for (let row = 0; row < rowCount; row++) {
    let node = 0;
    for (let feature = splitFeatures[0]; feature >= 0; feature = splitFeatures[node]) {
      const value = columns[feature][row];
      const goesLeft = value < thresholds[node] || (Number.isNaN(value) && defaultLeft[node] === 1);
      node = goesLeft ? leftChildren[node] : rightChildren[node];
    }
    rawScores[row] += leafValues[node];
  }
}
