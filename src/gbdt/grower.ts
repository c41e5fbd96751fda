/**
 * Grows one tree, level by level. Every thread runs this same code over its own rows; they meet at barriers, read the
 * same split candidates and so decide the same, each keeping its own copy of the (small) tree.
 *
 * A level, in batches of nodes:
 *
 *     each thread      histograms of its own rows, for the smaller child of every pair
 *     ── barrier ──
 *     shared by (node, feature)   sum over threads; larger child = parent − smaller; best split of each
 *     ── barrier ──
 *     each thread      picks the best feature of each node, parts its own rows
 *
 * Histograms of a level are kept for the next one as far as memory allows; children of a node without one are both
 * built. Sums are exact integers, so either way gives the same numbers.
 */
import type { Barrier } from './barrier.ts';
import { MAX_BINS, missingBin } from './binning.ts';
import { GrowingTree } from './growing-tree.ts';
import { type BinnedRows, buildHistogram, reduceHistogram, subtractHistogram } from './histogram.ts';
import { partition } from './partition.ts';
import type { GradientScale } from './quantization.ts';
import {
  findBestSplitOfFeature,
  NO_SPLIT,
  type NodeSums,
  type SplitConstraints,
  type SplitInfo,
} from './splitting.ts';
import { CANDIDATE_LENGTH, type TrainingMemory } from './training-memory.ts';

export interface GrowerOptions {
  readonly maxDepth: number;
  readonly constraints: SplitConstraints;
  /** The features this tree may use, ascending. */
  readonly features: readonly number[];
  readonly scale: GradientScale;
}

/** A node and this thread's rows of it, `rowIndices[from … to)`. */
export interface NodeRows {
  readonly node: number;
  readonly from: number;
  readonly to: number;
}

/** A node whose split is still to be found. */
interface OpenNode extends NodeRows {
  /** Unknown for the root until its histogram is there. */
  readonly sums: NodeSums | undefined;
}

/** One node, or two siblings whose histograms are found together: one from its rows, the other by subtraction. */
interface Job {
  readonly built: OpenNode;
  readonly subtracted?: { readonly open: OpenNode; readonly parentSlot: number };
}

/** A node with its places for a histogram and for split candidates. */
interface PlacedNode {
  readonly open: OpenNode;
  readonly slot: number;
  readonly candidate: number;
}

interface PlacedJob {
  readonly built: PlacedNode;
  readonly subtracted?: PlacedNode & { readonly parentSlot: number };
}

export interface GrownTree {
  readonly tree: GrowingTree;
  readonly leaves: readonly NodeRows[];
}

export class TreeGrower {
  readonly #memory: TrainingMemory;
  readonly #rows: BinnedRows;
  readonly #barrier: Barrier;
  readonly #thread: number;
  readonly #threads: number;

  constructor(
    memory: TrainingMemory,
    featureCount: number,
    barrier: Barrier,
    thread: number,
    threads: number,
  ) {
    const { bins, rowStride, packedGradients } = memory;
    this.#memory = memory;
    this.#rows = { bins, rowStride, featureCount, packedGradients };
    this.#barrier = barrier;
    this.#thread = thread;
    this.#threads = threads;
  }

  /** Grows a tree over this thread's rows `rowIndices[from … to)`, whose order it changes. */
  grow(from: number, to: number, options: GrowerOptions): GrownTree {
    const tree = new GrowingTree();
    const leaves: NodeRows[] = [];
    let level: Job[] = [{ built: { node: tree.addLeaf(), from, to, sums: undefined } }];
    for (let depth = 0; level.length > 0; depth++) {
      const next: Job[] = [];
      for (const batch of this.#placeLevel(level, depth)) {
        this.#buildHistograms(batch);
        this.#barrier.wait();
        this.#searchSplits(batch, options);
        this.#barrier.wait();
        for (const placed of batch.flatMap(nodesOf)) {
          const split = this.#bestSplit(placed, options);
          if (split.feature < 0) {
            leaves.push(placed.open);
            continue;
          }
          const children = this.#applySplit(tree, placed, split, options);
          const open = children.filter((child) => depth + 1 < options.maxDepth && canSplit(child, options));
          leaves.push(...children.filter((child) => !open.includes(child)));
          next.push(...this.#jobsOf(open, placed.slot));
        }
      }
      level = next;
    }
    return { tree, leaves };
  }

  /** Gives every node of a level a histogram, kept in the level's bank as far as that goes, and cuts it in batches. */
  #placeLevel(level: readonly Job[], depth: number): PlacedJob[][] {
    const { bankNodes, nodesABatch } = this.#memory;
    const bank = (depth % 2) * bankNodes;
    const batches: PlacedJob[][] = [];
    let kept = 0;
    for (let start = 0; start < level.length; start += nodesABatch) {
      let passing = 0;
      let candidate = 0;
      const place = (open: OpenNode): PlacedNode => ({
        open,
        slot: kept < bankNodes ? bank + kept++ : 2 * bankNodes + passing++,
        candidate: candidate++,
      });
      batches.push(
        level.slice(start, start + nodesABatch).map(({ built, subtracted }) => ({
          built: place(built),
          ...(subtracted && {
            subtracted: { ...place(subtracted.open), parentSlot: subtracted.parentSlot },
          }),
        })),
      );
    }
    return batches;
  }

  #buildHistograms(batch: readonly PlacedJob[]): void {
    const own = this.#memory.threadHistograms[this.#thread];
    for (const [i, { built }] of batch.entries()) {
      buildHistogram(this.#rows, this.#memory.rowIndices, built.open.from, built.open.to, own[i]);
    }
  }

  /** This thread's share of the (job, feature) pairs: sum over threads, subtract, best split on the feature. */
  #searchSplits(batch: readonly PlacedJob[], options: GrowerOptions): void {
    const { threadHistograms, nodeHistograms } = this.#memory;
    let turn = 0;
    for (const [i, { built, subtracted }] of batch.entries()) {
      const parts = threadHistograms.map((histograms) => histograms[i]);
      const histogram = nodeHistograms[built.slot];
      for (const feature of options.features) {
        if (turn++ % this.#threads !== this.#thread) continue;
        const binCount = missingBin(this.#memory, feature) + 1;
        reduceHistogram(parts, histogram, feature, binCount);
        this.#searchFeature(built, feature, options);
        if (!subtracted) continue;
        const parent = nodeHistograms[subtracted.parentSlot];
        subtractHistogram(parent, histogram, nodeHistograms[subtracted.slot], feature, binCount);
        this.#searchFeature(subtracted, feature, options);
      }
    }
  }

  #searchFeature(placed: PlacedNode, feature: number, options: GrowerOptions): void {
    const { candidates, nodeHistograms } = this.#memory;
    const split = findBestSplitOfFeature(
      nodeHistograms[placed.slot],
      feature,
      missingBin(this.#memory, feature),
      this.#sumsOf(placed, feature),
      options.scale,
      options.constraints,
    );
    const offset = this.#candidateOffset(placed, feature);
    candidates[offset] = split.gain;
    candidates[offset + 1] = split.leftGradients;
    candidates[offset + 2] = split.leftHessians;
    candidates[offset + 3] = split.feature < 0 ? -1 : split.bin * 2 + (split.defaultLeft ? 1 : 0);
  }

  /** The best of the features' candidates; of equal ones the lowest feature. */
  #bestSplit(placed: PlacedNode, options: GrowerOptions): SplitInfo {
    const { candidates } = this.#memory;
    let best = NO_SPLIT;
    for (const feature of options.features) {
      const offset = this.#candidateOffset(placed, feature);
      const [gain, leftGradients, leftHessians, code] = candidates.subarray(
        offset,
        offset + CANDIDATE_LENGTH,
      );
      if (code < 0 || gain <= best.gain) continue;
      best = { feature, bin: code >> 1, defaultLeft: (code & 1) === 1, gain, leftGradients, leftHessians };
    }
    return best;
  }

  #applySplit(tree: GrowingTree, placed: PlacedNode, split: SplitInfo, options: GrowerOptions): OpenNode[] {
    const { open } = placed;
    const { bins, rowStride, rowIndices, scratchIndices } = this.#memory;
    const sums = this.#sumsOf(placed, options.features[0]);
    const { left, right } = tree.split(open.node, split);
    const binSplit = { ...split, missingBin: missingBin(this.#memory, split.feature) };
    const middle = partition(bins, rowStride, binSplit, rowIndices, scratchIndices, open.from, open.to);
    const leftSums = { gradients: split.leftGradients, hessians: split.leftHessians };
    const rightSums = {
      gradients: sums.gradients - split.leftGradients,
      hessians: sums.hessians - split.leftHessians,
    };
    return [
      { node: left, from: open.from, to: middle, sums: leftSums },
      { node: right, from: middle, to: open.to, sums: rightSums },
    ];
  }

  /** Two siblings of a parent whose histogram is kept make one job: the one of less weight is built. */
  #jobsOf(open: readonly OpenNode[], parentSlot: number): Job[] {
    const [first, second] = open;
    const isParentKept = parentSlot < 2 * this.#memory.bankNodes;
    if (!isParentKept || first === undefined || second === undefined) return open.map((built) => ({ built }));
    const firstIsSmaller = (first.sums?.hessians ?? 0) <= (second.sums?.hessians ?? 0);
    const [built, other] = firstIsSmaller ? [first, second] : [second, first];
    return [{ built, subtracted: { open: other, parentSlot } }];
  }

  /** A node's sums: known from its parent's split, or for the root the sum over any one feature's bins. */
  #sumsOf(placed: PlacedNode, feature: number): NodeSums {
    if (placed.open.sums) return placed.open.sums;
    const histogram = this.#memory.nodeHistograms[placed.slot];
    let gradients = 0;
    let hessians = 0;
    for (let bin = 0; bin <= missingBin(this.#memory, feature); bin++) {
      gradients += histogram[(feature * MAX_BINS + bin) * 2];
      hessians += histogram[(feature * MAX_BINS + bin) * 2 + 1];
    }
    return { gradients, hessians };
  }

  #candidateOffset(placed: PlacedNode, feature: number): number {
    return (placed.candidate * this.#rows.featureCount + feature) * CANDIDATE_LENGTH;
  }
}

function nodesOf({ built, subtracted }: PlacedJob): PlacedNode[] {
  return subtracted ? [built, subtracted] : [built];
}

/** Too light a node cannot have two children that are heavy enough. */
function canSplit(open: OpenNode, { constraints, scale }: GrowerOptions): boolean {
  const hessians = (open.sums?.hessians ?? 0) / scale.hessian;
  return hessians > 0 && hessians >= 2 * constraints.min_child_weight;
}
