import type { FeatureColumn } from './binning.ts';
import type { LeafSumScales } from './leaf-sums.ts';
import type { ScheduledPair } from './level-schedule.ts';
import type { GradientMaxima } from './loss.ts';
import type { GradientScale } from './quantization.ts';
import type { RowRange } from './row-range.ts';
import type { RowDraw } from './sampling.ts';
import type { SplitOptions } from './splitting.ts';
import type { TrainingMemory, TrainingShape } from './training-memory.ts';
import type { Tree } from './tree.ts';

/**
 * How the rows of one level find their children. Rows carry the number of their node within its level; the children of
 * node n are 2n and 2n + 1, and a node that is finished sends all its rows to 2n.
 */
export interface LevelRules {
  /** Nodes that the level has room for, 2^depth; the arrays below have one entry per node. */
  readonly parentCount: number;
  readonly features: Int32Array;
  /** Rows with a bin at most this go left. 255 at a finished node. */
  readonly lastLeftBins: Uint8Array;
  /** The bin of missing values if they go left, else again the last left bin. */
  readonly leftMissingBins: Uint8Array;
}

/** Which rows of a level are added to which of the thread's histograms. */
export interface HistogramPlan {
  /** Histograms to build, which are numbered from 0 within the batch. */
  readonly histogramCount: number;
  /** Per child: 1 + the number of its histogram, or 0 if its rows are not added. */
  readonly childHistograms: Int32Array;
}

/** A grown tree on bins, for rows that were not routed while it grew. */
export interface BinTree {
  readonly tree: Tree;
  readonly lastLeftBins: Uint8Array;
  readonly leftMissingBins: Uint8Array;
}

/** The part of a training that one thread works on. */
export interface ThreadContext {
  readonly memory: TrainingMemory;
  readonly shape: TrainingShape;
  readonly thread: number;
}

/** Sums per node of the last level. */
export interface LeafSumRequest {
  readonly nodeCount: number;
  readonly scales: LeafSumScales;
}

/**
 * The hot loops of a training, over some of one thread's rows of the shared memory. `plain-kernel.ts` is the readable one
 * and the oracle; `wasm-kernel.ts` is the fast one; both give the same bytes.
 *
 * Each thread builds histograms of its own rows, numbered within a batch; node histograms are shared by all threads.
 */
export interface TreeKernel {
  /** Numbers (no NaN) in ascending order, until it sorts others. */
  sort(values: Float32Array): Float32Array;
  /** Writes the bins of some training rows of a column. */
  binColumn(column: FeatureColumn, rows: RowRange): void;
  /** The same for validation rows. */
  binValidationColumn(column: FeatureColumn, rows: RowRange): void;
  /** Gradients and hessians from raw scores and labels; returns the largest of each. */
  computeGradients(scalePosWeight: number, rows: RowRange): GradientMaxima;
  /** The same of whole lists of wanted and unwanted rows, numbers `from` … `to` of those that begin at `starts`. */
  computeListGradients(starts: Uint32Array, lists: RowRange): GradientMaxima;
  /** Takes the gradients of rows that a tree does not train on: they are routed like all, and count for nothing. */
  leaveOutRows(drawn: RowDraw, rows: RowRange): void;
  quantizeGradients(scale: GradientScale, rows: RowRange): void;
  /** Before a tree: histograms are needed of these features alone, which are as many in every tree; `rows` are this thread's. */
  chooseFeatures(features: readonly number[], rows: RowRange): void;
  /** Adds all rows to this thread's histogram 0, emptied before. */
  buildRoot(rows: RowRange): void;
  /** Moves rows one level down and adds them to this thread's histograms, emptied before. */
  routeAndBuild(rules: LevelRules, plan: HistogramPlan, rows: RowRange): void;
  /** The same for rows that have been moved already. */
  build(plan: HistogramPlan, rows: RowRange): void;
  /** Moves rows one level down. */
  route(rules: LevelRules, rows: RowRange): void;
  /**
   * This thread's share of the features of a batch, once all threads have built their histograms of it: sums over threads,
   * the larger sibling as parent − smaller, and for each node the best split on those features as this thread's candidate.
   */
  searchSplits(batch: readonly ScheduledPair[], options: SplitOptions): void;
  /** Sums gradients and hessians by the node that rows are in, into this thread's part of the leaf sums. */
  sumLeaves(request: LeafSumRequest, rows: RowRange): void;
  /** Adds to each row's raw score the value of the node it is in, and sends the row back to the root. */
  addLeafValues(valuesByNode: Float32Array, rows: RowRange): void;
  /** Adds a tree's leaf values to the raw scores of validation rows. */
  addTreeToValidation(binTree: BinTree, rows: RowRange): void;
}
