import type { LeafSumScales } from './leaf-sums.ts';
import type { GradientMaxima } from './loss.ts';
import type { GradientScale } from './quantization.ts';
import type { NodeSums, SplitConstraints } from './splitting.ts';
import type { Tree } from './tree.ts';

/**
 * How the rows of one level find their children. Rows carry the number of their node within its level; the children of
 * node n are 2n and 2n + 1, and a node that is finished sends all its rows to 2n.
 */
export interface LevelRules {
  /** Number of places in the level, 2^depth; the arrays below have one entry a place. */
  readonly parentCount: number;
  readonly features: Int32Array;
  /** Rows with a bin at most this go left. 255 at a finished node. */
  readonly lastLeftBins: Uint8Array;
  /** The bin of missing values where they go left, else again the last left bin. */
  readonly leftMissingBins: Uint8Array;
  /** By child: 1 + the histogram that its rows are to be added to, or 0. */
  readonly childHistograms: Int32Array;
}

/** A grown tree on bins, for rows that were not routed while it grew. */
export interface BinTree {
  readonly tree: Tree;
  readonly lastLeftBins: Uint8Array;
  readonly leftMissingBins: Uint8Array;
}

/**
 * The hot loops of a training, over one thread's rows `from … to` of the shared memory. `plain-kernel.ts` is the
 * readable one and the oracle; `wasm-kernel.ts` is the fast one; both give the same bytes.
 */
export interface TreeKernel {
  /** Fills the bins of one column's rows. */
  binColumn(column: Float32Array, feature: number, isValidation: boolean, from: number, to: number): void;
  /** Gradients and hessians from raw scores and labels; returns the largest of either. */
  computeGradients(scalePosWeight: number, from: number, to: number): GradientMaxima;
  quantizeGradients(scale: GradientScale, from: number, to: number): void;
  /** Adds all rows to this thread's histogram 0. */
  buildRoot(from: number, to: number): void;
  /** Moves rows one level down and adds them to the thread's first `histogramCount` histograms, emptied before. */
  routeAndBuild(rules: LevelRules, histogramCount: number, from: number, to: number): void;
  /** The same for rows that have been moved already: `childHistograms` is looked up by the node they are in. */
  build(childHistograms: Int32Array, histogramCount: number, from: number, to: number): void;
  /** Moves rows one level down. */
  route(rules: LevelRules, from: number, to: number): void;
  /** Sums all threads' histogram `part` into node histogram `slot`, for one feature. */
  reduce(part: number, slot: number, feature: number): void;
  /** sibling = parent − node, for one feature; all three are node histograms. */
  subtract(parentSlot: number, slot: number, siblingSlot: number, feature: number): void;
  /** Writes the best split of a node on one feature to candidate `candidate`. */
  searchSplit(
    slot: number,
    feature: number,
    candidate: number,
    sums: NodeSums,
    scale: GradientScale,
    constraints: SplitConstraints,
  ): void;
  /** Sums gradients and hessians by the node that rows are in, into this thread's part of the leaf sums. */
  sumLeaves(nodeCount: number, scales: LeafSumScales, from: number, to: number): void;
  /** Adds to each row's raw score the value of the node it is in, and sends the row back to the root. */
  addLeafValues(valuesByNode: Float32Array, from: number, to: number): void;
  /** Adds a tree's leaf values to the raw scores of validation rows. */
  addTreeToValidation(binTree: BinTree, from: number, to: number): void;
}
