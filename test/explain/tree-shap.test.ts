import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTreeExplainer } from '../../src/explain/tree-shap.ts';
import { leafOf } from '../../src/gbdt/predictor.ts';
import type { Tree, TreeEnsemble } from '../../src/gbdt/tree.ts';
import {
  boostedEnsemble,
  matrixOf,
  type Node,
  probingMatrix,
  seededRandom,
  treeOf,
} from '../helpers/random-trees.ts';
import { unwindingTreeShap } from '../helpers/unwinding-tree-shap.ts';

const NAN = Number.NaN;

/** Covers that add up, from those of the leaves, which are taken in the order of the nodes. */
function withCovers(tree: Tree, leafCover: (leaf: number) => number): Tree {
  const covers = new Float32Array(tree.splitFeatures.length);
  // In `treeOf`'s layout children come after their parent.
  for (let node = covers.length - 1; node >= 0; node--) {
    covers[node] =
      tree.splitFeatures[node] < 0
        ? leafCover(node)
        : covers[tree.leftChildren[node]] + covers[tree.rightChildren[node]];
  }
  return { ...tree, covers };
}

function ensembleOf(featureCount: number, trees: readonly Tree[], baseScore = 0): TreeEnsemble {
  return { featureNames: Array.from({ length: featureCount }, (_, i) => `feature_${i}`), baseScore, trees };
}

function explainRows(ensemble: TreeEnsemble, rows: readonly (readonly number[])[]): number[][] {
  const width = ensemble.featureNames.length;
  const flat = createTreeExplainer(ensemble).explain(matrixOf(ensemble.featureNames, rows));
  return rows.map((_, row) => [...flat.subarray(row * width, (row + 1) * width)]);
}

/** The raw score in double. */
function scoreOf(ensemble: TreeEnsemble, row: readonly number[]): number {
  return ensemble.trees.reduce(
    (sum, tree) => sum + tree.leafValues[leafOf(tree, (feature) => row[feature])],
    ensemble.baseScore,
  );
}

/** What a tree gives when only the features in the bit set `known` are known; covers decide elsewhere. */
function conditionalMean(tree: Tree, row: readonly number[], known: number, node = 0): number {
  const feature = tree.splitFeatures[node];
  if (feature < 0) return tree.leafValues[node];
  const [left, right] = [tree.leftChildren[node], tree.rightChildren[node]];
  if (known & (1 << feature)) {
    const value = row[feature];
    const goesLeft = Number.isNaN(value) ? tree.defaultLeft[node] === 1 : value < tree.thresholds[node];
    return conditionalMean(tree, row, known, goesLeft ? left : right);
  }
  const both = tree.covers[left] + tree.covers[right];
  const share = both === 0 ? 0.5 : tree.covers[left] / both;
  return (
    share * conditionalMean(tree, row, known, left) + (1 - share) * conditionalMean(tree, row, known, right)
  );
}

/** Shapley values by their definition, over all subsets of features. */
function shapleyValues(ensemble: TreeEnsemble, row: readonly number[]): number[] {
  const count = ensemble.featureNames.length;
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const worth = Array.from({ length: 1 << count }, (_, known) =>
    ensemble.trees.reduce((sum, tree) => sum + conditionalMean(tree, row, known), 0),
  );
  return ensemble.featureNames.map((_, feature) => {
    let value = 0;
    for (let known = 0; known < worth.length; known++) {
      if (known & (1 << feature)) continue;
      const size = known.toString(2).replaceAll('0', '').length;
      const weight = (factorial(size) * factorial(count - size - 1)) / factorial(count);
      value += weight * (worth[known | (1 << feature)] - worth[known]);
    }
    return value;
  });
}

const MOST_FEATURES = 5;
/** Few distinct values, so that rows meet thresholds and repeated splits on a feature. */
const level = fc.integer({ min: -3, max: 3 });
const { node: arbitraryNode } = fc.letrec<{ node: Node; leaf: Node; split: Node }>((tie) => ({
  node: fc.oneof({ maxDepth: 6, depthSize: 'large', withCrossShrink: true }, tie('leaf'), tie('split')),
  leaf: fc.record({ leaf: fc.float({ min: -2, max: 2, noNaN: true }) }),
  split: fc.record({
    feature: fc.integer({ min: 0, max: MOST_FEATURES - 1 }),
    threshold: level,
    defaultLeft: fc.boolean(),
    left: tie('node'),
    right: tie('node'),
  }),
}));
/** Covers as training has them, far apart, or 0. */
const cover = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 50 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, Math.fround(1e-30), Math.fround(1e-6), Math.fround(1e20)) },
);
const arbitraryTree = fc
  .tuple(arbitraryNode, fc.array(cover, { minLength: 1, maxLength: 40 }))
  .map(([root, covers]) => withCovers(treeOf(root), (leaf) => covers[leaf % covers.length]));
const arbitraryRow = fc.array(fc.oneof({ weight: 3, arbitrary: level }, fc.constant(NAN)), {
  minLength: MOST_FEATURES,
  maxLength: MOST_FEATURES,
});

/** Full trees with covers as training leaves them. */
function trainedEnsemble(shape: { trees: number; depth: number; featureCount: number }): TreeEnsemble {
  const ensemble = boostedEnsemble(shape);
  const random = seededRandom(5);
  return { ...ensemble, trees: ensemble.trees.map((tree) => withCovers(tree, () => 1 + random() * 40)) };
}

/** One path of `depth` splits over `featureCount` features in turn, with a leaf beside each split. */
function chain(depth: number, featureCount: number): Tree {
  const random = seededRandom(9);
  let node: Node = { leaf: 1 };
  for (let level = 0; level < depth; level++) {
    const leaf: Node = { leaf: random() - 0.5 };
    const onLeft = random() < 0.5;
    const split = { feature: level % featureCount, threshold: random() - 0.5, defaultLeft: random() < 0.5 };
    node = { ...split, left: onLeft ? leaf : node, right: onLeft ? node : leaf };
  }
  return withCovers(treeOf(node), () => 1 + Math.floor(random() * 20));
}

function expectNear(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  const worst = Math.max(...actual.map((value, index) => Math.abs(value - expected[index])));
  expect(worst).toBeLessThan(tolerance);
}

describe('TreeSHAP', () => {
  it('gives the Shapley values of the conditional means, over all subsets of features', () => {
    fc.assert(
      fc.property(fc.array(arbitraryTree, { minLength: 1, maxLength: 3 }), arbitraryRow, (trees, row) => {
        const ensemble = ensembleOf(MOST_FEATURES, trees, 0.25);
        const [contributions] = explainRows(ensemble, [row]);
        expectNear(contributions, shapleyValues(ensemble, row), 1e-9);
        const mean = trees.reduce((sum, tree) => sum + conditionalMean(tree, row, 0), 0.25);
        expect(createTreeExplainer(ensemble).expectedValue).toBeCloseTo(mean, 12);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    { name: 'full trees of depth 7', ensemble: trainedEnsemble({ trees: 3, depth: 7, featureCount: 9 }) },
    { name: 'depth 20, each feature once', ensemble: ensembleOf(20, [chain(20, 20)]) },
    { name: 'depth 20, features repeated', ensemble: ensembleOf(3, [chain(20, 3)]) },
    { name: 'depth 20, one feature', ensemble: ensembleOf(1, [chain(20, 1)]) },
  ])('gives the same as the published Algorithm 2: $name', ({ ensemble }) => {
    const { columns, rowCount } = probingMatrix(ensemble, 20);
    const rows = Array.from({ length: rowCount }, (_, row) => columns.map((column) => column[row]));
    const contributions = explainRows(ensemble, rows);
    rows.forEach((row, index) => {
      expectNear(contributions[index], unwindingTreeShap(ensemble, row), 1e-10);
    });
  });
});

describe('the contributions of features', () => {
  it.each([
    { trees: 300, depth: 6, featureCount: 20 },
    { trees: 20, depth: 10, featureCount: 4 },
    { trees: 5, depth: 1, featureCount: 2 },
  ])('sum to the raw score with the expected value: $trees trees of depth $depth', (shape) => {
    const ensemble = trainedEnsemble(shape);
    const { columns, rowCount } = probingMatrix(ensemble, 50);
    const rows = Array.from({ length: rowCount }, (_, row) => columns.map((column) => column[row]));
    const { expectedValue } = createTreeExplainer(ensemble);
    const sums = explainRows(ensemble, rows).map((values) => values.reduce((a, b) => a + b, expectedValue));
    expectNear(
      sums,
      rows.map((row) => scoreOf(ensemble, row)),
      1e-10,
    );
  });

  it('sum to the raw score for any covers, zero ones included', () => {
    fc.assert(
      fc.property(arbitraryTree, fc.array(arbitraryRow, { minLength: 1, maxLength: 5 }), (tree, rows) => {
        const ensemble = ensembleOf(MOST_FEATURES, [tree], -1);
        const { expectedValue } = createTreeExplainer(ensemble);
        explainRows(ensemble, rows).forEach((values, row) => {
          const sum = values.reduce((a, b) => a + b, expectedValue);
          expect(Math.abs(sum - scoreOf(ensemble, rows[row]))).toBeLessThan(1e-9);
        });
      }),
    );
  });

  it('are exactly 0 for a feature that no tree splits on', () => {
    fc.assert(
      fc.property(arbitraryTree, arbitraryRow, (tree, row) => {
        const [values] = explainRows(ensembleOf(MOST_FEATURES, [tree]), [row]);
        values.forEach((value, feature) => {
          if (!tree.splitFeatures.includes(feature)) expect(value).toBe(0);
        });
      }),
    );
  });

  it('are equal for features that play the same part in a tree', () => {
    const both = (first: number, second: number): Node => ({
      feature: first,
      threshold: 0,
      defaultLeft: true,
      left: { leaf: 0 },
      right: { feature: second, threshold: 0, defaultLeft: true, left: { leaf: 0 }, right: { leaf: 1 } },
    });
    const trees = [both(0, 1), both(1, 0)].map((root) => withCovers(treeOf(root), (leaf) => leaf + 1));
    for (const [first, second] of explainRows(ensembleOf(2, trees), [
      [1, 1],
      [-1, -1],
      [NAN, NAN],
    ])) {
      expect(first).toBeCloseTo(second, 14);
    }
  });

  it('stay with their features when the features are reordered', () => {
    fc.assert(
      fc.property(arbitraryTree, arbitraryRow, (tree, row) => {
        const mirrored = (feature: number) => MOST_FEATURES - 1 - feature;
        const splitFeatures = tree.splitFeatures.map((feature) => (feature < 0 ? -1 : mirrored(feature)));
        const [values] = explainRows(ensembleOf(MOST_FEATURES, [tree]), [row]);
        const [renamed] = explainRows(ensembleOf(MOST_FEATURES, [{ ...tree, splitFeatures }]), [
          row.toReversed(),
        ]);
        expect(renamed.toReversed()).toEqual(values);
      }),
    );
  });

  it('are sums over trees, and do not depend on other rows', () => {
    const ensemble = trainedEnsemble({ trees: 4, depth: 4, featureCount: 3 });
    const rows = [
      [1, NAN, -2],
      [NAN, NAN, NAN],
      [0, 3, 1],
    ];
    const together = explainRows(ensemble, rows);
    expect(rows.flatMap((row) => explainRows(ensemble, [row]))).toEqual(together);
    const apart = ensemble.trees.map((tree) => explainRows(ensembleOf(3, [tree]), rows));
    together.forEach((values, row) => {
      const sums = values.map((_, feature) => apart.reduce((sum, tree) => sum + tree[row][feature], 0));
      expectNear(values, sums, 1e-14);
    });
  });
});

describe('contributions worked out by hand', () => {
  const stump: Node = {
    feature: 0,
    threshold: 0.1,
    defaultLeft: false,
    left: { leaf: -1 },
    right: { leaf: 3 },
  };

  it('are the leaf minus the mean for a stump, with float32 thresholds and missing values', () => {
    const ensemble = ensembleOf(1, [withCovers(treeOf(stump), (leaf) => (leaf === 1 ? 3 : 1))], 0.5);
    expect(createTreeExplainer(ensemble).expectedValue).toBe(0.5);
    // 0.1 as a float32 is not below the threshold, which is the same float32.
    expectNear(explainRows(ensemble, [[0], [0.1], [NAN]]).flat(), [-1, 3, 3], 1e-14);
  });

  it('are 0 for a tree without splits, which moves the expected value only', () => {
    const leaves = ensembleOf(2, [treeOf({ leaf: 0.75 }), treeOf({ leaf: -0.25 })], 1);
    expect(createTreeExplainer(leaves).expectedValue).toBe(1.5);
    expect(explainRows(leaves, [[1, NAN]])).toEqual([[0, 0]]);
    expect(explainRows(ensembleOf(2, []), [[1, NAN]])).toEqual([[0, 0]]);
    expect(createTreeExplainer(leaves).explain(matrixOf(leaves.featureNames, []))).toHaveLength(0);
  });

  it('weigh both sides of a split equally if no training row reached it', () => {
    const ensemble = ensembleOf(1, [withCovers(treeOf(stump), () => 0)]);
    expect(createTreeExplainer(ensemble).expectedValue).toBe(1);
    expectNear(explainRows(ensemble, [[0], [1]]).flat(), [-2, 2], 1e-14);
  });
});

const numbers = z.array(z.number());
const fixtureSchema = z.object({
  feature_names: z.array(z.string()),
  base_score: z.number(),
  trees: z.array(
    z.object({
      left_children: numbers,
      right_children: numbers,
      split_indices: numbers,
      split_conditions: numbers,
      default_left: numbers,
      sum_hessian: numbers,
    }),
  ),
  rows: z.array(z.array(z.number().nullable())),
  expected_value: z.number(),
  contributions: z.array(numbers),
  xgboost_contributions: z.array(numbers),
  margins: numbers,
});

describe('our contributions and those of the shap package and XGBoost', () => {
  /** Made once by `make_tree_shap_fixture.py`. */
  const fixture = fixtureSchema.parse(
    JSON.parse(readFileSync(new URL('../fixtures/tree-shap.json', import.meta.url), 'utf8')),
  );
  /** XGBoost keeps a leaf's value where an inner node has its threshold. */
  const trees = fixture.trees.map((tree): Tree => {
    const isLeaf = tree.left_children.map((child) => child === -1);
    return {
      splitFeatures: Int32Array.from(tree.split_indices, (feature, node) => (isLeaf[node] ? -1 : feature)),
      thresholds: Float32Array.from(tree.split_conditions, (value, node) => (isLeaf[node] ? 0 : value)),
      leftChildren: Int32Array.from(tree.left_children),
      rightChildren: Int32Array.from(tree.right_children),
      defaultLeft: Uint8Array.from(tree.default_left),
      leafValues: Float32Array.from(tree.split_conditions, (value, node) => (isLeaf[node] ? value : 0)),
      gains: new Float32Array(isLeaf.length),
      covers: Float32Array.from(tree.sum_hessian),
    };
  });
  const ensemble = { featureNames: fixture.feature_names, baseScore: fixture.base_score, trees };
  const rows = fixture.rows.map((row) => row.map((value) => value ?? NAN));
  const { expectedValue } = createTreeExplainer(ensemble);
  const contributions = explainRows(ensemble, rows);

  /** Each value to a relative 1e-5, with an allowance for float32's rounding at the size of the row's largest. */
  function expectRelativelyNear(reference: readonly (readonly number[])[], allowance: number): void {
    reference.forEach((values, row) => {
      const largest = Math.max(...values.map(Math.abs));
      const excess = values.map(
        (value, feature) =>
          Math.abs(contributions[row][feature] - value) - 1e-5 * Math.abs(value) - allowance * largest,
      );
      expect(Math.max(...excess)).toBeLessThanOrEqual(0);
    });
  }

  it('agree on the expected value', () => {
    expect(Math.abs(expectedValue / fixture.expected_value - 1)).toBeLessThan(1e-5);
  });

  it('agree on every contribution', () => {
    expectRelativelyNear(fixture.contributions, 0);
    expectRelativelyNear(fixture.xgboost_contributions, 1e-6);
  });

  it('explain the margins that XGBoost predicts', () => {
    const sums = contributions.map((values) => values.reduce((a, b) => a + b, expectedValue));
    expectNear(sums, fixture.margins, 1e-5);
  });
});
