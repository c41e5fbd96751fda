import type { Tree } from '../gbdt/tree.ts';
import { type CategoryRange, type Segment, segmentsOf, WHOLE_RANGE } from './category-segments.ts';
import { refusedModel } from './model-refusal.ts';
import type { SourceTree } from './source-tree.ts';

/** A tree whose sets of categories would need more is refused: each stretch of a set repeats what is below it. */
const MOST_NODES = 500_000;

/** Up to here, what a split above has settled is asked again. */
const MOST_REPEATED_NODES = 20_000;

/** What is known where a node of the source is written. */
interface Place {
  /** Of features of categories that a split above has asked for. */
  readonly ranges: ReadonlyMap<number, CategoryRange>;
  /** The part of the node's training rows that came here, where the node is written several times. */
  readonly share: number;
}

/**
 * A tree of XGBoost as one of ours. Splits by threshold are the same rule and are taken over as they are. A split by
 * categories becomes a balanced tree of thresholds over its segments, below which the two subtrees are repeated.
 *
 * Covers are shared out among the repetitions so that each side's sum, and with it the explanations, stay the same.
 * Where that takes too many nodes, what a split above has settled is not asked again: scores stay the same, but a
 * feature of categories that a path asks for twice is explained a little differently than by XGBoost.
 */
export function convertTree(source: SourceTree): Tree {
  return new TreeWriter(source, repeatedNodeCount(source, 0) <= MOST_REPEATED_NODES).write();
}

/** Nodes where every split is written out as often as it is repeated. */
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

  /** Returns where the node came to stand: before all that is below it. */
  private writeNode(node: number, place: Place): number {
    const { tree, categoriesOf } = this.source;
    const left = tree.left_children[node];
    if (left === -1) return this.addLeaf(node, place);
    const categories = tree.split_type?.[node] === 1 ? categoriesOf.get(node) : undefined;
    if (categories !== undefined) return this.writeCategories(node, categories, place);
    const index = this.addSplit(node, tree.split_conditions[node], tree.default_left[node] === 1, place);
    this.leftChildren[index] = this.writeNode(left, place);
    this.rightChildren[index] = this.writeNode(tree.right_children[node], place);
    return index;
  }

  private writeCategories(node: number, categories: readonly number[], place: Place): number {
    const { tree } = this.source;
    const feature = tree.split_indices[node];
    const range = (this.asksAgain ? undefined : place.ranges.get(feature)) ?? WHOLE_RANGE;
    const missingGoesLeft = tree.default_left[node] === 1;
    const missingOnly: CategoryRange = { ...range, mayHaveValue: false };
    if (!range.mayHaveValue) {
      return this.writeSide(node, missingGoesLeft, 1, withRange(place, feature, missingOnly), true);
    }
    const segments = segmentsOf(categories, range);
    const missingAt = segments.findIndex(({ goesLeft }) => goesLeft === missingGoesLeft);
    if (!range.mayBeMissing || missingAt >= 0) {
      return this.writeSegments(node, segments, range.mayBeMissing ? missingAt : undefined, place);
    }
    // All values go one way and a missing one the other: no value is below where they begin.
    const index = this.addSplit(node, segments[0].from, true, place);
    const missing = withRange(place, feature, missingOnly);
    this.leftChildren[index] = this.writeSide(node, missingGoesLeft, 1, missing, false);
    const values = withRange(place, feature, { ...range, mayBeMissing: false });
    this.rightChildren[index] = this.writeSide(node, !missingGoesLeft, 1, values, false);
    return index;
  }

  /** `missingAt` is which of the segments a missing value joins, undefined where it joins none of them. */
  private writeSegments(
    node: number,
    segments: readonly Segment[],
    missingAt: number | undefined,
    place: Place,
    all: readonly Segment[] = segments,
  ): number {
    const feature = this.source.tree.split_indices[node];
    const [first] = segments;
    if (segments.length === 1) {
      const repetitions = all.filter(({ goesLeft }) => goesLeft === first.goesLeft).length;
      const { from, to, goesLeft } = first;
      const range = { from, to, mayBeMissing: missingAt !== undefined, mayHaveValue: true };
      return this.writeSide(node, goesLeft, repetitions, withRange(place, feature, range), all.length === 1);
    }
    const middle = segments.length >> 1;
    const missingIsLeft = missingAt !== undefined && missingAt < middle;
    const index = this.addSplit(node, segments[middle].from, missingIsLeft, place);
    const missingLeft = missingIsLeft ? missingAt : undefined;
    const missingRight = missingAt === undefined || missingIsLeft ? undefined : missingAt - middle;
    this.leftChildren[index] = this.writeSegments(node, segments.slice(0, middle), missingLeft, place, all);
    this.rightChildren[index] = this.writeSegments(node, segments.slice(middle), missingRight, place, all);
    // What is above is asked with what comes through the segments below.
    this.covers[index] = this.covers[this.leftChildren[index]] + this.covers[this.rightChildren[index]];
    return index;
  }

  /** One of the node's two sides; `takesAll` where the other can no longer be reached. */
  private writeSide(
    node: number,
    goesLeft: boolean,
    repetitions: number,
    place: Place,
    takesAll: boolean,
  ): number {
    const { tree } = this.source;
    const child = goesLeft ? tree.left_children[node] : tree.right_children[node];
    const cover = tree.sum_hessian[child];
    const whole = takesAll && cover > 0 ? tree.sum_hessian[node] / cover : 1;
    return this.writeNode(child, { ...place, share: (place.share * whole) / repetitions });
  }

  private addSplit(node: number, threshold: number, missingGoesLeft: boolean, { share }: Place): number {
    const { split_indices, loss_changes, sum_hessian } = this.source.tree;
    const index = this.add(split_indices[node], sum_hessian[node] * share);
    this.thresholds[index] = threshold;
    this.defaultLeft[index] = missingGoesLeft ? 1 : 0;
    this.gains[index] = loss_changes[node];
    return index;
  }

  private addLeaf(node: number, { share }: Place): number {
    const { split_conditions, sum_hessian } = this.source.tree;
    const index = this.add(-1, sum_hessian[node] * share);
    this.leafValues[index] = split_conditions[node];
    return index;
  }

  private add(feature: number, cover: number): number {
    if (this.splitFeatures.length >= MOST_NODES) {
      throw refusedModel(
        'The model splits large sets of categories again and again, which takes too many thresholds to write down.',
        'Train with fewer levels (max_depth), fewer categories, or the categories as numbers.',
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

function withRange(place: Place, feature: number, range: CategoryRange): Place {
  return { ...place, ranges: new Map(place.ranges).set(feature, range) };
}
