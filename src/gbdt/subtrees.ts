import { emptyTree, type Tree } from './tree.ts';

/**
 * The tree with another one in place of each leaf. A subtree's covers are scaled to the cover of the leaf that it replaces,
 * so that Shapley values weigh its branches as before.
 */
export function withSubtrees(tree: Tree, subtreeOf: (leaf: number) => Tree): Tree {
  const nodes = [...tree.splitFeatures.keys()];
  const leaves = nodes.filter((node) => tree.splitFeatures[node] < 0);
  const subtrees = new Map(leaves.map((leaf) => [leaf, subtreeOf(leaf)]));
  const places = new Map<number, number>();
  let size = 0;
  for (const node of nodes) {
    places.set(node, size);
    size += subtrees.get(node)?.splitFeatures.length ?? 1;
  }
  const joined = emptyTree(size);
  const placeOf = (node: number) => places.get(node) ?? -1;
  for (const node of nodes) {
    const subtree = subtrees.get(node);
    if (subtree !== undefined) putAt(placeOf(node), subtree, joined, tree.covers[node]);
    else copyNode(tree, node, joined, placeOf);
  }
  return joined;
}

function copyNode(tree: Tree, node: number, joined: Tree, placeOf: (node: number) => number): void {
  const place = placeOf(node);
  joined.splitFeatures[place] = tree.splitFeatures[node];
  joined.thresholds[place] = tree.thresholds[node];
  joined.defaultLeft[place] = tree.defaultLeft[node];
  joined.gains[place] = tree.gains[node];
  joined.covers[place] = tree.covers[node];
  joined.leftChildren[place] = placeOf(tree.leftChildren[node]);
  joined.rightChildren[place] = placeOf(tree.rightChildren[node]);
}

/** Copies a tree into a larger one, its root to node `first`. */
function putAt(first: number, part: Tree, joined: Tree, cover: number): void {
  const moved = (child: number) => (child === -1 ? -1 : child + first);
  const share = part.covers[0] > 0 ? cover / part.covers[0] : 1;
  joined.splitFeatures.set(part.splitFeatures, first);
  joined.thresholds.set(part.thresholds, first);
  joined.leftChildren.set(part.leftChildren.map(moved), first);
  joined.rightChildren.set(part.rightChildren.map(moved), first);
  joined.defaultLeft.set(part.defaultLeft, first);
  joined.leafValues.set(part.leafValues, first);
  joined.gains.set(part.gains, first);
  joined.covers.set(
    part.covers.map((of) => of * share),
    first,
  );
}
