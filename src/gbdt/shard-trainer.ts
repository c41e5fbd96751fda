/**
 * One thread's part of a training. All threads run `trainShard` on the same memory, each with a range of rows of its
 * own, and come to the same trees; thread 0's are used.
 */
import { Barrier } from './barrier.ts';
import { findBinThresholds } from './binning.ts';
import { type GrownTree, TreeGrower } from './grower.ts';
import { type LeafSumScales, leafSumScale, readLeafSums } from './leaf-sums.ts';
import { type GradientMaxima, sumLogLoss } from './loss.ts';
import type { BoosterParams } from './params.ts';
import { type GradientScale, gradientScaleOf } from './quantization.ts';
import { type RowRange, shareOf } from './row-range.ts';
import { drawOfRows, sampleFeatures } from './sampling.ts';
import { leafWeight } from './splitting.ts';
import {
  LOSS_BLOCK_ROWS,
  ROW_ALIGNMENT,
  type TrainingMemory,
  type TrainingShape,
} from './training-memory.ts';
import type { Tree } from './tree.ts';
import type { BinTree, TreeKernel } from './tree-kernel.ts';

/** Columns of one data set, as every thread sees them. `weights` is empty if all rows weigh the same. */
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
  /** The row that each list of training rows begins at, if they are ranked; else undefined. */
  readonly listStarts?: Uint32Array | undefined;
}

export interface ShardResult {
  readonly trees: Tree[];
  readonly validationLogLoss: number[];
}

export type TreeListener = (tree: number, validationLogLoss: number | undefined) => void;

/** Bins this thread's rows, then grows tree after tree until done or stopped early. */
export function trainShard(
  memory: TrainingMemory,
  kernel: TreeKernel,
  task: ShardTask,
  onTree: TreeListener,
): ShardResult {
  const { params } = task;
  const shard = new Shard(memory, kernel, task);
  shard.loadRows();
  const trees: Tree[] = [];
  const validationLogLoss: number[] = [];
  while (trees.length < params.n_estimators) {
    const scales = shard.computeGradients(trees.length);
    const grown = shard.growTree(trees.length, scales);
    const binTree = shard.fillLeaves(grown, scales);
    shard.updateRawScores(binTree, grown);
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
  readonly quantized: GradientScale;
}

class Shard {
  readonly #memory: TrainingMemory;
  readonly #kernel: TreeKernel;
  readonly #task: ShardTask;
  readonly #barrier: Barrier;
  readonly #grower: TreeGrower;
  readonly #rows: RowRange;
  readonly #validationBlocks: RowRange;
  readonly #validationRows: RowRange;

  constructor(memory: TrainingMemory, kernel: TreeKernel, task: ShardTask) {
    const { shape, thread } = task;
    this.#memory = memory;
    this.#kernel = kernel;
    this.#task = task;
    this.#barrier = new Barrier(memory.control, shape.threads);
    this.#grower = new TreeGrower({ memory, shape, thread }, kernel, this.#barrier);
    const own = { thread, threads: shape.threads };
    this.#rows = shareOf(shape.rowCount, ROW_ALIGNMENT, own);
    this.#validationBlocks = shareOf(memory.lossBlocks.length, 1, own);
    this.#validationRows = {
      from: Math.min(this.#validationBlocks.from * LOSS_BLOCK_ROWS, shape.validationRowCount),
      to: Math.min(this.#validationBlocks.to * LOSS_BLOCK_ROWS, shape.validationRowCount),
    };
  }

  /** Finds thresholds feature by feature, then fills in this thread's rows. */
  loadRows(): void {
    const { thread, shape, params, train, validation, baseScore } = this.#task;
    const memory = this.#memory;
    for (let feature = thread; feature < shape.featureCount; feature += shape.threads) {
      const column = { feature, values: train.columns[feature] };
      findBinThresholds(column, params.max_bin, memory, (values) => this.#kernel.sort(values));
    }
    this.#barrier.wait();
    const { from, to } = this.#rows;
    for (let feature = 0; feature < shape.featureCount; feature++) {
      this.#kernel.binColumn({ feature, values: train.columns[feature] }, this.#rows);
      this.#kernel.binValidationColumn(
        { feature, values: validation.columns[feature] },
        this.#validationRows,
      );
    }
    memory.labels.set(train.labels.subarray(from, to), from);
    if (shape.isWeighted) memory.weights.set(train.weights.subarray(from, to), from);
    memory.rawScores.fill(baseScore, from, to);
    memory.validationRawScores.fill(baseScore, this.#validationRows.from, this.#validationRows.to);
  }

  /** Gradients of this thread's rows, then, once all threads' largest are known, their quantised form. */
  computeGradients(tree: number): TreeScales {
    const { shape, thread, params, listStarts } = this.#task;
    const { maxima } = this.#memory;
    const own =
      listStarts === undefined
        ? this.#kernel.computeGradients(params.scale_pos_weight, this.#rows)
        : this.#computeListGradients(listStarts);
    maxima[thread * 2] = own.gradient;
    maxima[thread * 2 + 1] = own.hessian;
    const drawn = drawOfRows(params.seed, tree, params.subsample);
    if (drawn !== undefined) this.#kernel.leaveOutRows(drawn, this.#rows);
    this.#barrier.wait();
    let maxGradient = 0;
    let maxHessian = 0;
    for (let other = 0; other < shape.threads; other++) {
      maxGradient = Math.max(maxGradient, maxima[other * 2]);
      maxHessian = Math.max(maxHessian, maxima[other * 2 + 1]);
    }
    const quantized = gradientScaleOf(maxGradient, maxHessian);
    this.#kernel.quantizeGradients(quantized, this.#rows);
    return { quantized, gradient: leafSumScale(maxGradient), hessian: leafSumScale(maxHessian) };
  }

  /** Of whole lists, whose rows may be those of other threads: all raw scores must be there before, all gradients after. */
  #computeListGradients(listStarts: Uint32Array): GradientMaxima {
    const { shape, thread } = this.#task;
    const lists = shareOf(listStarts.length, 1, { thread, threads: shape.threads });
    this.#barrier.wait();
    const maxima = this.#kernel.computeListGradients(listStarts, lists);
    this.#barrier.wait();
    return maxima;
  }

  growTree(tree: number, scales: TreeScales): GrownTree {
    const { params, shape } = this.#task;
    return this.#grower.grow(this.#rows, {
      maxDepth: params.max_depth,
      constraints: params,
      features: sampleFeatures(params.seed, tree, shape.featureCount, params.colsample_bytree),
      scale: scales.quantized,
    });
  }

  /** Leaf values and covers from the exact sums of all threads' rows. */
  fillLeaves({ tree, leaves, levelWidth }: GrownTree, scales: TreeScales): BinTree {
    const { params, shape } = this.#task;
    this.#kernel.sumLeaves({ nodeCount: levelWidth, scales }, this.#rows);
    this.#barrier.wait();
    const values = new Float32Array(tree.nodeCount);
    const covers = new Float64Array(tree.nodeCount);
    for (const { node, number } of leaves) {
      const sums = readLeafSums(this.#memory, number, shape.threads, scales);
      values[node] = leafWeight(sums.gradients, sums.hessians, params) * params.learning_rate;
      covers[node] = sums.hessians;
    }
    return tree.finish(this.#memory, values, tree.sumCovers(covers));
  }

  updateRawScores(binTree: BinTree, { leaves, levelWidth }: GrownTree): void {
    const valuesByNode = new Float32Array(levelWidth);
    for (const { node, number } of leaves) valuesByNode[number] = binTree.tree.leafValues[node];
    this.#kernel.addLeafValues(valuesByNode, this.#rows);
    this.#kernel.addTreeToValidation(binTree, this.#validationRows);
  }

  /** Mean log-loss of the validation rows: summed by fixed blocks, so that threads do not change it. */
  validationLogLoss(): number | undefined {
    const { lossBlocks, validationRawScores: rawScores } = this.#memory;
    const { labels, weights } = this.#task.validation;
    if (labels.length === 0) return undefined;
    for (let block = this.#validationBlocks.from; block < this.#validationBlocks.to; block++) {
      const from = block * LOSS_BLOCK_ROWS;
      const to = Math.min(from + LOSS_BLOCK_ROWS, labels.length);
      lossBlocks[block] = sumLogLoss({ rawScores, labels, weights }, { from, to });
    }
    this.#barrier.wait();
    const total = weights.length > 0 ? weights.reduce((sum, weight) => sum + weight, 0) : labels.length;
    return lossBlocks.reduce((sum, loss) => sum + loss, 0) / total;
  }
}
