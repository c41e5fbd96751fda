import { refusedModel, SAVE_AGAIN } from './model-refusal.ts';
import type { XgboostTree } from './xgboost-model.ts';

/** Levels of the deepest tree that is accepted: nobody trains deeper ones. */
const MOST_LEVELS = 256;
/** XGBoost's own limit: above it float32 does not hold every whole number. */
const MOST_CATEGORIES = 2 ** 24;

/** A tree of the file, checked to be one: its nodes can be walked without looking again. */
export interface SourceTree {
  readonly tree: XgboostTree;
  /** Per node with a categorical split: the categories that go right. */
  readonly categoriesOf: ReadonlyMap<number, readonly number[]>;
}

/**
 * Checks that all walks from the root stay within the tree, meet no node twice and end in a finite leaf. Nodes that no
 * walk reaches are ignored: pruning leaves such nodes behind.
 *
 * @throws MODEL_REFUSED
 */
export function checkTree(tree: XgboostTree, number: number, featureCount: number): SourceTree {
  const refuse = (what: string) => refusedModel(`Tree ${number} of the model ${what}.`, SAVE_AGAIN);
  const nodeCount = tree.left_children.length;
  const perNode = [
    tree.right_children,
    tree.split_indices,
    tree.split_conditions,
    tree.default_left,
    tree.loss_changes,
    tree.sum_hessian,
    tree.split_type ?? tree.left_children,
  ];
  if (nodeCount === 0 || perNode.some(({ length }) => length !== nodeCount)) {
    throw refuse('has lists of different lengths');
  }
  const categoriesOf = readCategories(tree, refuse);
  const seen = new Uint8Array(nodeCount);
  const levels = new Int32Array(nodeCount);
  const toVisit = [0];
  for (let node = toVisit.pop(); node !== undefined; node = toVisit.pop()) {
    if (seen[node] === 1) throw refuse('has a node with two parents');
    seen[node] = 1;
    const children = [tree.left_children[node], tree.right_children[node]];
    const condition = tree.split_conditions[node];
    if (children.every((child) => child === -1)) {
      if (!Number.isFinite(condition)) throw refuse('has a leaf without a finite value');
      continue;
    }
    if (children.some((child) => child < 0 || child >= nodeCount))
      throw refuse('has a child that is not one of its nodes');
    if (tree.split_indices[node] < 0 || tree.split_indices[node] >= featureCount) {
      throw refuse('splits on a feature that the model does not have');
    }
    if (tree.split_type?.[node] === 1) {
      if (!categoriesOf.has(node)) throw refuse('has a split without its categories');
    } else if (Number.isNaN(condition)) {
      throw refuse('has a threshold that is not a number');
    }
    for (const child of children) levels[child] = levels[node] + 1;
    if (levels[node] >= MOST_LEVELS) throw refuse(`is more than ${MOST_LEVELS} levels deep`);
    toVisit.push(...children);
  }
  return { tree, categoriesOf };
}

function readCategories(
  { categories, categories_nodes, categories_segments, categories_sizes }: XgboostTree,
  refuse: (what: string) => Error,
): Map<number, readonly number[]> {
  if (
    categories_segments.length !== categories_nodes.length ||
    categories_sizes.length !== categories_nodes.length
  ) {
    throw refuse('has lists of categories of different lengths');
  }
  if (categories.some((category) => category < 0 || category >= MOST_CATEGORIES)) {
    throw refuse('has a category that is out of range');
  }
  return new Map(
    categories_nodes.map((node, i) => {
      const from = categories_segments[i];
      const to = from + categories_sizes[i];
      if (from < 0 || to < from || to > categories.length) throw refuse('has categories that are missing');
      return [node, categories.slice(from, to)];
    }),
  );
}
