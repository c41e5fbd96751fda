/**
 * Who builds what on one level of a tree: batches of nodes, each with a histogram of its own.
 *
 * A level has two banks of histograms, its own and the one of the level above, whose histograms the subtraction trick
 * needs. Nodes beyond the bank get a histogram that is not kept: their children are both built.
 *
 *     bank of even levels | bank of odd levels | histograms that are not kept
 */
import type { NodeSums } from './splitting.ts';

/** A node of the tree, and its number within its level. */
export interface LevelNode {
  readonly node: number;
  readonly number: number;
}

/** A node whose split is still to be found. Its sums are unknown only for the root, until its histogram is there. */
export interface SplittableNode extends LevelNode {
  readonly sums: NodeSums | undefined;
}

/** A node whose histogram is built from its rows, and its sibling, whose histogram is the parent's minus that. */
export interface SiblingPair {
  readonly nodeToBuild: SplittableNode;
  readonly sibling?: { readonly node: SplittableNode; readonly parentIndex: number };
}

/** A node with the index of its histogram, and the number that it has among the nodes of its batch. */
export interface ScheduledNode {
  readonly node: SplittableNode;
  readonly histogramIndex: number;
  readonly numberInBatch: number;
}

export interface ScheduledPair {
  readonly nodeToBuild: ScheduledNode;
  readonly sibling?: ScheduledNode & { readonly parentIndex: number };
}

export interface HistogramBanks {
  /** Histograms in each of the two banks. */
  readonly bankNodes: number;
  /** Histograms that one thread builds at a time. */
  readonly nodesPerBatch: number;
}

/** Gives every node of a level a histogram, one that is kept as far as the level's bank goes, and cuts the level in batches. */
export function scheduleLevel(
  pairs: readonly SiblingPair[],
  depth: number,
  { bankNodes, nodesPerBatch }: HistogramBanks,
): ScheduledPair[][] {
  const bank = (depth % 2) * bankNodes;
  const batches: ScheduledPair[][] = [];
  let kept = 0;
  for (let start = 0; start < pairs.length; start += nodesPerBatch) {
    let unkept = 0;
    let numberInBatch = 0;
    const schedule = (node: SplittableNode): ScheduledNode => ({
      node,
      histogramIndex: kept < bankNodes ? bank + kept++ : 2 * bankNodes + unkept++,
      numberInBatch: numberInBatch++,
    });
    const batch = pairs.slice(start, start + nodesPerBatch).map(({ nodeToBuild, sibling }) => ({
      nodeToBuild: schedule(nodeToBuild),
      ...(sibling && { sibling: { ...schedule(sibling.node), parentIndex: sibling.parentIndex } }),
    }));
    batches.push(batch);
  }
  return batches;
}

/**
 * How the children of one node that can be split get their histograms. Of two whose parent's histogram is kept, the one of
 * less weight is built; otherwise each is.
 */
export function pairSiblings(
  children: readonly SplittableNode[],
  parentIndex: number,
  { bankNodes }: HistogramBanks,
): SiblingPair[] {
  const [left, right] = children;
  const isParentKept = parentIndex < 2 * bankNodes;
  if (!isParentKept || left === undefined || right === undefined) {
    return children.map((nodeToBuild) => ({ nodeToBuild }));
  }
  const isLeftSmaller = (left.sums?.hessians ?? 0) <= (right.sums?.hessians ?? 0);
  const [nodeToBuild, node] = isLeftSmaller ? [left, right] : [right, left];
  return [{ nodeToBuild, sibling: { node, parentIndex } }];
}

export function nodesOf({ nodeToBuild, sibling }: ScheduledPair): ScheduledNode[] {
  return sibling ? [nodeToBuild, sibling] : [nodeToBuild];
}
