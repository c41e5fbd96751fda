import { rowMajor } from '../dataset/column-rows.ts';
import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { leafOf } from '../gbdt/predictor.ts';
import type { Tree, TreeEnsemble } from '../gbdt/tree.ts';
import { gaussLegendre, type Quadrature } from './gauss-legendre.ts';
import { layOutPaths, meanLeafValue, type PathTree } from './path-tree.ts';

/** Tells how much each feature moved a row's score away from the score of an average customer. */
export interface TreeExplainer {
  /** Log-odds: the mean score over the training rows, as the trees' covers have it. */
  readonly expectedValue: number;
  /**
   * Shapley values in log-odds, row-major `rows x features`. A row's values and `expectedValue` sum to its raw score
   * (in double; the predictor sums in float32). The matrix has the ensemble's features, in its order.
   */
  explain(features: FeatureMatrix): Float64Array;
}

/**
 * Exact path-dependent TreeSHAP: a feature that is not known sends a row both ways, by the covers (Lundberg, Erion and
 * Lee 2018, "Consistent Individualized Feature Attribution for Tree Ensembles": the values of its Algorithm 2).
 *
 * Computed by integration rather than by Algorithm 2's sums over subset sizes. A leaf is a product game: each feature
 * j on its path multiplies the leaf's value by `one_j` (1 or 0: does the row's value lead there) when known and by
 * `share_j` when not. The Shapley value of such a game is the integral over t in [0, 1] of the slope of its
 * multilinear extension (Owen 1972, "Multilinear Extensions of Games"):
 *
 *     phi_i = value * (one_i - share_i) * ∫ Π_{j≠i} (share_j (1 - t) + one_j t) dt
 *
 * The integrand is a polynomial in t of degree below the number of features on the path, so Gauss-Legendre with half
 * as many points gives it without error but rounding. The products at a point are shared by all leaves below an
 * edge, which makes it linear in the tree's size (as in Yu, Xu, Bifet and Read 2022, "Linear TreeShap"); and no
 * unwinding divides by a share, so small and zero covers are harmless.
 */
export function createTreeExplainer(ensemble: TreeEnsemble): TreeExplainer {
  const width = ensemble.featureNames.length;
  const expectedValue = ensemble.trees.reduce((sum, tree) => sum + meanLeafValue(tree), ensemble.baseScore);
  return {
    expectedValue,
    explain(features) {
      const rows = rowMajor(features);
      const contributions = new Float64Array(features.rowCount * width);
      // A tree at a time: its tables stay in the cache while all rows are walked.
      for (const tree of ensemble.trees) {
        if (tree.splitFeatures[0] < 0) continue;
        if (hasOneFeature(tree)) addToItsFeature(tree, rows, width, contributions);
        else addContributions(layOutPaths(tree), rows, width, contributions);
      }
      return contributions;
    },
  };
}

function hasOneFeature({ splitFeatures }: Tree): boolean {
  return splitFeatures.every((feature) => feature < 0 || feature === splitFeatures[0]);
}

/**
 * Adds the contributions of a tree that asks for one feature only, such as the step function of a logistic regression's column:
 * the feature gets all of the way from the mean to the row's leaf, so no path but the row's own is walked.
 */
function addToItsFeature(tree: Tree, rows: Float32Array, width: number, contributions: Float64Array): void {
  const feature = tree.splitFeatures[0];
  const mean = meanLeafValue(tree);
  for (let at = feature; at < rows.length; at += width) {
    contributions[at] += tree.leafValues[leafOf(tree, () => rows[at])] - mean;
  }
}

/**
 * What a row can meet at a split: an earlier split of the path on the same feature has turned it away, or it goes left,
 * or it goes right.
 */
const TURNED_AWAY = 0;
const GOES_LEFT = 1;
const GOES_RIGHT = 2;
const STATES = 3;

/** Which child of the two, the state that leads there, and the state that leads to the other. */
const SIDES = [
  [0, GOES_LEFT, GOES_RIGHT],
  [1, GOES_RIGHT, GOES_LEFT],
] as const;

/** The numbers of an entry: the factors of the left and the right edge, then their slopes. */
const NUMBERS = 4;
const SLOPES_AT = 2;

/**
 * An entry for each split, state and point, in this order. An edge's factor is what it multiplies the path's product
 * by, at a leaf times the leaf's value; its slope is the contribution of the split's feature for each unit of the
 * sum of the products of the leaves below the edge.
 *
 * With the share `before` of the feature's earlier edges and the share `after` of those and this one, the feature's
 * own part of the product goes from `before (1 - t) + one_before t` to `after (1 - t) + one_after t`. The slope
 * `weight * (one - share) / part` of the new part replaces that of the old one, which the edge above has counted.
 */
function tabulateSplits(paths: PathTree, { points, weights }: Quadrature): Float64Array {
  const table = new Float64Array(paths.splitCount * STATES * points.length * NUMBERS);
  for (let split = 0; split < paths.splitCount; split++) {
    const before = paths.shares[paths.previousNodes[split]];
    for (const [side, goesHere, goesThere] of SIDES) {
      const node = 2 * split + 1 + side;
      const after = paths.shares[node];
      const output = paths.outputs[node];
      for (let point = 0; point < points.length; point++) {
        const t = points[point];
        const weight = weights[point];
        const old = before * (1 - t) + t;
        const oldSlope = (weight * (1 - before)) / old;
        const passing = after * (1 - t) + t;
        const entryOf = (state: number) =>
          ((split * STATES + state) * points.length + point) * NUMBERS + side;
        // Old and new are a share times 1 - t, and both slopes -weight / (1 - t).
        table[entryOf(TURNED_AWAY)] = output * paths.edgeShares[node];
        table[entryOf(goesHere)] = (output * passing) / old;
        table[entryOf(goesHere) + SLOPES_AT] = (weight * (1 - after)) / passing - oldSlope;
        table[entryOf(goesThere)] = (output * after * (1 - t)) / old;
        table[entryOf(goesThere) + SLOPES_AT] = -weight / (1 - t) - oldSlope;
      }
    }
  }
  return table;
}

/** Adds one tree's contributions to every row's. */
function addContributions(
  paths: PathTree,
  rows: Float32Array,
  width: number,
  contributions: Float64Array,
): void {
  const { splitCount, splitNodes, splitFeatures, thresholds, defaultLeft, previousNodes } = paths;
  const pointCount = Math.ceil(paths.mostFeatures / 2);
  const table = tabulateSplits(paths, gaussLegendre(pointCount));
  const nodeCount = 2 * splitCount + 1;
  const passes = new Uint8Array(nodeCount);
  /** Where the row's entries for a split begin. */
  const entries = new Int32Array(splitCount);
  const products = new Float64Array(nodeCount * pointCount);
  passes[0] = 1;

  for (let base = 0; base < rows.length; base += width) {
    for (let split = 0; split < splitCount; split++) {
      const value = rows[base + splitFeatures[split]];
      // A missing value is below no threshold.
      const goesLeft = Number(value < thresholds[split]) | (Number(Number.isNaN(value)) & defaultLeft[split]);
      const passed = passes[previousNodes[split]];
      passes[2 * split + 1] = passed & goesLeft;
      passes[2 * split + 2] = passed & (1 - goesLeft);
      entries[split] = (split * STATES + passed * (GOES_RIGHT - goesLeft)) * NUMBERS * pointCount;
    }
    products.fill(1, 0, pointCount);
    // Down: every node's products from its parent's, whether the row goes there or not.
    for (let split = 0; split < splitCount; split++) {
      let entry = entries[split];
      let left = (2 * split + 1) * pointCount;
      const end = left + pointCount;
      for (let parent = splitNodes[split] * pointCount; left < end; left++, parent++, entry += NUMBERS) {
        const product = products[parent];
        products[left] = product * table[entry];
        products[left + pointCount] = product * table[entry + 1];
      }
    }
    // Up: the products of the leaves are summed, and each edge gives its feature its part of the sum below it.
    for (let split = splitCount - 1; split >= 0; split--) {
      let entry = entries[split];
      let left = (2 * split + 1) * pointCount;
      const end = left + pointCount;
      let contribution = 0;
      for (let parent = splitNodes[split] * pointCount; left < end; left++, parent++, entry += NUMBERS) {
        const leftSum = products[left];
        const rightSum = products[left + pointCount];
        contribution += leftSum * table[entry + SLOPES_AT] + rightSum * table[entry + SLOPES_AT + 1];
        products[parent] = leftSum + rightSum;
      }
      contributions[base + splitFeatures[split]] += contribution;
    }
  }
}
