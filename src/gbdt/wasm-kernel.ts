/**
 * The fast kernel: the hot loops of `kernel/` (AssemblyScript, compiled to WebAssembly with SIMD) over the training
 * memory. It gives the same bytes as `plain-kernel.ts`, which also does what is not worth compiling.
 */
import type { FeatureColumn } from './binning.ts';
import { histogramLength } from './histogram.ts';
import {
  GATHERED_PART_BYTES,
  GATHERED_VECTORS,
  PAIR_SUMS,
  PART_LANES,
  PairField,
  ParameterField,
  RoutingMode,
  SEARCHED_PAIR_BYTES,
  SearchField,
  VECTOR_RULES,
} from './kernel/layout.ts';
import type { KernelFunctions } from './kernel-functions.ts';
import {
  createKernelMemory,
  type KernelMemory,
  type KernelTables,
  ownSortedValues,
} from './kernel-memory.ts';
import { assertKernel } from './kernel-module.ts';
import type { ScheduledPair } from './level-schedule.ts';
import type { GradientMaxima } from './loss.ts';
import { PlainKernel } from './plain-kernel.ts';
import type { GradientScale } from './quantization.ts';
import { listFactor } from './ranking-loss.ts';
import type { RowRange } from './row-range.ts';
import type { RowDraw } from './sampling.ts';
import { minGainOf, type SplitOptions } from './splitting.ts';
import { STAGED_VALUES, samplesFeatures } from './training-memory.ts';
import type { HistogramPlan, LeafSumRequest, LevelRules, ThreadContext } from './tree-kernel.ts';

/** Vectors of four rows; the rows left over at the end are done plainly. */
const VECTOR_ROWS = 4;
/** Features of a tree up to which rows are routed by vectors: a feature's place there is one byte. */
const MOST_VECTOR_FEATURES = 256;
/** The lane of a bin that lies in another vector. */
const ABSENT_LANE = 255;
/** Sides of a node's children in the vector tables. */
const LEFT_SIDE = 0;
const RIGHT_SIDE = 255;
const NEITHER_SIDE = 0x55;

export class WasmKernel extends PlainKernel {
  readonly #functions: KernelFunctions;
  readonly #memory: KernelMemory;
  /** Of each feature among those that the tree may split on. */
  readonly #places: Uint32Array;

  /** `wasmMemory` is the memory that the context's arrays lie in. */
  constructor(context: ThreadContext, module: WebAssembly.Module, wasmMemory: WebAssembly.Memory) {
    super(context);
    const { exports } = new WebAssembly.Instance(module, { env: { memory: wasmMemory } });
    assertKernel<KernelFunctions>(exports, {
      binColumn: true,
      sortFloats: true,
      computeGradients: true,
      gatherBins: true,
      pushList: true,
      scaleList: true,
      leaveOutRows: true,
      quantizeGradients: true,
      buildRoot: true,
      buildLevel: true,
      searchSplits: true,
      sumLeaves: true,
      addLeafValues: true,
    });
    this.#functions = exports;
    this.#memory = createKernelMemory(context);
    this.#places = Uint32Array.from({ length: context.shape.featureCount }, (_, feature) => feature);
  }

  override sort(values: Float32Array): Float32Array {
    const room = ownSortedValues(this.context);
    room.set(values);
    const sorted = this.#functions.sortFloats(this.#memory.block, values.length);
    const from = (sorted - room.byteOffset) / room.BYTES_PER_ELEMENT;
    return room.subarray(from, from + values.length);
  }

  override binColumn(column: FeatureColumn, rows: RowRange): void {
    this.#binStaged(column, ParameterField.bins, rows);
  }

  override binValidationColumn(column: FeatureColumn, rows: RowRange): void {
    this.#binStaged(column, ParameterField.validationBins, rows);
  }

  override computeGradients(scalePosWeight: number, rows: RowRange): GradientMaxima {
    const { block, tables } = this.#memory;
    const [vectors, rest] = splitAtVectors(rows);
    this.#functions.computeGradients(block, scalePosWeight, vectors.from, vectors.to);
    const [gradient, hessian] = tables.maxima;
    const maxima = super.computeGradients(scalePosWeight, rest);
    return {
      gradient: Math.max(gradient, maxima.gradient),
      hessian: Math.max(hessian, maxima.hessian),
    };
  }

  override computeListGradients(starts: Uint32Array, { from, to }: RowRange): GradientMaxima {
    const { block, tables } = this.#memory;
    tables.maxima.fill(0);
    for (let list = from; list < to; list++) {
      const rows = this.rowsOfList(starts, list);
      const total = this.#functions.pushList(block, rows.from, rows.to);
      this.#functions.scaleList(block, rows.from, rows.to, listFactor(total));
    }
    const [gradient, hessian] = tables.maxima;
    return { gradient, hessian };
  }

  override leaveOutRows(drawn: RowDraw, rows: RowRange): void {
    const [{ from, to }, rest] = splitAtVectors(rows);
    this.#functions.leaveOutRows(this.#memory.block, drawn.ofTree, drawn.mostHash, from, to);
    super.leaveOutRows(drawn, rest);
  }

  override quantizeGradients(scale: GradientScale, rows: RowRange): void {
    const [{ from, to }, rest] = splitAtVectors(rows);
    this.#functions.quantizeGradients(this.#memory.block, scale.gradient, scale.hessian, from, to);
    super.quantizeGradients(scale, rest);
  }

  override chooseFeatures(features: readonly number[], { from, to }: RowRange): void {
    if (!samplesFeatures(this.context.shape)) return;
    const { treeFeatures, gatheredParts } = this.#memory.tables;
    treeFeatures.set(features);
    for (const [place, feature] of features.entries()) this.#places[feature] = place;
    writeGatheredParts(gatheredParts, features);
    this.#functions.gatherBins(this.#memory.block, from, to);
  }

  override buildRoot({ from, to }: RowRange): void {
    this.#functions.buildRoot(this.#memory.block, from, to);
  }

  override routeAndBuild(rules: LevelRules, plan: HistogramPlan, rows: RowRange): void {
    const mode = this.#writeRules(rules, plan);
    this.#buildLevel(mode, rules.parentCount, plan, rows);
  }

  override build(plan: HistogramPlan, rows: RowRange): void {
    this.#buildLevel(RoutingMode.none, plan.childHistograms.length, plan, rows);
  }

  override route(rules: LevelRules, rows: RowRange): void {
    const childHistograms = new Int32Array(2 * rules.parentCount);
    this.routeAndBuild(rules, { childHistograms, histogramCount: 0 }, rows);
  }

  override searchSplits(batch: readonly ScheduledPair[], { scale, constraints }: SplitOptions): void {
    const { block, tables } = this.#memory;
    const { search } = tables;
    search[SearchField.inverseGradientScale] = 1 / scale.gradient;
    search[SearchField.inverseHessianScale] = 1 / scale.hessian;
    search[SearchField.lambda] = constraints.reg_lambda;
    search[SearchField.alpha] = constraints.reg_alpha;
    search[SearchField.minChildWeight] = constraints.min_child_weight;
    search[SearchField.minGain] = minGainOf(constraints);
    for (let index = 0; index < batch.length; index++) writePair(tables, index, batch[index]);
    this.#functions.searchSplits(block, batch.length);
  }

  override sumLeaves({ nodeCount, scales }: LeafSumRequest, { from, to }: RowRange): void {
    this.#functions.sumLeaves(this.#memory.block, nodeCount, scales.gradient, scales.hessian, from, to);
  }

  override addLeafValues(valuesByNode: Float32Array, { from, to }: RowRange): void {
    this.#memory.tables.leafValues.set(valuesByNode);
    this.#functions.addLeafValues(this.#memory.block, from, to);
  }

  /** The kernel reads only this memory, so a column goes through it part by part. */
  #binStaged({ feature, values }: FeatureColumn, matrix: ParameterField, { from, to }: RowRange): void {
    const { block, tables } = this.#memory;
    const { binThresholds, thresholdCounts } = this.context.memory;
    const first = feature * tables.thresholds.length;
    tables.thresholds.fill(Number.POSITIVE_INFINITY);
    tables.thresholds.set(binThresholds.subarray(first, first + thresholdCounts[feature]));
    for (let start = from; start < to; start += STAGED_VALUES) {
      const end = Math.min(start + STAGED_VALUES, to);
      tables.stagedValues.set(values.subarray(start, end));
      this.#functions.binColumn(block, matrix, feature, start, end);
    }
  }

  /** Writes the rules of a level to the tables of the way that its rows are moved by, and returns that way. */
  #writeRules(rules: LevelRules, { childHistograms }: HistogramPlan): RoutingMode {
    const { parentCount, features, lastLeftBins, leftMissingBins } = rules;
    const { tables } = this.#memory;
    const { nodes } = this.context.memory;
    const { featuresPerTree } = this.context.shape;
    const fits =
      parentCount <= VECTOR_RULES && featuresPerTree <= MOST_VECTOR_FEATURES && nodes.BYTES_PER_ELEMENT === 1;
    const places = features.map((feature) => this.#places[feature]);
    const listedSides = fits ? listedSidesOf(childHistograms) : undefined;
    if (listedSides) {
      tables.vectorRules.set(places);
      tables.vectorRules.set(lastLeftBins, VECTOR_RULES);
      tables.vectorRules.set(leftMissingBins, VECTOR_RULES * 2);
      tables.vectorRules.set(listedSides, VECTOR_RULES * 3);
      return RoutingMode.vectors;
    }
    tables.ruleFeatures.set(places);
    tables.ruleBins.set(lastLeftBins);
    tables.ruleBins.set(leftMissingBins, parentCount);
    return RoutingMode.oneByOne;
  }

  #buildLevel(mode: RoutingMode, parentCount: number, plan: HistogramPlan, { from, to }: RowRange): void {
    this.#writePlan(plan);
    const { block } = this.#memory;
    this.#functions.buildLevel(block, mode, parentCount, plan.histogramCount, from, to);
  }

  /** Writes the addresses of the children's histograms, and which child each histogram is of. */
  #writePlan({ childHistograms }: HistogramPlan): void {
    const { tables } = this.#memory;
    const { memory, shape, thread } = this.context;
    const packedBytes = histogramLength(shape.featureCount) * 4;
    const first = memory.packedHistograms.byteOffset + thread * memory.nodesPerBatch * packedBytes;
    tables.childCounts.fill(0, 0, childHistograms.length);
    for (let child = 0; child < childHistograms.length; child++) {
      const histogram = childHistograms[child] - 1;
      tables.childHistograms[child] = histogram < 0 ? 0 : first + histogram * packedBytes;
      if (histogram >= 0) tables.histogramChildren[histogram] = child;
    }
  }
}

/** How the kernel picks a tree's features, ascending, from the bins of a row. */
function writeGatheredParts(parts: Uint8Array, features: readonly number[]): void {
  const words = new Uint32Array(parts.buffer, parts.byteOffset, parts.byteLength / 4);
  for (let first = 0; first < features.length; first += PART_LANES) {
    const ofPart = features.slice(first, first + PART_LANES);
    const start = ofPart[0];
    const vectors = Math.ceil((ofPart[ofPart.length - 1] - start + 1) / PART_LANES);
    const at = (first / PART_LANES) * GATHERED_PART_BYTES;
    parts.fill(ABSENT_LANE, at, at + GATHERED_VECTORS * PART_LANES);
    const end = (at + GATHERED_VECTORS * PART_LANES) / 4;
    words.set([vectors > GATHERED_VECTORS ? 0 : vectors, start], end);
    if (vectors > GATHERED_VECTORS) continue;
    for (const [lane, feature] of ofPart.entries()) {
      const vector = Math.floor((feature - start) / PART_LANES);
      parts[at + vector * PART_LANES + lane] = (feature - start) % PART_LANES;
    }
  }
}

/** Writes the siblings of one pair of a batch to where the kernel looks for them. */
function writePair(
  { searchedPairs, searchedSums }: KernelTables,
  index: number,
  { nodeToBuild, sibling }: ScheduledPair,
): void {
  const word = (index * SEARCHED_PAIR_BYTES) / 4;
  searchedPairs[word + PairField.builtIndex] = nodeToBuild.histogramIndex;
  searchedPairs[word + PairField.builtNumber] = nodeToBuild.numberInBatch;
  searchedPairs[word + PairField.hasSibling] = sibling ? 1 : 0;
  searchedPairs[word + PairField.siblingIndex] = sibling?.histogramIndex ?? 0;
  searchedPairs[word + PairField.siblingNumber] = sibling?.numberInBatch ?? 0;
  searchedPairs[word + PairField.parentIndex] = sibling?.parentIndex ?? 0;
  searchedPairs[word + PairField.hasSums] = nodeToBuild.node.sums ? 1 : 0;
  const double = word / 2 + PAIR_SUMS;
  const [own, other] = [nodeToBuild.node.sums, sibling?.node.sums];
  searchedSums[double] = own?.gradients ?? 0;
  searchedSums[double + 1] = own?.hessians ?? 0;
  searchedSums[double + 2] = other?.gradients ?? 0;
  searchedSums[double + 3] = other?.hessians ?? 0;
}

function splitAtVectors({ from, to }: RowRange): [vectors: RowRange, rest: RowRange] {
  const end = to - ((to - from) % VECTOR_ROWS);
  return [
    { from, to: end },
    { from: end, to },
  ];
}

/** The side of each node whose rows are listed; undefined if a node has both sides listed. */
function listedSidesOf(childHistograms: Int32Array): Uint8Array | undefined {
  const sides = new Uint8Array(childHistograms.length / 2).fill(NEITHER_SIDE);
  for (let parent = 0; parent < sides.length; parent++) {
    const left = childHistograms[2 * parent] > 0;
    const right = childHistograms[2 * parent + 1] > 0;
    if (left && right) return undefined;
    if (left) sides[parent] = LEFT_SIDE;
    if (right) sides[parent] = RIGHT_SIDE;
  }
  return sides;
}
