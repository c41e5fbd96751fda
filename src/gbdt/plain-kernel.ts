import { sortFloat32 } from '../dataset/radix-sort.ts';
import { type BinnedRows, binColumn, type FeatureColumn, missingBin } from './binning.ts';
import { addToHistogram, histogramLength, reduceHistogram, subtractHistogram } from './histogram.ts';
import { CANDIDATE_LENGTH, MAX_BINS } from './kernel/layout.ts';
import { sumLeafGradients } from './leaf-sums.ts';
import { nodesOf, type ScheduledNode, type ScheduledPair } from './level-schedule.ts';
import { computeGradients, type GradientMaxima } from './loss.ts';
import { type GradientScale, quantizeGradients } from './quantization.ts';
import { computeListGradients } from './ranking-loss.ts';
import { childOf, leafOfRow } from './routing.ts';
import type { RowRange, ThreadNumber } from './row-range.ts';
import { isDrawn, type RowDraw } from './sampling.ts';
import { findBestSplitOfFeature, NO_SPLIT, type SplitInfo, type SplitOptions, sumBins } from './splitting.ts';
import type { TrainingMemory } from './training-memory.ts';
import type {
  BinTree,
  HistogramPlan,
  LeafSumRequest,
  LevelRules,
  ThreadContext,
  TreeKernel,
} from './tree-kernel.ts';

/** The hot loops in plain TypeScript: what they mean, and what the fast kernel is checked against. */
export class PlainKernel implements TreeKernel {
  protected readonly context: ThreadContext;
  readonly #memory: TrainingMemory;
  readonly #own: ThreadNumber;
  readonly #rows: BinnedRows;
  readonly #validationRows: BinnedRows;
  readonly #histogramLength: number;

  constructor(context: ThreadContext) {
    const { memory, shape } = context;
    const { rowStride } = memory;
    const { featureCount } = shape;
    this.context = context;
    this.#memory = memory;
    this.#own = { thread: context.thread, threads: shape.threads };
    this.#rows = { bins: memory.bins, rowStride, featureCount };
    this.#validationRows = { bins: memory.validationBins, rowStride, featureCount };
    this.#histogramLength = histogramLength(featureCount);
  }

  sort(values: Float32Array): Float32Array {
    return sortFloat32(values);
  }

  binColumn(column: FeatureColumn, rows: RowRange): void {
    binColumn(column, this.#memory, this.#rows, rows);
  }

  binValidationColumn(column: FeatureColumn, rows: RowRange): void {
    binColumn(column, this.#memory, this.#validationRows, rows);
  }

  computeGradients(scalePosWeight: number, rows: RowRange): GradientMaxima {
    return computeGradients(this.#memory, scalePosWeight, rows);
  }

  computeListGradients(starts: Uint32Array, { from, to }: RowRange): GradientMaxima {
    let [gradient, hessian] = [0, 0];
    for (let list = from; list < to; list++) {
      const own = computeListGradients(this.#memory, this.rowsOfList(starts, list));
      gradient = Math.max(gradient, own.gradient);
      hessian = Math.max(hessian, own.hessian);
    }
    return { gradient, hessian };
  }

  protected rowsOfList(starts: Uint32Array, list: number): RowRange {
    return { from: starts[list], to: starts[list + 1] ?? this.context.shape.rowCount };
  }

  leaveOutRows(drawn: RowDraw, { from, to }: RowRange): void {
    const { gradients, hessians } = this.#memory;
    for (let row = from; row < to; row++) {
      if (isDrawn(drawn, row)) continue;
      gradients[row] = 0;
      hessians[row] = 0;
    }
  }

  quantizeGradients(scale: GradientScale, rows: RowRange): void {
    quantizeGradients(this.#memory, scale, rows);
  }

  /** Here histograms are built of all features: the others are never looked at. */
  chooseFeatures(_features: readonly number[], _rows: RowRange): void {}

  buildRoot({ from, to }: RowRange): void {
    this.#emptyHistograms(1);
    for (let row = from; row < to; row++) this.#addRow(row, 0);
  }

  routeAndBuild(rules: LevelRules, plan: HistogramPlan, rows: RowRange): void {
    this.route(rules, rows);
    this.build(plan, rows);
  }

  build({ childHistograms, histogramCount }: HistogramPlan, { from, to }: RowRange): void {
    const { nodes } = this.#memory;
    this.#emptyHistograms(histogramCount);
    for (let row = from; row < to; row++) {
      const histogram = childHistograms[nodes[row]];
      if (histogram > 0) this.#addRow(row, histogram - 1);
    }
  }

  route(rules: LevelRules, { from, to }: RowRange): void {
    const { nodes, bins, rowStride } = this.#memory;
    for (let row = from; row < to; row++) nodes[row] = childOf(rules, nodes[row], bins, row * rowStride);
  }

  searchSplits(batch: readonly ScheduledPair[], options: SplitOptions): void {
    const { thread, threads } = this.#own;
    const best = batch.flatMap(nodesOf).map((): SplitInfo => NO_SPLIT);
    let turn = 0;
    for (const [batchIndex, { nodeToBuild, sibling }] of batch.entries()) {
      const parts = Array.from({ length: threads }, (_, part) => this.#threadHistogram(part, batchIndex));
      const built = this.#nodeHistogram(nodeToBuild.histogramIndex);
      for (const feature of options.features) {
        if (turn++ % threads !== thread) continue;
        const bins = this.#binsOf(feature);
        reduceHistogram(parts, built, bins);
        this.#improve(best, nodeToBuild, feature, options);
        if (!sibling) continue;
        const parent = this.#nodeHistogram(sibling.parentIndex);
        subtractHistogram(parent, built, this.#nodeHistogram(sibling.histogramIndex), bins);
        this.#improve(best, sibling, feature, options);
      }
    }
    for (const [number, split] of best.entries()) this.#writeCandidate(number, split);
  }

  /** Of equal gains, the lower feature keeps its place. */
  #improve(
    best: SplitInfo[],
    { node, histogramIndex, numberInBatch }: ScheduledNode,
    feature: number,
    { scale, constraints }: SplitOptions,
  ): void {
    const histogram = this.#nodeHistogram(histogramIndex);
    const bins = this.#binsOf(feature);
    const sums = node.sums ?? sumBins(histogram, bins);
    const split = findBestSplitOfFeature(histogram, bins, { sums, scale, constraints });
    if (split.gain > best[numberInBatch].gain) best[numberInBatch] = split;
  }

  #writeCandidate(numberInBatch: number, { feature, bin, defaultLeft, node, ...split }: SplitInfo): void {
    const { thread, threads } = this.#own;
    const code = feature < 0 ? -1 : (feature * MAX_BINS + bin) * 2 + (defaultLeft ? 1 : 0);
    this.#memory.candidates.set(
      [split.gain, split.leftGradients, split.leftHessians, code, node.gradients, node.hessians],
      (numberInBatch * threads + thread) * CANDIDATE_LENGTH,
    );
  }

  sumLeaves({ nodeCount, scales }: LeafSumRequest, rows: RowRange): void {
    const { leafSums, leafSumStride } = this.#memory;
    const first = this.context.thread * leafSumStride;
    sumLeafGradients(this.#memory, leafSums.subarray(first, first + nodeCount * 2), scales, rows);
  }

  addLeafValues(valuesByNode: Float32Array, { from, to }: RowRange): void {
    const { rawScores, nodes } = this.#memory;
    for (let row = from; row < to; row++) rawScores[row] += valuesByNode[nodes[row]];
    nodes.fill(0, from, to);
  }

  addTreeToValidation(binTree: BinTree, { from, to }: RowRange): void {
    const { validationBins, validationRawScores, rowStride } = this.#memory;
    const { leafValues } = binTree.tree;
    for (let row = from; row < to; row++) {
      validationRawScores[row] += leafValues[leafOfRow(binTree, validationBins, row * rowStride)];
    }
  }

  #addRow(row: number, batchIndex: number): void {
    const histogram = this.#threadHistogram(this.context.thread, batchIndex);
    addToHistogram(histogram, this.#rows, row, this.#memory.packedGradients[row]);
  }

  #emptyHistograms(count: number): void {
    for (let i = 0; i < count; i++) this.#threadHistogram(this.context.thread, i).fill(0);
  }

  #threadHistogram(thread: number, batchIndex: number): Float64Array {
    const { threadHistograms, nodesPerBatch } = this.#memory;
    return this.#histogramOf(threadHistograms, thread * nodesPerBatch + batchIndex);
  }

  #nodeHistogram(histogramIndex: number): Float64Array {
    return this.#histogramOf(this.#memory.nodeHistograms, histogramIndex);
  }

  #histogramOf(histograms: Float64Array, index: number): Float64Array {
    return histograms.subarray(index * this.#histogramLength, (index + 1) * this.#histogramLength);
  }

  #binsOf(feature: number) {
    return { feature, binCount: missingBin(this.#memory, feature) + 1 };
  }
}
