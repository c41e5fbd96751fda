import type { Tree } from '../gbdt/tree.ts';
import { type CategoryRange, type Segment, segmentsOf, WHOLE_RANGE } from './category-segments.ts';
import { refusedModel } from './model-refusal.ts';
import type { SourceTree } from './source-tree.ts';

/** A tree that would need more is refused: each segment of a set of categories repeats what is below it. */
const MOST_NODES = 500_000;

/** Up to this many nodes, what a split above has settled is asked again. */
const MOST_REPEATED_NODES = 20_000;

/** What is known about the rows that reach a node of the source. */
interface Branch {
  /** Which categories they can still have, per feature that a split above has asked for. */
  readonly ranges: ReadonlyMap<number, CategoryRange>;
  /** Their part of the node's training rows, if the node is written several times. */
  readonly share: number;
}

/** A split by categories, and the segments that its thresholds part. */
interface SegmentedSplit {
  readonly node: number;
  readonly segments: readonly Segment[];
}

/** One side of a split of the source. */
interface SplitSide {
  readonly node: number;
  readonly goesLeft: boolean;
  /** How often the side is written. */
  readonly repetitions: number;
  /** Whether the other side can no longer be reached. */
  readonly takesAll: boolean;
}

/**
 * A tree of XGBoost as one of ours. Splits by threshold are the same rule and are taken over as they are. A split by
 * categories becomes a balanced tree of thresholds over its segments, below which the two subtrees are repeated.
 *
 * Covers are shared out among the repetitions so that each side's sum, and with it the explanations, stay the same.
 * If that takes too many nodes, what a split above has settled is not asked again: scores stay the same, but a
 * categorical feature that a path asks for twice is explained a little differently than by XGBoost.
 */
export function convertTree(source: SourceTree): Tree {
  return new TreeWriter(source, repeatedNodeCount(source, 0) <= MOST_REPEATED_NODES).write();
}

/** Nodes of the tree if every split is written out as often as it is repeated. */
function repeatedNodeCount(source: SourceTree, node: number): number {
  const { tree, categoriesOf } = source;
  if (tree.left_children[node] === -1) return 1;
  const left = repeatedNodeCount(source, tree.left_children[node]);
  const right = repeatedNodeCount(source, tree.right_children[node]);
  if (tree.split_type?.[node] !== 1) return 1 + left + right;
  const segments = segmentsOf(categoriesOf.get(node) ?? [], WHOLE_RANGE);
  const lefts = segments.filter(({ goesLeft }) => goesLeft).length;
  return segments.length + lefts * left + (segments.length - lefts) * right;
}

class TreeWriter {
  private readonly source: SourceTree;
  private readonly asksAgain: boolean;
  private readonly splitFeatures: number[] = [];
  private readonly thresholds: number[] = [];
  private readonly leftChildren: number[] = [];
  private readonly rightChildren: number[] = [];
  private readonly defaultLeft: number[] = [];
  private readonly leafValues: number[] = [];
  private readonly gains: number[] = [];
  private readonly covers: number[] = [];

  constructor(source: SourceTree, asksAgain: boolean) {
    this.source = source;
    this.asksAgain = asksAgain;
  }

  write(): Tree {
    this.writeNode(0, { ranges: new Map(), share: 1 });
    return {
      splitFeatures: Int32Array.from(this.splitFeatures),
      thresholds: Float32Array.from(this.thresholds),
      leftChildren: Int32Array.from(this.leftChildren),
      rightChildren: Int32Array.from(this.rightChildren),
      defaultLeft: Uint8Array.from(this.defaultLeft),
      leafValues: Float32Array.from(this.leafValues),
      gains: Float32Array.from(this.gains),
      covers: Float32Array.from(this.covers),
    };
  }

  /** Returns the index of the node, which comes before all that is below it. */
  private writeNode(node: number, branch: Branch): number {
    const { tree, categoriesOf } = this.source;
    const left = tree.left_children[node];
    if (left === -1) return this.addLeaf(node, branch);
    const categories = tree.split_type?.[node] === 1 ? categoriesOf.get(node) : undefined;
    if (categories !== undefined) return this.writeCategories(node, categories, branch);
    const index = this.addSplit(node, tree.split_conditions[node], tree.default_left[node] === 1, branch);
    this.leftChildren[index] = this.writeNode(left, branch);
    this.rightChildren[index] = this.writeNode(tree.right_children[node], branch);
    return index;
  }

  private writeCategories(node: number, categories: readonly number[], branch: Branch): number {
    const { tree } = this.source;
    const feature = tree.split_indices[node];
    const range = (this.asksAgain ? undefined : branch.ranges.get(feature)) ?? WHOLE_RANGE;
    const missingGoesLeft = tree.default_left[node] === 1;
    const missingOnly: CategoryRange = { ...range, mayHaveValue: false };
    if (!range.mayHaveValue) {
      const side = { node, goesLeft: missingGoesLeft, repetitions: 1, takesAll: true };
      return this.writeSide(side, withRange(branch, feature, missingOnly));
    }
    const segments = segmentsOf(categories, range);
    const missingAt = segments.findIndex(({ goesLeft }) => goesLeft === missingGoesLeft);
    if (!range.mayBeMissing || missingAt >= 0) {
      const split = { node, segments };
      return this.writeSegments(split, segments, range.mayBeMissing ? missingAt : undefined, branch);
    }
    // All values go one way and a missing one the other: no value is below where they begin.
    const index = this.addSplit(node, segments[0].from, true, branch);
    const side = { node, repetitions: 1, takesAll: false };
    const missing = withRange(branch, feature, missingOnly);
    this.leftChildren[index] = this.writeSide({ ...side, goesLeft: missingGoesLeft }, missing);
    const values = withRange(branch, feature, { ...range, mayBeMissing: false });
    this.rightChildren[index] = this.writeSide({ ...side, goesLeft: !missingGoesLeft }, values);
    return index;
  }

  /**
   * Writes some neighbouring segments of a split as a balanced tree. `missingAt` is which of them a missing value joins,
   * undefined if it joins none of them.
   */
  private writeSegments(
    split: SegmentedSplit,
    segments: readonly Segment[],
    missingAt: number | undefined,
    branch: Branch,
  ): number {
    const { node, segments: all } = split;
    const feature = this.source.tree.split_indices[node];
    const [first] = segments;
    if (segments.length === 1) {
      const { from, to, goesLeft } = first;
      const repetitions = all.filter((segment) => segment.goesLeft === goesLeft).length;
      const range = { from, to, mayBeMissing: missingAt !== undefined, mayHaveValue: true };
      const side = { node, goesLeft, repetitions, takesAll: all.length === 1 };
      return this.writeSide(side, withRange(branch, feature, range));
    }
    const middle = segments.length >> 1;
    const missingIsLeft = missingAt !== undefined && missingAt < middle;
    const index = this.addSplit(node, segments[middle].from, missingIsLeft, branch);
    const missingLeft = missingIsLeft ? missingAt : undefined;
    const missingRight = missingAt === undefined || missingIsLeft ? undefined : missingAt - middle;
    this.leftChildren[index] = this.writeSegments(split, segments.slice(0, middle), missingLeft, branch);
    this.rightChildren[index] = this.writeSegments(split, segments.slice(middle), missingRight, branch);
    // Only the rows that its segments take reach this threshold.
    this.covers[index] = this.covers[this.leftChildren[index]] + this.covers[this.rightChildren[index]];
    return index;
  }

  private writeSide({ node, goesLeft, repetitions, takesAll }: SplitSide, branch: Branch): number {
    const { tree } = this.source;
    const child = goesLeft ? tree.left_children[node] : tree.right_children[node];
    const cover = tree.sum_hessian[child];
    const whole = takesAll && cover > 0 ? tree.sum_hessian[node] / cover : 1;
    return this.writeNode(child, { ...branch, share: (branch.share * whole) / repetitions });
  }

  private addSplit(node: number, threshold: number, missingGoesLeft: boolean, { share }: Branch): number {
    const { split_indices, loss_changes, sum_hessian } = this.source.tree;
    const index = this.add(split_indices[node], sum_hessian[node] * share);
    this.thresholds[index] = threshold;
    this.defaultLeft[index] = missingGoesLeft ? 1 : 0;
    this.gains[index] = loss_changes[node];
    return index;
  }

  private addLeaf(node: number, { share }: Branch): number {
    const { split_conditions, sum_hessian } = this.source.tree;
    const index = this.add(-1, sum_hessian[node] * share);
    this.leafValues[index] = split_conditions[node];
    return index;
  }

  private add(feature: number, cover: number): number {
    if (this.splitFeatures.length >= MOST_NODES) {
      throw refusedModel(
        `The model splits large sets of categories so often that a tree would have more than ${MOST_NODES.toLocaleString('en-US')} nodes.`,
        'Train it with fewer levels (max_depth), with fewer categories, or with the categories as numbers.',
      );
    }
    const index = this.splitFeatures.push(feature) - 1;
    this.thresholds.push(0);
    this.leftChildren.push(-1);
    this.rightChildren.push(-1);
    this.defaultLeft.push(0);
    this.leafValues.push(0);
    this.gains.push(0);
    this.covers.push(cover);
    return index;
  }
}

function withRange(branch: Branch, feature: number, range: CategoryRange): Branch {
  return { ...branch, ranges: new Map(branch.ranges).set(feature, range) };
}
