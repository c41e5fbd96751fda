/**
 * The fast kernel: the hot loops of `kernel/` (AssemblyScript, compiled to WebAssembly with SIMD) over the training
 * memory. It gives the same bytes as `plain-kernel.ts`, which also does what is not worth compiling.
 */
import { MAX_BINS, missingBin } from './binning.ts';
import { createPlainKernel } from './plain-kernel.ts';
import { MIN_GAIN } from './splitting.ts';
import {
  CANDIDATE_LENGTH,
  DEEPEST_BYTE_LEVEL,
  ROW_ALIGNMENT,
  STAGED_VALUES,
  type TrainingMemory,
  type TrainingShape,
} from './training-memory.ts';
import type { LevelRules, TreeKernel } from './tree-kernel.ts';
import { assertKernelExports } from './wasm-exports.ts';

/** Vectors of four rows; the rows left over at the end are done plainly. */
const VECTOR_ROWS = 4;
/** Places in a level, and features, up to which rules fit the vector path's tables. */
const MOST_VECTOR_PARENTS = 64;
const MOST_VECTOR_STRIDE = 16;
const ONE_BY_ONE = 8;
const LIST_ONLY = 9;
const NEITHER_SIDE = 0x55;

/** Where a thread's tables lie in its scratch memory, in bytes from its start. */
interface ScratchLayout {
  readonly maxima: number;
  readonly list: number;
  readonly lanes: number;
  readonly staged: number;
  readonly thresholds: number;
  readonly vectorRules: number;
  readonly rules: number;
  readonly pointers: number;
  readonly counters: number;
  readonly children: number;
  readonly values: number;
}

function scratchLayoutOf(maxDepth: number): ScratchLayout {
  const nodes = 2 ** maxDepth;
  let next = 0;
  const take = (bytes: number) => {
    const offset = next;
    next += Math.ceil(bytes / ROW_ALIGNMENT) * ROW_ALIGNMENT;
    return offset;
  };
  return {
    maxima: take(8),
    list: take(4096),
    lanes: take(4096),
    staged: take(STAGED_VALUES * 4),
    thresholds: take(MAX_BINS * 4),
    vectorRules: take(4 * MOST_VECTOR_PARENTS),
    rules: take(6 * nodes),
    pointers: take(4 * nodes),
    counters: take(4 * nodes),
    children: take(4 * nodes),
    values: take(4 * nodes),
  };
}

export function createWasmKernel(
  module: WebAssembly.Module,
  wasmMemory: WebAssembly.Memory,
  memory: TrainingMemory,
  shape: TrainingShape,
  thread: number,
): TreeKernel {
  const kernel = new WebAssembly.Instance(module, { env: { memory: wasmMemory } }).exports;
  assertKernelExports(kernel);
  const plain = createPlainKernel(memory, shape, thread);
  const { featureCount, threads, maxDepth } = shape;
  const { rowStride, nodes, packedGradients, nodesABatch } = memory;
  const layout = scratchLayoutOf(maxDepth);
  const scratch = memory.scratch.byteOffset + thread * memory.scratchBytes;
  const { buffer } = wasmMemory;
  const bytes = new Uint8Array(buffer);
  const at = (offset: number) => scratch + offset;
  const int32At = (offset: number, length: number) => new Int32Array(buffer, at(offset), length);
  const histogramBytes = featureCount * MAX_BINS * 16;
  const packedBytes = histogramBytes / 2;
  const packedHistograms = memory.packedHistograms.byteOffset + thread * nodesABatch * packedBytes;
  const wideHistograms = memory.threadHistograms.byteOffset + thread * nodesABatch * histogramBytes;
  const isByteLevel = maxDepth <= DEEPEST_BYTE_LEVEL;
  const binsOf = (slot: number, feature: number) =>
    memory.nodeHistograms.byteOffset + slot * histogramBytes + feature * MAX_BINS * 16;

  fillLanes(new Uint16Array(buffer, at(layout.lanes), 256 * 8));

  /** Writes the addresses of the children's histograms, and which child each histogram is of. */
  const placeHistograms = (childHistograms: Int32Array) => {
    const pointers = int32At(layout.pointers, childHistograms.length);
    const children = int32At(layout.children, childHistograms.length);
    int32At(layout.counters, childHistograms.length).fill(0);
    for (let child = 0; child < childHistograms.length; child++) {
      const histogram = childHistograms[child] - 1;
      pointers[child] = histogram < 0 ? 0 : packedHistograms + histogram * packedBytes;
      if (histogram >= 0) children[histogram] = child;
    }
  };

  const runLevel = (
    mode: number,
    rules: number,
    parentCount: number,
    childHistograms: Int32Array,
    histogramCount: number,
    from: number,
    to: number,
  ) => {
    placeHistograms(childHistograms);
    const build = isByteLevel ? kernel.buildByteLevel : kernel.buildWordLevel;
    build(
      mode,
      memory.bins.byteOffset,
      rowStride,
      featureCount,
      packedGradients.byteOffset,
      from,
      to,
      nodes.byteOffset,
      rules,
      parentCount,
      at(layout.pointers),
      at(layout.counters),
      at(layout.children),
      histogramCount,
      packedHistograms,
      wideHistograms,
      at(layout.list),
      at(layout.lanes),
    );
  };

  const routeLevel = (rules: LevelRules, histogramCount: number, from: number, to: number) => {
    const { parentCount, childHistograms } = rules;
    const sides = parentCount <= MOST_VECTOR_PARENTS && rowStride <= MOST_VECTOR_STRIDE && isByteLevel;
    const listed = sides ? listedSidesOf(rules) : undefined;
    if (listed) {
      bytes.set(rules.features, at(layout.vectorRules));
      bytes.set(rules.lastLeftBins, at(layout.vectorRules) + MOST_VECTOR_PARENTS);
      bytes.set(rules.leftMissingBins, at(layout.vectorRules) + MOST_VECTOR_PARENTS * 2);
      bytes.set(listed, at(layout.vectorRules) + MOST_VECTOR_PARENTS * 3);
      const parts = parentCount <= 16 ? 1 : parentCount <= 32 ? 2 : 4;
      runLevel(parts, at(layout.vectorRules), parentCount, childHistograms, histogramCount, from, to);
    } else {
      int32At(layout.rules, parentCount).set(rules.features);
      bytes.set(rules.lastLeftBins, at(layout.rules) + parentCount * 4);
      bytes.set(rules.leftMissingBins, at(layout.rules) + parentCount * 5);
      runLevel(ONE_BY_ONE, at(layout.rules), parentCount, childHistograms, histogramCount, from, to);
    }
  };

  return {
    ...plain,
    binColumn(column, feature, isValidation, from, to) {
      const thresholds = new Float32Array(buffer, at(layout.thresholds), MAX_BINS).fill(
        Number.POSITIVE_INFINITY,
      );
      const first = feature * MAX_BINS;
      thresholds.set(memory.binThresholds.subarray(first, first + memory.thresholdCounts[feature]));
      const staged = new Float32Array(buffer, at(layout.staged), STAGED_VALUES);
      const bins = (isValidation ? memory.validationBins : memory.bins).byteOffset;
      const thresholdCount = memory.thresholdCounts[feature];
      for (let start = from; start < to; start += STAGED_VALUES) {
        const end = Math.min(start + STAGED_VALUES, to);
        staged.set(column.subarray(start, end));
        kernel.binColumn(
          staged.byteOffset,
          thresholds.byteOffset,
          thresholdCount,
          bins,
          rowStride,
          feature,
          start,
          end,
        );
      }
    },
    computeGradients(scalePosWeight, from, to) {
      const end = to - ((to - from) % VECTOR_ROWS);
      const maxima = new Float32Array(buffer, at(layout.maxima), 2);
      kernel.computeGradients(
        memory.rawScores.byteOffset,
        memory.labels.byteOffset,
        shape.isWeighted ? memory.weights.byteOffset : 0,
        scalePosWeight,
        memory.gradients.byteOffset,
        memory.hessians.byteOffset,
        from,
        end,
        maxima.byteOffset,
      );
      const rest = plain.computeGradients(scalePosWeight, end, to);
      return {
        gradient: Math.max(maxima[0], rest.gradient),
        hessian: Math.max(maxima[1], rest.hessian),
      };
    },
    quantizeGradients(scale, from, to) {
      const end = to - ((to - from) % VECTOR_ROWS);
      kernel.quantizeGradients(
        memory.gradients.byteOffset,
        memory.hessians.byteOffset,
        scale.gradient,
        scale.hessian,
        packedGradients.byteOffset,
        from,
        end,
      );
      plain.quantizeGradients(scale, end, to);
    },
    buildRoot(from, to) {
      kernel.buildRoot(
        memory.bins.byteOffset,
        rowStride,
        featureCount,
        packedGradients.byteOffset,
        from,
        to,
        packedHistograms,
        wideHistograms,
      );
    },
    routeAndBuild: routeLevel,
    build(childHistograms, histogramCount, from, to) {
      runLevel(
        LIST_ONLY,
        at(layout.rules),
        childHistograms.length,
        childHistograms,
        histogramCount,
        from,
        to,
      );
    },
    route(rules, from, to) {
      routeLevel({ ...rules, childHistograms: new Int32Array(2 * rules.parentCount) }, 0, from, to);
    },
    reduce(part, slot, feature) {
      const source = memory.threadHistograms.byteOffset + part * histogramBytes + feature * MAX_BINS * 16;
      const bins = missingBin(memory, feature) + 1;
      kernel.reduce(source, nodesABatch * histogramBytes, threads, binsOf(slot, feature), bins);
    },
    subtract(parentSlot, slot, siblingSlot, feature) {
      const bins = missingBin(memory, feature) + 1;
      kernel.subtract(binsOf(parentSlot, feature), binsOf(slot, feature), binsOf(siblingSlot, feature), bins);
    },
    searchSplit(slot, feature, candidate, sums, scale, constraints) {
      kernel.findBestSplit(
        binsOf(slot, feature),
        missingBin(memory, feature),
        sums.gradients,
        sums.hessians,
        1 / scale.gradient,
        1 / scale.hessian,
        constraints.reg_lambda,
        constraints.reg_alpha,
        constraints.min_child_weight,
        Math.max(MIN_GAIN, constraints.gamma),
        memory.candidates.byteOffset + candidate * CANDIDATE_LENGTH * 8,
      );
    },
    sumLeaves(nodeCount, scales, from, to) {
      const sum = isByteLevel ? kernel.sumByteLeaves : kernel.sumWordLeaves;
      sum(
        memory.gradients.byteOffset,
        memory.hessians.byteOffset,
        nodes.byteOffset,
        nodeCount,
        scales.gradient,
        scales.hessian,
        memory.leafSums.byteOffset + thread * memory.leafSumStride * 8,
        from,
        to,
      );
    },
    addLeafValues(valuesByNode, from, to) {
      new Float32Array(buffer, at(layout.values), valuesByNode.length).set(valuesByNode);
      const add = isByteLevel ? kernel.addByteLeafValues : kernel.addWordLeafValues;
      add(memory.rawScores.byteOffset, nodes.byteOffset, at(layout.values), from, to);
    },
  };
}

/** For each pattern of eight bits, the numbers of those set, first to last. */
function fillLanes(lanes: Uint16Array): void {
  for (let pattern = 0; pattern < 256; pattern++) {
    let next = pattern * 8;
    for (let bit = 0; bit < 8; bit++) if ((pattern >> bit) & 1) lanes[next++] = bit;
  }
}

/** The child of each node whose rows are listed: 0 left, 255 right; undefined where a node has both listed. */
function listedSidesOf({ parentCount, childHistograms }: LevelRules): Uint8Array | undefined {
  const sides = new Uint8Array(parentCount).fill(NEITHER_SIDE);
  for (let parent = 0; parent < parentCount; parent++) {
    const left = childHistograms[2 * parent] > 0;
    const right = childHistograms[2 * parent + 1] > 0;
    if (left && right) return undefined;
    if (left) sides[parent] = 0;
    if (right) sides[parent] = 255;
  }
  return sides;
}
