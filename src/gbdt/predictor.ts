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
 * Serving uses the ONNX file; this is for explanations and as its check.
 */
export function predictRawScores(ensemble: TreeEnsemble, features: FeatureMatrix): Float32Array {
  const rawScores = new Float32Array(features.rowCount).fill(ensemble.baseScore);
  for (let row = 0; row < features.rowCount; row++) {
    const readValue = (feature: number) => features.columns[feature][row];
    for (const tree of ensemble.trees) rawScores[row] += tree.leafValues[leafOf(tree, readValue)];
  }
  return rawScores;
}
