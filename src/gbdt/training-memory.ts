/**
 * The memory of one training: everything that threads share, as views into one buffer, laid out once.
 * Bins take one byte a value; nothing else grows with rows × features, and no thread has a copy of the data.
 */

import { CONTROL_LENGTH } from './barrier.ts';
import { type BinMapper, MAX_BINS, rowStrideOf } from './binning.ts';
import { histogramLength } from './histogram.ts';
import { LEAF_SUM_LENGTH } from './leaf-sums.ts';

export interface TrainingShape {
  readonly rowCount: number;
  readonly validationRowCount: number;
  readonly featureCount: number;
  readonly threads: number;
  readonly maxDepth: number;
}

/** Rows whose log-loss is summed as one number: the same blocks whatever the number of threads. */
export const LOSS_BLOCK_ROWS = 4096;
/** Bytes that one thread's histograms, and all threads' shared ones, may take. */
const THREAD_HISTOGRAM_BYTES = 32 * 2 ** 20;
const SHARED_HISTOGRAM_BYTES = 192 * 2 ** 20;
const MOST_NODES_A_BATCH = 256;
const ALIGNMENT = 64;

/** Doubles of a split candidate: gain, left gradients, left hessians, and bin · 2 + defaultLeft (−1 where none). */
export const CANDIDATE_LENGTH = 4;

export interface TrainingMemory extends BinMapper {
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly rowStride: number;
  readonly bins: Uint8Array;
  readonly validationBins: Uint8Array;
  readonly rowIndices: Int32Array;
  readonly scratchIndices: Int32Array;
  readonly rawScores: Float32Array;
  readonly validationRawScores: Float32Array;
  readonly gradients: Float32Array;
  readonly hessians: Float32Array;
  readonly packedGradients: Int32Array;
  /** Two doubles a thread: largest gradient and hessian. */
  readonly maxima: Float64Array;
  readonly lossBlocks: Float64Array;
  /** `nodesABatch` histograms a thread. */
  readonly threadHistograms: readonly (readonly Float64Array[])[];
  /** Two banks of `bankNodes` (a level and the one above it), then `2 · nodesABatch` that are not kept. */
  readonly nodeHistograms: readonly Float64Array[];
  readonly bankNodes: number;
  readonly nodesABatch: number;
  /** Candidates of `2 · nodesABatch` nodes × features. */
  readonly candidates: Float64Array;
  /** `LEAF_SUM_LENGTH` doubles a leaf, `leafSumStride` doubles a thread. */
  readonly leafSums: Float64Array;
  readonly leafSumStride: number;
}

/** Lays the arrays out in a buffer, which `bytesOf` has measured with a dry run of the same layout. */
export function layOutTrainingMemory(shape: TrainingShape, buffer: SharedArrayBuffer): TrainingMemory {
  const arena = new Arena(buffer);
  return allocate(shape, arena);
}

export function allocateTrainingMemory(shape: TrainingShape): {
  buffer: SharedArrayBuffer;
  memory: TrainingMemory;
} {
  const buffer = new SharedArrayBuffer(bytesOfTraining(shape));
  return { buffer, memory: layOutTrainingMemory(shape, buffer) };
}

export function bytesOfTraining(shape: TrainingShape): number {
  const arena = new Arena(undefined);
  allocate(shape, arena);
  return arena.bytes;
}

function allocate(shape: TrainingShape, arena: Arena): TrainingMemory {
  const { rowCount, validationRowCount, featureCount, threads } = shape;
  const rowStride = rowStrideOf(featureCount);
  const length = histogramLength(featureCount);
  const histogramBytes = length * Float64Array.BYTES_PER_ELEMENT;
  const widestLevel = 2 ** (shape.maxDepth - 1);
  const nodesABatch = clamp(
    THREAD_HISTOGRAM_BYTES / histogramBytes,
    1,
    Math.min(widestLevel, MOST_NODES_A_BATCH),
  );
  const bankNodes = clamp(SHARED_HISTOGRAM_BYTES / 2 / histogramBytes, 1, widestLevel);
  const leafSumStride = Math.min(2 ** shape.maxDepth, Math.max(1, rowCount)) * LEAF_SUM_LENGTH;
  const histograms = (count: number) => Array.from({ length: count }, () => arena.float64(length));
  return {
    control: arena.int32(CONTROL_LENGTH),
    binThresholds: arena.float32(featureCount * MAX_BINS),
    thresholdCounts: arena.int32(featureCount),
    rowStride,
    bins: arena.uint8(rowCount * rowStride),
    validationBins: arena.uint8(validationRowCount * rowStride),
    rowIndices: arena.int32(rowCount),
    scratchIndices: arena.int32(rowCount),
    rawScores: arena.float32(rowCount),
    validationRawScores: arena.float32(validationRowCount),
    gradients: arena.float32(rowCount),
    hessians: arena.float32(rowCount),
    packedGradients: arena.int32(rowCount),
    maxima: arena.float64(threads * 2),
    lossBlocks: arena.float64(Math.ceil(validationRowCount / LOSS_BLOCK_ROWS)),
    threadHistograms: Array.from({ length: threads }, () => histograms(nodesABatch)),
    nodeHistograms: histograms(2 * bankNodes + 2 * nodesABatch),
    bankNodes,
    nodesABatch,
    candidates: arena.float64(2 * nodesABatch * featureCount * CANDIDATE_LENGTH),
    leafSums: arena.float64(threads * leafSumStride),
    leafSumStride,
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, Math.floor(value)));
}

/** Hands out aligned views one after the other; without a buffer it only measures. */
class Arena {
  bytes = 0;
  readonly #buffer: SharedArrayBuffer | undefined;

  constructor(buffer: SharedArrayBuffer | undefined) {
    this.#buffer = buffer;
  }

  uint8(length: number): Uint8Array<SharedArrayBuffer> {
    const offset = this.#take(length);
    return this.#buffer ? new Uint8Array(this.#buffer, offset, length) : new Uint8Array(EMPTY);
  }

  int32(length: number): Int32Array<SharedArrayBuffer> {
    const offset = this.#take(length * 4);
    return this.#buffer ? new Int32Array(this.#buffer, offset, length) : new Int32Array(EMPTY);
  }

  float32(length: number): Float32Array<SharedArrayBuffer> {
    const offset = this.#take(length * 4);
    return this.#buffer ? new Float32Array(this.#buffer, offset, length) : new Float32Array(EMPTY);
  }

  float64(length: number): Float64Array<SharedArrayBuffer> {
    const offset = this.#take(length * 8);
    return this.#buffer ? new Float64Array(this.#buffer, offset, length) : new Float64Array(EMPTY);
  }

  #take(bytes: number): number {
    const offset = this.bytes;
    this.bytes = Math.ceil((offset + bytes) / ALIGNMENT) * ALIGNMENT;
    return offset;
  }
}

const EMPTY = new SharedArrayBuffer(0);
