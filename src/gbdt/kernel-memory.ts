/**
 * A thread's tables for the compiled kernel: its scratch memory laid out, and the parameter block through which the kernel
 * finds everything (`kernel/layout.ts`).
 */
import { rowStrideOf } from './binning.ts';
import { histogramLength } from './histogram.ts';
import {
  LIST_ROW_BYTES,
  MAX_BINS,
  ParameterField,
  SEARCHED_PAIR_BYTES,
  SearchField,
  VECTOR_RULES,
} from './kernel/layout.ts';
import { discountsOf } from './ranking-loss.ts';
import { gatheredBytesOf, listRoomOf, STAGED_VALUES, samplesFeatures } from './training-memory.ts';
import type { ThreadContext } from './tree-kernel.ts';

/** Tables begin at multiples of this many bytes. */
const ALIGNMENT = 64;
/** Bytes of a list of a block's rows, 16 bits each, and of the vector that is stored beyond its end. */
const LIST_BYTES = 4096;
const LANE_PATTERNS = 256;
const LANES = 8;
const PARAMETER_COUNT = ParameterField.gatheredParts + 1;
const SEARCH_COUNT = SearchField.minGain + 1;
const SEARCHED_PAIR_WORDS = SEARCHED_PAIR_BYTES / 4;

/** Views of a thread's tables. TypeScript writes them before it calls the kernel, and reads `maxima` after it. */
export interface KernelTables {
  readonly search: Float64Array;
  /** Words and doubles of the same bytes. */
  readonly searchedPairs: Uint32Array;
  readonly searchedSums: Float64Array;
  readonly maxima: Float32Array;
  readonly listedRows: Uint8Array;
  readonly laneNumbers: Uint16Array;
  readonly stagedValues: Float32Array;
  readonly thresholds: Float32Array;
  readonly vectorRules: Uint8Array;
  readonly ruleFeatures: Int32Array;
  readonly ruleBins: Uint8Array;
  readonly childHistograms: Uint32Array;
  readonly childCounts: Uint32Array;
  readonly histogramChildren: Uint32Array;
  readonly leafValues: Float32Array;
  readonly listOrder: Uint32Array;
  /** All features, until a tree has chosen some. */
  readonly treeFeatures: Uint32Array;
  readonly gatheredParts: Uint8Array;
}

export interface KernelMemory {
  /** The address of the parameter block, which every function of the kernel takes first. */
  readonly block: number;
  readonly tables: KernelTables;
}

/** Lays out the scratch memory of a thread and writes its parameter block. */
export function createKernelMemory(context: ThreadContext): KernelMemory {
  const { scratch, scratchBytes } = context.memory;
  const { buffer } = scratch;
  const take = takeFrom(scratch.byteOffset + context.thread * scratchBytes, scratchBytes);
  const bytes = (length: number) => new Uint8Array(buffer, take(length), length);
  const uint16 = (length: number) => new Uint16Array(buffer, take(2 * length), length);
  const uint32 = (length: number) => new Uint32Array(buffer, take(4 * length), length);
  const float32 = (length: number) => new Float32Array(buffer, take(4 * length), length);
  const float64 = (length: number) => new Float64Array(buffer, take(8 * length), length);

  const nodes = 2 ** context.shape.maxDepth;
  const block = uint32(PARAMETER_COUNT);
  const searchedPairs = uint32(context.memory.nodesPerBatch * SEARCHED_PAIR_WORDS);
  const tables: KernelTables = {
    search: float64(SEARCH_COUNT),
    searchedPairs,
    searchedSums: new Float64Array(buffer, searchedPairs.byteOffset, searchedPairs.length / 2),
    maxima: float32(2),
    listedRows: bytes(LIST_BYTES),
    laneNumbers: uint16(LANE_PATTERNS * LANES),
    stagedValues: float32(STAGED_VALUES),
    thresholds: float32(MAX_BINS),
    vectorRules: bytes(4 * VECTOR_RULES),
    ruleFeatures: new Int32Array(buffer, take(4 * nodes), nodes),
    ruleBins: bytes(2 * nodes),
    childHistograms: uint32(nodes),
    childCounts: uint32(nodes),
    histogramChildren: uint32(nodes),
    leafValues: float32(nodes),
    listOrder: uint32(1),
    treeFeatures: ownTreeFeatures(context),
    gatheredParts: bytes(gatheredBytesOf(context.shape)),
  };
  writeLaneNumbers(tables.laneNumbers);
  const room = listRoomOf(context.shape);
  new Float32Array(buffer, discountsAt(context), room).set(discountsOf(room));
  for (const [field, value] of Object.entries(parametersOf(context, tables))) block[Number(field)] = value;
  return { block: block.byteOffset, tables };
}

/** A value for every field of the parameter block: leaving one out does not compile. */
function parametersOf(
  context: ThreadContext,
  tables: KernelTables,
): Readonly<Record<ParameterField, number>> {
  const { memory, shape, thread } = context;
  const { nodesPerBatch, rowStride } = memory;
  const { featureCount, threads, isWeighted } = shape;
  const packedBytes = thread * nodesPerBatch * histogramLength(featureCount) * 4;
  return {
    [ParameterField.rowStride]: rowStride,
    [ParameterField.featureCount]: featureCount,
    [ParameterField.nodeBytes]: memory.nodes.BYTES_PER_ELEMENT,
    [ParameterField.threads]: threads,
    [ParameterField.nodesPerBatch]: nodesPerBatch,
    [ParameterField.thread]: thread,
    [ParameterField.thresholdCounts]: memory.thresholdCounts.byteOffset,
    [ParameterField.bins]: memory.bins.byteOffset,
    [ParameterField.validationBins]: memory.validationBins.byteOffset,
    [ParameterField.nodes]: memory.nodes.byteOffset,
    [ParameterField.labels]: memory.labels.byteOffset,
    [ParameterField.weights]: isWeighted ? memory.weights.byteOffset : 0,
    [ParameterField.rawScores]: memory.rawScores.byteOffset,
    [ParameterField.gradients]: memory.gradients.byteOffset,
    [ParameterField.hessians]: memory.hessians.byteOffset,
    [ParameterField.packedGradients]: memory.packedGradients.byteOffset,
    [ParameterField.threadHistograms]: memory.threadHistograms.byteOffset,
    [ParameterField.ownHistograms]: memory.threadHistograms.byteOffset + 2 * packedBytes,
    [ParameterField.packedHistograms]: memory.packedHistograms.byteOffset,
    [ParameterField.spills]: memory.spills.byteOffset,
    [ParameterField.ownPackedHistograms]: memory.packedHistograms.byteOffset + packedBytes,
    [ParameterField.nodeHistograms]: memory.nodeHistograms.byteOffset,
    [ParameterField.candidates]: memory.candidates.byteOffset,
    [ParameterField.leafSums]: memory.leafSums.byteOffset + thread * memory.leafSumStride * 8,
    [ParameterField.maxima]: tables.maxima.byteOffset,
    [ParameterField.stagedValues]: tables.stagedValues.byteOffset,
    [ParameterField.thresholds]: tables.thresholds.byteOffset,
    [ParameterField.sortedValues]: ownSortedValues(context).byteOffset,
    [ParameterField.listedRows]: tables.listedRows.byteOffset,
    [ParameterField.laneNumbers]: tables.laneNumbers.byteOffset,
    [ParameterField.vectorRules]: tables.vectorRules.byteOffset,
    [ParameterField.ruleFeatures]: tables.ruleFeatures.byteOffset,
    [ParameterField.ruleBins]: tables.ruleBins.byteOffset,
    [ParameterField.childHistograms]: tables.childHistograms.byteOffset,
    [ParameterField.childCounts]: tables.childCounts.byteOffset,
    [ParameterField.histogramChildren]: tables.histogramChildren.byteOffset,
    [ParameterField.leafValues]: tables.leafValues.byteOffset,
    [ParameterField.search]: tables.search.byteOffset,
    [ParameterField.searchedPairs]: tables.searchedPairs.byteOffset,
    [ParameterField.lists]: listsAt(context),
    [ParameterField.listRoom]: listRoomOf(shape),
    [ParameterField.discounts]: discountsAt(context),
    [ParameterField.listOrder]: tables.listOrder.byteOffset,
    [ParameterField.treeBins]: (samplesFeatures(shape) ? memory.treeBins : memory.bins).byteOffset,
    [ParameterField.treeStride]: rowStrideOf(shape.featuresPerTree),
    [ParameterField.treeFeatureCount]: shape.featuresPerTree,
    [ParameterField.treeFeatures]: tables.treeFeatures.byteOffset,
    [ParameterField.gatheredParts]: tables.gatheredParts.byteOffset,
  };
}

/** A thread's part of the memory for sorting. */
export function ownSortedValues({ memory, shape, thread }: ThreadContext): Float32Array {
  const length = memory.sortedValues.length / shape.threads;
  return memory.sortedValues.subarray(thread * length, (thread + 1) * length);
}

/** A thread's part of the features of trees: all of them at first. */
function ownTreeFeatures({ memory, shape, thread }: ThreadContext): Uint32Array {
  const { featureCount } = shape;
  const own = memory.treeFeatures.subarray(thread * featureCount, (thread + 1) * featureCount);
  for (let feature = 0; feature < featureCount; feature++) own[feature] = feature;
  return own;
}

/** Where a thread's part of the memory of lists begins. */
function listsAt({ memory, shape, thread }: ThreadContext): number {
  return memory.lists.byteOffset + thread * listRoomOf(shape) * LIST_ROW_BYTES;
}

/** The discounts come last in it. */
function discountsAt(context: ThreadContext): number {
  return listsAt(context) + listRoomOf(context.shape) * (LIST_ROW_BYTES - Float32Array.BYTES_PER_ELEMENT);
}

/** For each pattern of eight bits, the numbers of those set, first to last. */
function writeLaneNumbers(laneNumbers: Uint16Array): void {
  for (let pattern = 0; pattern < LANE_PATTERNS; pattern++) {
    let next = pattern * LANES;
    for (let bit = 0; bit < LANES; bit++) if ((pattern >> bit) & 1) laneNumbers[next++] = bit;
  }
}

/** Hands out addresses one after the other, from an aligned start. */
function takeFrom(start: number, length: number): (bytes: number) => number {
  let next = start;
  return (bytes) => {
    const address = next;
    next += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    if (next > start + length) throw new RangeError(`the kernel's tables need more than ${length} bytes`);
    return address;
  };
}
