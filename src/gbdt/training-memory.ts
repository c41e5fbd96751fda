/**
 * The memory of one training: everything that threads share, as views into one WebAssembly memory, laid out once.
 * Bins take one byte per value; nothing else grows with rows × features, and no thread has a copy of the data.
 */
import { ChurnMcpError } from '../errors.ts';
import { CONTROL_LENGTH } from './barrier.ts';
import { BINNING_SAMPLE_ROWS, type BinMapper, MAX_BINS, rowStrideOf } from './binning.ts';
import { histogramLength } from './histogram.ts';
import { CANDIDATE_LENGTH, GATHERED_PART_BYTES, LIST_ROW_BYTES, PART_LANES } from './kernel/layout.ts';

export interface TrainingShape {
  readonly rowCount: number;
  readonly validationRowCount: number;
  readonly featureCount: number;
  readonly threads: number;
  readonly maxDepth: number;
  readonly isWeighted: boolean;
  /** Features that a tree may split on. */
  readonly featuresPerTree: number;
  /** Rows of the longest list, if rows are ranked; else 0. */
  readonly longestList: number;
}

/** Rows whose log-loss is summed as one number: the same blocks whatever the number of threads. */
export const LOSS_BLOCK_ROWS = 4096;
/** Threads' ranges of rows begin at multiples of this, and arrays by row are padded to it: vectors need no tails. */
export const ROW_ALIGNMENT = 64;
/** The deepest tree whose nodes can be numbered, level by level, in one byte. */
export const DEEPEST_BYTE_LEVEL = 8;
/** Bytes of scratch that each thread has for its kernel's tables, but for those that grow with the depth or the features. */
export const SCRATCH_BYTES = 64 * 1024;
/** Values of a column that are staged at a time: a compiled kernel reads nothing but this memory. */
export const STAGED_VALUES = 8192;

/** Bytes that one thread's histograms, and all threads' shared ones, may take. */
const THREAD_HISTOGRAM_BYTES = 48 * 2 ** 20;
const SHARED_HISTOGRAM_BYTES = 192 * 2 ** 20;
const MOST_NODES_PER_BATCH = 512;
const ROWS_OF_A_VECTOR = 16;
const ALIGNMENT = 64;
/** What a compiled kernel may have of static data, at the start of the memory. */
export const STATIC_BYTES = 4096;
export const PAGE_BYTES = 65_536;
/** A WebAssembly memory addresses 4 GB; the last page stays free so that no address wraps. */
const MOST_PAGES = 65_535;

export interface TrainingMemory extends BinMapper {
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly rowStride: number;
  readonly bins: Uint8Array<SharedArrayBuffer>;
  readonly validationBins: Uint8Array<SharedArrayBuffer>;
  /** The bins of the features that the present tree may split on; empty if it may split on all. */
  readonly treeBins: Uint8Array<SharedArrayBuffer>;
  /** Each row's node within its level: one byte per row, or four if trees are deeper than `DEEPEST_BYTE_LEVEL`. */
  readonly nodes: Uint8Array<SharedArrayBuffer> | Uint32Array<SharedArrayBuffer>;
  readonly labels: Float32Array<SharedArrayBuffer>;
  /** Empty if all rows weigh the same. */
  readonly weights: Float32Array<SharedArrayBuffer>;
  readonly rawScores: Float32Array<SharedArrayBuffer>;
  readonly validationRawScores: Float32Array<SharedArrayBuffer>;
  readonly gradients: Float32Array<SharedArrayBuffer>;
  readonly hessians: Float32Array<SharedArrayBuffer>;
  readonly packedGradients: Int32Array<SharedArrayBuffer>;
  /** Two doubles per thread: largest gradient and hessian. */
  readonly maxima: Float64Array<SharedArrayBuffer>;
  readonly lossBlocks: Float64Array<SharedArrayBuffer>;
  /** `nodesPerBatch` histograms per thread, thread by thread. */
  readonly threadHistograms: Float64Array<SharedArrayBuffer>;
  /** As many histograms of packed 64-bit sums, for the kernel that builds in them. */
  readonly packedHistograms: BigInt64Array<SharedArrayBuffer>;
  /** Two banks of `bankNodes` (a level and the one above it), then `2 · nodesPerBatch` that are not kept. */
  readonly nodeHistograms: Float64Array<SharedArrayBuffer>;
  readonly bankNodes: number;
  readonly nodesPerBatch: number;
  /** A word per thread: whether its histograms of the batch are wide, because packed sums could have overflowed. */
  readonly spills: Uint32Array<SharedArrayBuffer>;
  /** Candidates of `2 · nodesPerBatch` nodes × threads. */
  readonly candidates: Float64Array<SharedArrayBuffer>;
  /** Two integers per node of the last level (gradients, hessians), `leafSumStride` of them per thread. */
  readonly leafSums: BigInt64Array<SharedArrayBuffer>;
  readonly leafSumStride: number;
  /** `scratchBytes` per thread. */
  readonly scratch: Uint8Array<SharedArrayBuffer>;
  readonly scratchBytes: number;
  /** Twice the sample that thresholds are found in, thread by thread. */
  readonly sortedValues: Float32Array<SharedArrayBuffer>;
  /** The features that the present tree may split on, ascending: room for all of them, thread by thread. */
  readonly treeFeatures: Uint32Array<SharedArrayBuffer>;
  /** What each thread needs of the list that it ranks, thread by thread. */
  readonly lists: Uint8Array<SharedArrayBuffer>;
}

/**
 * A memory that is large enough for the shape, of a power of two of pages: another training of about the same size fits
 * too, and pages that are never touched cost nothing. Throws if one memory cannot hold it.
 */
export function allocateTrainingMemory(shape: TrainingShape): WebAssembly.Memory {
  const bytes = bytesOfTraining(shape);
  const pages = Math.ceil(bytes / PAGE_BYTES) + 1;
  if (pages > MOST_PAGES) throw tooLarge(shape, bytes);
  const rounded = Math.min(2 ** Math.ceil(Math.log2(pages)), MOST_PAGES);
  return new WebAssembly.Memory({ initial: rounded, maximum: rounded, shared: true });
}

/** Whether a memory that another training used is large enough, and not so large that it should be given back. */
export function fitsTraining(memory: WebAssembly.Memory, shape: TrainingShape): boolean {
  const needed = bytesOfTraining(shape) + PAGE_BYTES;
  return memory.buffer.byteLength >= needed && memory.buffer.byteLength <= needed * 16;
}

/**
 * Empties what a training expects to be empty; it writes everything else before it reads it. The padding after the
 * last row is routed with it: only with bins of 0 do its rows stay at node 0 of every level, whatever the splits.
 */
export function clearTrainingMemory(memory: TrainingMemory): void {
  const { control, nodes, packedGradients, bins, treeBins } = memory;
  control.fill(0);
  nodes.fill(0);
  packedGradients.fill(0);
  const rows = packedGradients.length;
  for (const matrix of [bins, treeBins]) {
    matrix.fill(0, matrix.length - Math.min(rows, ROW_ALIGNMENT) * (matrix.length / Math.max(1, rows)));
  }
}

export function bytesOfTraining(shape: TrainingShape): number {
  const arena = new Arena(EMPTY);
  allocate(shape, arena);
  return arena.bytes;
}

export function layOutTrainingMemory(shape: TrainingShape, memory: WebAssembly.Memory): TrainingMemory {
  const { buffer } = memory;
  if (!(buffer instanceof SharedArrayBuffer)) throw new TypeError('training memory must be shared');
  return allocate(shape, new Arena(buffer));
}

function allocate(shape: TrainingShape, arena: Arena): TrainingMemory {
  const { featureCount, threads, maxDepth } = shape;
  const rows = padded(shape.rowCount);
  const validationRows = padded(shape.validationRowCount);
  const rowStride = rowStrideOf(featureCount);
  const length = histogramLength(featureCount);
  const widestLevel = 2 ** (maxDepth - 1);
  const nodesPerBatch = clamp(
    THREAD_HISTOGRAM_BYTES / (length * 12),
    1,
    Math.min(widestLevel, MOST_NODES_PER_BATCH),
  );
  const bankNodes = clamp(SHARED_HISTOGRAM_BYTES / 2 / (length * 8), 1, widestLevel);
  const leafSumStride = 2 ** maxDepth * 2;
  const scratchBytes = SCRATCH_BYTES + 2 ** maxDepth * 64 + gatheredBytesOf(shape);
  return {
    control: arena.int32(CONTROL_LENGTH),
    binThresholds: arena.float32(featureCount * MAX_BINS),
    thresholdCounts: arena.int32(featureCount),
    rowStride,
    bins: arena.uint8(rows * rowStride),
    validationBins: arena.uint8(validationRows * rowStride),
    treeBins: arena.uint8(samplesFeatures(shape) ? rows * rowStrideOf(shape.featuresPerTree) : 0),
    nodes: maxDepth <= DEEPEST_BYTE_LEVEL ? arena.uint8(rows) : arena.uint32(rows),
    labels: arena.float32(rows),
    weights: arena.float32(shape.isWeighted ? rows : 0),
    rawScores: arena.float32(rows),
    validationRawScores: arena.float32(validationRows),
    gradients: arena.float32(rows),
    hessians: arena.float32(rows),
    packedGradients: arena.int32(rows),
    maxima: arena.float64(threads * 2),
    lossBlocks: arena.float64(Math.ceil(shape.validationRowCount / LOSS_BLOCK_ROWS)),
    threadHistograms: arena.float64(threads * nodesPerBatch * length),
    packedHistograms: arena.int64((threads * nodesPerBatch * length) / 2),
    nodeHistograms: arena.float64((2 * bankNodes + 2 * nodesPerBatch) * length),
    bankNodes,
    nodesPerBatch,
    spills: arena.uint32(threads),
    candidates: arena.float64(2 * nodesPerBatch * threads * CANDIDATE_LENGTH),
    leafSums: arena.int64(threads * leafSumStride),
    leafSumStride,
    scratch: arena.uint8(threads * scratchBytes),
    scratchBytes,
    sortedValues: arena.float32(threads * 2 * Math.min(shape.rowCount, BINNING_SAMPLE_ROWS)),
    treeFeatures: arena.uint32(threads * featureCount),
    lists: arena.uint8(threads * listRoomOf(shape) * LIST_ROW_BYTES),
  };
}

/** Whether a tree may split on some of the features only. */
export function samplesFeatures({ featuresPerTree, featureCount }: TrainingShape): boolean {
  return featuresPerTree < featureCount;
}

/** Bytes that say how the features of a tree are picked from a row. */
export function gatheredBytesOf({ featuresPerTree }: TrainingShape): number {
  return Math.ceil(featuresPerTree / PART_LANES) * GATHERED_PART_BYTES;
}

/** Rows that each thread has memory for: as many as keep every part of it aligned. */
export function listRoomOf({ longestList }: TrainingShape): number {
  return Math.ceil(longestList / ROWS_OF_A_VECTOR) * ROWS_OF_A_VECTOR;
}

function padded(rows: number): number {
  return Math.ceil(rows / ROW_ALIGNMENT) * ROW_ALIGNMENT;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, Math.floor(value)));
}

function tooLarge(
  { rowCount, validationRowCount, featureCount }: TrainingShape,
  bytes: number,
): ChurnMcpError {
  const rows = (rowCount + validationRowCount).toLocaleString('en-US');
  const gigabytes = (bytes / 2 ** 30).toFixed(1);
  return new ChurnMcpError(
    'INVALID_ARGUMENT',
    `Training on ${rows} rows × ${featureCount} features needs ${gigabytes} GB; one training has 4 GB.`,
    { hint: 'Train on a sample of the customers, or on fewer features.' },
  );
}

const EMPTY = new SharedArrayBuffer(0);

/** Hands out aligned views one after the other; over an empty buffer it only measures. */
class Arena {
  bytes = STATIC_BYTES;
  readonly #buffer: SharedArrayBuffer;

  constructor(buffer: SharedArrayBuffer) {
    this.#buffer = buffer;
  }

  uint8(length: number): Uint8Array<SharedArrayBuffer> {
    return new Uint8Array(this.#buffer, ...this.#take(length, 1));
  }

  uint32(length: number): Uint32Array<SharedArrayBuffer> {
    return new Uint32Array(this.#buffer, ...this.#take(length, 4));
  }

  int32(length: number): Int32Array<SharedArrayBuffer> {
    return new Int32Array(this.#buffer, ...this.#take(length, 4));
  }

  int64(length: number): BigInt64Array<SharedArrayBuffer> {
    return new BigInt64Array(this.#buffer, ...this.#take(length, 8));
  }

  float32(length: number): Float32Array<SharedArrayBuffer> {
    return new Float32Array(this.#buffer, ...this.#take(length, 4));
  }

  float64(length: number): Float64Array<SharedArrayBuffer> {
    return new Float64Array(this.#buffer, ...this.#take(length, 8));
  }

  #take(length: number, bytesEach: number): [offset: number, length: number] {
    const offset = this.bytes;
    this.bytes = Math.ceil((offset + length * bytesEach) / ALIGNMENT) * ALIGNMENT;
    return this.#buffer.byteLength === 0 ? [0, 0] : [offset, length];
  }
}
