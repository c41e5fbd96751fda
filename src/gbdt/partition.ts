import type { Tree } from './tree.ts';

/** A split as the hot loops see it: on bins, not on values. */
export interface BinSplit {
  readonly feature: number;
  readonly bin: number;
  readonly missingBin: number;
  readonly defaultLeft: boolean;
}

/**
 * Parts the rows `rowIndices[from … to)` of a node in place, those that go left first. Stable: both sides keep the
 * order of the rows, so that the hot loops walk memory forwards. Returns where the right side begins.
 *
 *     before   [ a b c d e f )         left: a c d
 *     after    [ a c d | b e f )
 */
export function partition(
  bins: Uint8Array,
  rowStride: number,
  split: BinSplit,
  rowIndices: Int32Array,
  scratch: Int32Array,
  from: number,
  to: number,
): number {
  const { feature, bin: lastLeftBin, missingBin, defaultLeft } = split;
  let left = from;
  let right = 0;
  for (let i = from; i < to; i++) {
    const row = rowIndices[i];
    const bin = bins[row * rowStride + feature];
    const goesLeft = bin === missingBin ? defaultLeft : bin <= lastLeftBin;
    // Both are written and one of them counts: no branch to mispredict.
    rowIndices[left] = row;
    scratch[from + right] = row;
    left += goesLeft ? 1 : 0;
    right += goesLeft ? 0 : 1;
  }
  rowIndices.set(scratch.subarray(from, from + right), left);
  return left;
}

/** A tree whose splits are known as bins, for rows that no node's row list holds (left out by subsampling, validation). */
export interface BinTree {
  readonly tree: Tree;
  /** Last bin that goes left, by node. */
  readonly splitBins: Int32Array;
  readonly missingBins: Int32Array;
}

/** The leaf that the row whose bins begin at `base` falls into. */
export function leafOfRow(binTree: BinTree, bins: Uint8Array, base: number): number {
  const { tree, splitBins, missingBins } = binTree;
  let node = 0;
  while (tree.splitFeatures[node] >= 0) {
    const bin = bins[base + tree.splitFeatures[node]];
    const goesLeft = bin === missingBins[node] ? tree.defaultLeft[node] === 1 : bin <= splitBins[node];
    node = goesLeft ? tree.leftChildren[node] : tree.rightChildren[node];
  }
  return node;
}
