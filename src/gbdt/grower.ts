/**
 * Grows one tree, level by level. Every thread runs this same code over its own rows; they meet at barriers, read the
 * same split candidates and so decide the same, each keeping its own copy of the (small) tree.
 *
 * A level, in batches of nodes:
 *
 *     each thread      moves its rows one level down and, in the same pass, builds the histograms of its own rows,
 *                      for the smaller child of every pair
 *     ── barrier ──
 *     shared by (node, feature)   sum over threads; larger child = parent − smaller; best split of each
 *     ── barrier ──
 *     each thread      picks the best feature of each node
 *
 * Histograms of a level are kept for the next one as far as memory allows; children of a node without one are both
 * built. Sums are exact integers, so either way gives the same numbers.
 */
import type { Barrier } from './barrier.ts';
import { MAX_BINS, missingBin } from './binning.ts';
import { GrowingTree } from './growing-tree.ts';
import { histogramLength } from './histogram.ts';
import type { GradientScale } from './quantization.ts';
import { NO_SPLIT, type NodeSums, type SplitConstraints, type SplitInfo } from './splitting.ts';
import { CANDIDATE_LENGTH, type TrainingMemory, type TrainingShape } from './training-memory.ts';
import type { LevelRules, TreeKernel } from './tree-kernel.ts';

export interface GrowerOptions {
  readonly maxDepth: number;
  readonly constraints: SplitConstraints;
  /** The features this tree may use, ascending. */
  readonly features: readonly number[];
  readonly scale: GradientScale;
}

/** A node of the tree and its number within its level. */
interface PlacedNode {
  readonly node: number;
  readonly number: number;
}

/** A node whose split is still to be found; its sums are unknown for the root, until its histogram is there. */
interface OpenNode extends PlacedNode {
  readonly sums: NodeSums | undefined;
}

/** One node, or two siblings whose histograms are found together: one from its rows, the other by subtraction. */
interface Job {
  readonly built: OpenNode;
  readonly subtracted?: { readonly open: OpenNode; readonly parentSlot: number };
}

/** An open node with its places for a histogram and for split candidates. */
interface Seat {
  readonly open: OpenNode;
  readonly slot: number;
  readonly candidate: number;
}

interface SeatedJob {
  readonly built: Seat;
  readonly subtracted?: Seat & { readonly parentSlot: number };
}

export interface GrownTree {
  readonly tree: GrowingTree;
  /** Number of places in the level that rows were moved to last, 2^depth. */
  readonly levelWidth: number;
  /** Leaves, with their numbers in that level. */
  readonly leaves: readonly PlacedNode[];
}

export class TreeGrower {
  readonly #memory: TrainingMemory;
  readonly #kernel: TreeKernel;
  readonly #barrier: Barrier;
  readonly #thread: number;
  readonly #shape: TrainingShape;

  constructor(
    memory: TrainingMemory,
    kernel: TreeKernel,
    barrier: Barrier,
    shape: TrainingShape,
    thread: number,
  ) {
    this.#memory = memory;
    this.#kernel = kernel;
    this.#barrier = barrier;
    this.#shape = shape;
    this.#thread = thread;
  }

  /** Grows a tree over this thread's rows, which end up in the leaves. */
  grow(from: number, to: number, options: GrowerOptions): GrownTree {
    const tree = new GrowingTree();
    const finished: { readonly leaf: PlacedNode; readonly depth: number }[] = [];
    let jobs: Job[] = [{ built: { node: tree.addLeaf(), number: 0, sums: undefined } }];
    let rules: LevelRules | undefined;
    let depth = 0;
    for (; jobs.length > 0; depth++) {
      const splits: { readonly seat: Seat; readonly split: SplitInfo }[] = [];
      for (const [i, batch] of this.#seatLevel(jobs, depth).entries()) {
        this.#buildHistograms(i === 0, rules, batch, depth, from, to);
        this.#barrier.wait();
        this.#searchSplits(batch, options);
        this.#barrier.wait();
        for (const seat of batch.flatMap(seatsOf))
          splits.push({ seat, split: this.#bestSplit(seat, options) });
      }
      jobs = [];
      const worthIt = splits.filter(({ split }) => split.feature >= 0);
      for (const { seat, split } of splits) {
        if (split.feature < 0) finished.push({ leaf: seat.open, depth });
      }
      if (worthIt.length === 0) break;
      rules = this.#rulesOf(worthIt, depth);
      for (const { seat, split } of worthIt) {
        const children = this.#applySplit(tree, seat, split);
        const open = children.filter((child) => depth + 1 < options.maxDepth && canSplit(child, options));
        for (const child of children)
          if (!open.includes(child)) finished.push({ leaf: child, depth: depth + 1 });
        jobs.push(...this.#jobsOf(open, seat.slot));
      }
      if (jobs.length === 0) {
        this.#kernel.route(rules, from, to);
        depth++;
        break;
      }
    }
    const leaves = finished.map(({ leaf, depth: own }) => ({
      ...leaf,
      number: leaf.number * 2 ** (depth - own),
    }));
    return { tree, levelWidth: 2 ** depth, leaves };
  }

  /** Gives every node of a level a histogram, kept in the level's bank as far as that goes, and cuts it in batches. */
  #seatLevel(jobs: readonly Job[], depth: number): SeatedJob[][] {
    const { bankNodes, nodesABatch } = this.#memory;
    const bank = (depth % 2) * bankNodes;
    const batches: SeatedJob[][] = [];
    let kept = 0;
    for (let start = 0; start < jobs.length; start += nodesABatch) {
      let passing = 0;
      let candidate = 0;
      const seat = (open: OpenNode): Seat => ({
        open,
        slot: kept < bankNodes ? bank + kept++ : 2 * bankNodes + passing++,
        candidate: candidate++,
      });
      batches.push(
        jobs.slice(start, start + nodesABatch).map(({ built, subtracted }) => ({
          built: seat(built),
          ...(subtracted && { subtracted: { ...seat(subtracted.open), parentSlot: subtracted.parentSlot } }),
        })),
      );
    }
    return batches;
  }

  /** The first batch of a level also moves the rows into it. */
  #buildHistograms(
    isFirst: boolean,
    rules: LevelRules | undefined,
    batch: readonly SeatedJob[],
    depth: number,
    from: number,
    to: number,
  ): void {
    if (rules === undefined) {
      this.#kernel.buildRoot(from, to);
      return;
    }
    const childHistograms = new Int32Array(2 ** depth);
    for (const [i, { built }] of batch.entries()) childHistograms[built.open.number] = i + 1;
    if (isFirst) this.#kernel.routeAndBuild({ ...rules, childHistograms }, batch.length, from, to);
    else this.#kernel.build(childHistograms, batch.length, from, to);
  }

  /** This thread's share of the (job, feature) pairs: sum over threads, subtract, best split on the feature. */
  #searchSplits(batch: readonly SeatedJob[], options: GrowerOptions): void {
    let turn = 0;
    for (const [part, { built, subtracted }] of batch.entries()) {
      for (const feature of options.features) {
        if (turn++ % this.#shape.threads !== this.#thread) continue;
        this.#kernel.reduce(part, built.slot, feature);
        this.#searchFeature(built, feature, options);
        if (!subtracted) continue;
        this.#kernel.subtract(subtracted.parentSlot, built.slot, subtracted.slot, feature);
        this.#searchFeature(subtracted, feature, options);
      }
    }
  }

  #searchFeature(seat: Seat, feature: number, { scale, constraints }: GrowerOptions): void {
    const candidate = this.#candidateOf(seat, feature);
    const sums = this.#sumsOf(seat, feature);
    this.#kernel.searchSplit(seat.slot, feature, candidate, sums, scale, constraints);
  }

  /** The best of the features' candidates; of equal ones the lowest feature. */
  #bestSplit(seat: Seat, options: GrowerOptions): SplitInfo {
    const { candidates } = this.#memory;
    let best = NO_SPLIT;
    for (const feature of options.features) {
      const offset = this.#candidateOf(seat, feature) * CANDIDATE_LENGTH;
      const gain = candidates[offset];
      const code = candidates[offset + 3];
      if (code < 0 || gain <= best.gain) continue;
      best = {
        feature,
        bin: code >> 1,
        defaultLeft: (code & 1) === 1,
        gain,
        leftGradients: candidates[offset + 1],
        leftHessians: candidates[offset + 2],
        node: this.#sumsOf(seat, feature),
      };
    }
    return best;
  }

  /** How rows of this level find the next one; nodes that are not split send theirs to the left. */
  #rulesOf(splits: readonly { readonly seat: Seat; readonly split: SplitInfo }[], depth: number): LevelRules {
    const parentCount = 2 ** depth;
    const features = new Int32Array(parentCount);
    const lastLeftBins = new Uint8Array(parentCount).fill(255);
    const leftMissingBins = new Uint8Array(parentCount).fill(255);
    for (const { seat, split } of splits) {
      const { number } = seat.open;
      features[number] = split.feature;
      lastLeftBins[number] = split.bin;
      leftMissingBins[number] = split.defaultLeft ? missingBin(this.#memory, split.feature) : split.bin;
    }
    const childHistograms = new Int32Array(2 * parentCount);
    return { parentCount, features, lastLeftBins, leftMissingBins, childHistograms };
  }

  #applySplit(tree: GrowingTree, { open }: Seat, split: SplitInfo): OpenNode[] {
    const { left, right } = tree.split(open.node, split);
    const leftSums = { gradients: split.leftGradients, hessians: split.leftHessians };
    const rightSums = {
      gradients: split.node.gradients - split.leftGradients,
      hessians: split.node.hessians - split.leftHessians,
    };
    return [
      { node: left, number: 2 * open.number, sums: leftSums },
      { node: right, number: 2 * open.number + 1, sums: rightSums },
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
  #sumsOf(seat: Seat, feature: number): NodeSums {
    if (seat.open.sums) return seat.open.sums;
    const offset = seat.slot * histogramLength(this.#shape.featureCount) + feature * MAX_BINS * 2;
    const { nodeHistograms } = this.#memory;
    let gradients = 0;
    let hessians = 0;
    for (let bin = 0; bin <= missingBin(this.#memory, feature); bin++) {
      gradients += nodeHistograms[offset + bin * 2];
      hessians += nodeHistograms[offset + bin * 2 + 1];
    }
    return { gradients, hessians };
  }

  #candidateOf(seat: Seat, feature: number): number {
    return seat.candidate * this.#shape.featureCount + feature;
  }
}

function seatsOf({ built, subtracted }: SeatedJob): Seat[] {
  return subtracted ? [built, subtracted] : [built];
}

/** Too light a node cannot have two children that are heavy enough. */
function canSplit(open: OpenNode, { constraints, scale }: GrowerOptions): boolean {
  const hessians = (open.sums?.hessians ?? 0) / scale.hessian;
  return hessians > 0 && hessians >= 2 * constraints.min_child_weight;
}
