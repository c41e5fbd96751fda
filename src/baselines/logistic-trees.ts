import { thinRows } from '../dataset/column-rows.ts';
import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { sortFloat32 } from '../dataset/radix-sort.ts';
import { emptyTree, type Tree, type TreeEnsemble } from '../gbdt/tree.ts';
import { type LogisticModel, preparedColumns, probabilitiesOf } from './logistic-regression.ts';

/** Most steps per column: as fine as a histogram of the learner. */
const MOST_STEPS = 256;
const SMALLEST_HESSIAN = 1e-16;

/** More rows make the steps no better. */
const MOST_ROWS = 50_000;

/** A range of a column's values. */
interface Step {
  /** The smallest value of the step; the first step reaches down without end. */
  readonly from: number;
  /** What the column adds to the margin here: the mean over the training rows of the step. */
  readonly value: number;
  /** Sum of p·(1 − p) over them. */
  readonly hessians: number;
}

/**
 * A logistic regression as an ensemble of trees, one per column: each a function of its column in up to 256 steps with
 * as many training rows each, so that whatever reads trees (the ONNX export, Shapley values, the registry) reads it too.
 * A missing value goes where the median lies, as in the regression. Covers are sums of p·(1 − p), as of boosted trees;
 * gains are the second-order gains of the splits.
 */
export function logisticTrees(model: LogisticModel, training: FeatureMatrix): TreeEnsemble {
  const rows = thinRows(training, MOST_ROWS);
  const prepared = preparedColumns(model, rows);
  const hessians = probabilitiesOf(model, prepared, rows.rowCount).map((p) =>
    Math.max(p * (1 - p), SMALLEST_HESSIAN),
  );
  const trees = rows.columns.flatMap((column, feature) => {
    const { median } = model.columns[feature];
    const values = column.map((value) => (Number.isNaN(value) ? median : value));
    const steps = stepsOf(values, prepared[feature], model.coefficients[feature], hessians);
    return steps.length > 1 ? [treeOf(feature, steps, median)] : [];
  });
  return { featureNames: training.featureNames, baseScore: Math.fround(model.intercept), trees };
}

function stepsOf(
  values: Float32Array,
  prepared: Float64Array,
  coefficient: number,
  hessians: Float64Array,
): Step[] {
  const froms = lowerEnds(values);
  const sums = froms.map((from) => ({ from, value: 0, rows: 0, hessians: 0 }));
  for (let row = 0; row < values.length; row++) {
    const sum = sums[lastNotAbove(froms, values[row])];
    sum.value += coefficient * prepared[row];
    sum.rows++;
    sum.hessians += hessians[row];
  }
  return sums.map(({ from, value, rows, hessians }) => ({ from, value: value / rows, hessians }));
}

/** Where the steps begin, ascending: one per value if there are few, else with about equally many rows. */
function lowerEnds(values: Float32Array): number[] {
  const sorted = sortFloat32(values.slice());
  const distinct = startsOf(sorted, 0);
  return distinct.length <= MOST_STEPS ? distinct : startsOf(sorted, sorted.length / MOST_STEPS);
}

/** Values that a step begins with: each new one, once the step before holds `rowsAStep` rows. At most one too many. */
function startsOf(sorted: Float32Array, rowsAStep: number): number[] {
  const starts: number[] = [];
  for (let rank = 0; rank < sorted.length && starts.length <= MOST_STEPS; rank++) {
    const isNew = rank === 0 || sorted[rank] > sorted[rank - 1];
    if (isNew && rank >= starts.length * rowsAStep) starts.push(sorted[rank]);
  }
  return starts;
}

function lastNotAbove(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (ascending[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A balanced tree over the steps, node 0 the root, children after their parent. */
function treeOf(feature: number, steps: readonly Step[], median: number): Tree {
  const tree = emptyTree(2 * steps.length - 1);
  let nodes = 0;
  /** Adds the subtree of the steps `first` … `last` and returns its weight and its weighted mean. */
  const add = (first: number, last: number): { node: number; weight: number; mean: number } => {
    const node = nodes++;
    if (first === last) {
      const { hessians, value } = steps[first];
      tree.leafValues[node] = value;
      tree.covers[node] = hessians;
      return { node, weight: hessians, mean: value };
    }
    const middle = (first + last + 1) >> 1;
    const left = add(first, middle - 1);
    const right = add(middle, last);
    const weight = left.weight + right.weight;
    const mean = (left.weight * left.mean + right.weight * right.mean) / weight;
    tree.splitFeatures[node] = feature;
    tree.thresholds[node] = steps[middle].from;
    tree.leftChildren[node] = left.node;
    tree.rightChildren[node] = right.node;
    tree.defaultLeft[node] = median < steps[middle].from ? 1 : 0;
    tree.gains[node] = left.weight * (left.mean - mean) ** 2 + right.weight * (right.mean - mean) ** 2;
    tree.covers[node] = weight;
    return { node, weight, mean };
  };
  add(0, steps.length - 1);
  return tree;
}
