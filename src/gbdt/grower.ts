/**
 * Grows one tree, level by level. Every thread runs this same code over its own rows; they meet at barriers, read the
 * same split candidates and so decide the same, each keeping its own copy of the (small) tree.
 *
 * A level, in batches of nodes:
 *
 *     each thread      moves its rows one level down and, in the same pass, builds the histograms of its own rows,
 *                      for the smaller child of every pair of siblings
 *     ── barrier ──
 *     shared by (node, feature)   sum over threads; larger child = parent − smaller; best split of each
 *     ── barrier ──
 *     each thread      picks the best feature of each node
 *
 * Histograms of a level are kept for the next one as far as memory allows; children of a node without one are both
 * built. Sums are exact integers, so either way gives the same numbers.
 */
import type { Barrier } from './barrier.ts';
import { missingBin } from './binning.ts';
import { GrowingTree } from './growing-tree.ts';
import {
  type LevelNode,
  pairSiblings,
  type ScheduledPair,
  type SiblingPair,
  type SplittableNode,
  scheduleLevel,
} from './level-schedule.ts';
import type { RowRange } from './row-range.ts';
import { type NodeSplit, SplitSearcher } from './split-search.ts';
import type { SplitOptions } from './splitting.ts';
import type { HistogramPlan, LevelRules, ThreadContext, TreeKernel } from './tree-kernel.ts';

export interface GrowerOptions extends SplitOptions {
  readonly maxDepth: number;
}

export interface GrownTree {
  readonly tree: GrowingTree;
  /** Nodes that the level has room for that rows were moved to last, 2^depth. */
  readonly levelWidth: number;
  /** Leaves, with their numbers in that level. */
  readonly leaves: readonly LevelNode[];
}

/** A leaf, with its number in the level of its own depth. */
interface FinishedLeaf {
  readonly leaf: LevelNode;
  readonly depth: number;
}

export class TreeGrower {
  readonly #context: ThreadContext;
  readonly #kernel: TreeKernel;
  readonly #searcher: SplitSearcher;

  constructor(context: ThreadContext, kernel: TreeKernel, barrier: Barrier) {
    this.#context = context;
    this.#kernel = kernel;
    this.#searcher = new SplitSearcher(context, kernel, barrier);
  }

  /** Grows a tree over this thread's rows, which end up in the leaves. */
  grow(rows: RowRange, options: GrowerOptions): GrownTree {
    this.#kernel.chooseFeatures(options.features, rows);
    const tree = new GrowingTree();
    const finished: FinishedLeaf[] = [];
    let pairs: SiblingPair[] = [{ nodeToBuild: { node: tree.addLeaf(), number: 0, sums: undefined } }];
    let rules: LevelRules | undefined;
    let depth = 0;
    for (; pairs.length > 0; depth++) {
      const splits = this.#searchLevel(pairs, depth, { rules, rows, options });
      for (const { scheduled, split } of splits) {
        if (split.feature < 0) finished.push({ leaf: scheduled.node, depth });
      }
      const accepted = splits.filter(({ split }) => split.feature >= 0);
      if (accepted.length === 0) break;
      rules = this.#rulesOf(accepted, depth);
      pairs = [];
      for (const accept of accepted) {
        const children = applySplit(tree, accept);
        const splittable = children.filter(
          (child) => depth + 1 < options.maxDepth && canSplit(child, options),
        );
        for (const leaf of children) {
          if (!splittable.includes(leaf)) finished.push({ leaf, depth: depth + 1 });
        }
        pairs.push(...pairSiblings(splittable, accept.scheduled.histogramIndex, this.#context.memory));
      }
      if (pairs.length === 0) this.#kernel.route(rules, rows);
    }
    return { tree, levelWidth: 2 ** depth, leaves: numberInLastLevel(finished, depth) };
  }

  /** The best split of every node of a level, batch by batch. The first batch also moves the rows into the level. */
  #searchLevel(pairs: readonly SiblingPair[], depth: number, level: LevelTask): NodeSplit[] {
    const splits: NodeSplit[] = [];
    for (const [i, batch] of scheduleLevel(pairs, depth, this.#context.memory).entries()) {
      const plan = planOf(batch, depth);
      if (level.rules === undefined) this.#kernel.buildRoot(level.rows);
      else if (i === 0) this.#kernel.routeAndBuild(level.rules, plan, level.rows);
      else this.#kernel.build(plan, level.rows);
      splits.push(...this.#searcher.search(batch, level.options));
    }
    return splits;
  }

  /** How rows of this level find the next one; nodes that are not split send theirs to the left. */
  #rulesOf(accepted: readonly NodeSplit[], depth: number): LevelRules {
    const parentCount = 2 ** depth;
    const features = new Int32Array(parentCount);
    const lastLeftBins = new Uint8Array(parentCount).fill(255);
    const leftMissingBins = new Uint8Array(parentCount).fill(255);
    for (const { scheduled, split } of accepted) {
      const { number } = scheduled.node;
      const missing = missingBin(this.#context.memory, split.feature);
      features[number] = split.feature;
      lastLeftBins[number] = split.bin;
      leftMissingBins[number] = split.defaultLeft ? missing : split.bin;
    }
    return { parentCount, features, lastLeftBins, leftMissingBins };
  }
}

interface LevelTask {
  /** How rows come into the level; undefined at the root, where they are already. */
  readonly rules: LevelRules | undefined;
  readonly rows: RowRange;
  readonly options: GrowerOptions;
}

function planOf(batch: readonly ScheduledPair[], depth: number): HistogramPlan {
  const childHistograms = new Int32Array(2 ** depth);
  for (const [i, { nodeToBuild }] of batch.entries()) childHistograms[nodeToBuild.node.number] = i + 1;
  return { childHistograms, histogramCount: batch.length };
}

function applySplit(tree: GrowingTree, { scheduled, split }: NodeSplit): SplittableNode[] {
  const { node, number } = scheduled.node;
  const { left, right } = tree.split(node, split);
  const leftSums = { gradients: split.leftGradients, hessians: split.leftHessians };
  const rightSums = {
    gradients: split.node.gradients - split.leftGradients,
    hessians: split.node.hessians - split.leftHessians,
  };
  return [
    { node: left, number: 2 * number, sums: leftSums },
    { node: right, number: 2 * number + 1, sums: rightSums },
  ];
}

/** A node that is too light cannot have two children that are heavy enough. */
function canSplit({ sums }: SplittableNode, { constraints, scale }: GrowerOptions): boolean {
  const hessians = (sums?.hessians ?? 0) / scale.hessian;
  return hessians > 0 && hessians >= 2 * constraints.min_child_weight;
}

/** A finished node sends its rows to the left on every level that follows. */
function numberInLastLevel(finished: readonly FinishedLeaf[], lastDepth: number): LevelNode[] {
  return finished.map(({ leaf: { node, number }, depth }) => ({
    node,
    number: number * 2 ** (lastDepth - depth),
  }));
}
