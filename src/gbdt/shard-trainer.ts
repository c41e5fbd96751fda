/**
 * One thread's part of a training. All threads run `trainShard` on the same memory, each with a range of rows of its
 * own, and come to the same trees; thread 0's are used.
 */
import { Barrier } from './barrier.ts';
import { binColumn, findBinThresholds } from './binning.ts';
import { type GrownTree, type NodeRows, TreeGrower } from './grower.ts';
import {
  addToLeafSums,
  LEAF_SUM_LENGTH,
  type LeafSumScales,
  leafSumScale,
  readLeafSums,
} from './leaf-sums.ts';
import { computeGradients, sumLogLoss } from './loss.ts';
import type { BoosterParams } from './params.ts';
import { type BinTree, leafOfRow } from './partition.ts';
import { gradientScaleOf, quantizeGradients } from './quantization.ts';
import { isRowSampled, sampleFeatures } from './sampling.ts';
import { leafWeight } from './splitting.ts';
import { LOSS_BLOCK_ROWS, type TrainingMemory, type TrainingShape } from './training-memory.ts';
import type { Tree } from './tree.ts';

/** Columns of one data set, as every thread sees them. `weights` is empty where all weigh the same. */
export interface ShardData {
  readonly columns: readonly Float32Array[];
  readonly labels: Float32Array;
  readonly weights: Float32Array;
}

export interface ShardTask {
  readonly thread: number;
  readonly shape: TrainingShape;
  readonly params: BoosterParams;
  readonly baseScore: number;
  readonly train: ShardData;
  readonly validation: ShardData;
}

export interface ShardResult {
  readonly trees: Tree[];
  readonly validationLogLoss: number[];
}

export type TreeListener = (tree: number, validationLogLoss: number | undefined) => void;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Bins this thread's rows, then grows tree after tree until done or stopped early. */
export function trainShard(memory: TrainingMemory, task: ShardTask, onTree: TreeListener): ShardResult {
  const { params } = task;
  const shard = new Shard(memory, task);
  shard.binRows();
  const trees: Tree[] = [];
  const validationLogLoss: number[] = [];
  while (trees.length < params.n_estimators) {
    const scales = shard.computeGradients();
    const grown = shard.growTree(trees.length, scales);
    const binTree = shard.fillLeaves(grown, scales);
    shard.updateRawScores(binTree, grown.leaves);
    trees.push(binTree.tree);
    const loss = shard.validationLogLoss();
    if (loss !== undefined) validationLogLoss.push(loss);
    onTree(trees.length, loss);
    if (hasStoppedImproving(validationLogLoss, params.early_stopping_rounds)) break;
  }
  return { trees, validationLogLoss };
}

export function bestIterationOf(validationLogLoss: readonly number[]): number {
  let best = 0;
  for (let i = 1; i < validationLogLoss.length; i++)
    if (validationLogLoss[i] < validationLogLoss[best]) best = i;
  return best;
}

function hasStoppedImproving(losses: readonly number[], rounds: number): boolean {
  return rounds > 0 && losses.length > 0 && losses.length - 1 - bestIterationOf(losses) >= rounds;
}

interface TreeScales extends LeafSumScales {
  readonly quantized: { readonly gradient: number; readonly hessian: number };
}

class Shard {
  readonly #memory: TrainingMemory;
  readonly #task: ShardTask;
  readonly #barrier: Barrier;
  readonly #grower: TreeGrower;
  readonly #rows: Range;
  readonly #validationBlocks: Range;
  readonly #validationRows: Range;

  constructor(memory: TrainingMemory, task: ShardTask) {
    const { shape, thread } = task;
    this.#memory = memory;
    this.#task = task;
    this.#barrier = new Barrier(memory.control, shape.threads);
    this.#grower = new TreeGrower(memory, shape.featureCount, this.#barrier, thread, shape.threads);
    this.#rows = shareOf(shape.rowCount, thread, shape.threads);
    this.#validationBlocks = shareOf(memory.lossBlocks.length, thread, shape.threads);
    this.#validationRows = {
      from: Math.min(this.#validationBlocks.from * LOSS_BLOCK_ROWS, shape.validationRowCount),
      to: Math.min(this.#validationBlocks.to * LOSS_BLOCK_ROWS, shape.validationRowCount),
    };
  }

  binRows(): void {
    const { thread, shape, params, train, validation, baseScore } = this.#task;
    const memory = this.#memory;
    for (let feature = thread; feature < shape.featureCount; feature += shape.threads) {
      findBinThresholds(train.columns[feature], feature, params.max_bin, memory);
    }
    this.#barrier.wait();
    const { rowStride, bins, validationBins } = memory;
    for (let feature = 0; feature < shape.featureCount; feature++) {
      binColumn(train.columns[feature], feature, memory, bins, rowStride, this.#rows.from, this.#rows.to);
      const { from, to } = this.#validationRows;
      binColumn(validation.columns[feature], feature, memory, validationBins, rowStride, from, to);
    }
    memory.rawScores.fill(baseScore, this.#rows.from, this.#rows.to);
    memory.validationRawScores.fill(baseScore, this.#validationRows.from, this.#validationRows.to);
  }

  /** Gradients of this thread's rows, then, once all threads' largest are known, their quantised form. */
  computeGradients(): TreeScales {
    const { shape, thread, params, train } = this.#task;
    const memory = this.#memory;
    const { from, to } = this.#rows;
    const { rawScores, gradients, hessians, maxima } = memory;
    const { labels, weights } = train;
    const own = computeGradients(
      rawScores,
      labels,
      weights,
      params.scale_pos_weight,
      gradients,
      hessians,
      from,
      to,
    );
    maxima[thread * 2] = own.gradient;
    maxima[thread * 2 + 1] = own.hessian;
    this.#barrier.wait();
    let maxGradient = 0;
    let maxHessian = 0;
    for (let other = 0; other < shape.threads; other++) {
      maxGradient = Math.max(maxGradient, maxima[other * 2]);
      maxHessian = Math.max(maxHessian, maxima[other * 2 + 1]);
    }
    const quantized = gradientScaleOf(maxGradient, maxHessian);
    quantizeGradients(gradients, hessians, quantized, memory.packedGradients, from, to);
    return { quantized, gradient: leafSumScale(maxGradient), hessian: leafSumScale(maxHessian) };
  }

  growTree(tree: number, scales: TreeScales): GrownTree {
    const { params, shape } = this.#task;
    const to = this.#sampleRows(tree);
    return this.#grower.grow(this.#rows.from, to, {
      maxDepth: params.max_depth,
      constraints: params,
      features: sampleFeatures(params.seed, tree, shape.featureCount, params.colsample_bytree),
      scale: scales.quantized,
    });
  }

  /** Lists this thread's rows that the tree trains on from the start of its range; returns the end of the list. */
  #sampleRows(tree: number): number {
    const { seed, subsample } = this.#task.params;
    const { rowIndices } = this.#memory;
    let end = this.#rows.from;
    for (let row = this.#rows.from; row < this.#rows.to; row++) {
      if (isRowSampled(seed, tree, row, subsample)) rowIndices[end++] = row;
    }
    return end;
  }

  /** Leaf values and covers from the exact sums of all threads' rows. */
  fillLeaves({ tree, leaves }: GrownTree, scales: TreeScales): BinTree {
    const { params, shape, thread } = this.#task;
    const { gradients, hessians, rowIndices, leafSums, leafSumStride } = this.#memory;
    for (const [i, { from, to }] of leaves.entries()) {
      const offset = thread * leafSumStride + i * LEAF_SUM_LENGTH;
      addToLeafSums(gradients, hessians, rowIndices, from, to, scales, leafSums, offset);
    }
    this.#barrier.wait();
    const values = new Float32Array(tree.nodeCount);
    const covers = new Float64Array(tree.nodeCount);
    for (const [i, { node }] of leaves.entries()) {
      const sums = readLeafSums(leafSums, i * LEAF_SUM_LENGTH, leafSumStride, shape.threads, scales);
      values[node] = leafWeight(sums.gradients, sums.hessians, params) * params.learning_rate;
      covers[node] = sums.hessians;
    }
    return tree.finish(this.#memory, values, tree.sumCovers(covers));
  }

  updateRawScores(binTree: BinTree, leaves: readonly NodeRows[]): void {
    const { rawScores, rowIndices, bins, validationBins, validationRawScores, rowStride } = this.#memory;
    const { leafValues } = binTree.tree;
    if (this.#task.params.subsample < 1) {
      addLeafValues(binTree, bins, rowStride, this.#rows, rawScores);
    } else {
      for (const { node, from, to } of leaves) {
        for (let i = from; i < to; i++) rawScores[rowIndices[i]] += leafValues[node];
      }
    }
    addLeafValues(binTree, validationBins, rowStride, this.#validationRows, validationRawScores);
  }

  /** Mean log-loss of the validation rows: summed by fixed blocks, so that threads do not change it. */
  validationLogLoss(): number | undefined {
    const { lossBlocks, validationRawScores } = this.#memory;
    const { labels, weights } = this.#task.validation;
    if (labels.length === 0) return undefined;
    for (let block = this.#validationBlocks.from; block < this.#validationBlocks.to; block++) {
      const from = block * LOSS_BLOCK_ROWS;
      const to = Math.min(from + LOSS_BLOCK_ROWS, labels.length);
      lossBlocks[block] = sumLogLoss(validationRawScores, labels, weights, from, to);
    }
    this.#barrier.wait();
    const total = weights.length > 0 ? weights.reduce((sum, weight) => sum + weight, 0) : labels.length;
    return lossBlocks.reduce((sum, loss) => sum + loss, 0) / total;
  }
}

function addLeafValues(
  binTree: BinTree,
  bins: Uint8Array,
  rowStride: number,
  rows: Range,
  rawScores: Float32Array,
): void {
  const { leafValues } = binTree.tree;
  for (let row = rows.from; row < rows.to; row++) {
    rawScores[row] += leafValues[leafOfRow(binTree, bins, row * rowStride)];
  }
}

/** The contiguous part of `count` items that belongs to one of `threads` threads. */
function shareOf(count: number, thread: number, threads: number): Range {
  return {
    from: Math.floor((count * thread) / threads),
    to: Math.floor((count * (thread + 1)) / threads),
  };
}
