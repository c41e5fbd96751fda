import fc from 'fast-check';
import type { FeatureMatrix } from '../../src/dataset/feature-matrix.ts';
import { seededRandom } from '../../src/dataset/seeded-random.ts';
import type { Tree, TreeEnsemble } from '../../src/gbdt/tree.ts';

export { seededRandom };

/** A tree as a person would write it; `treeOf` lays it out as the parallel arrays. */
export type Node =
  | { readonly leaf: number }
  | {
      readonly feature: number;
      readonly threshold: number;
      readonly defaultLeft: boolean;
      readonly left: Node;
      readonly right: Node;
    };

export const FLOAT32_MAX = 3.4028234663852886e38;
export const FLOAT32_DENORMAL_MIN = 1.401298464324817e-45;

/** Values that catch rounding, comparison and missing-value mistakes. */
export const AWKWARD_VALUES = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  FLOAT32_MAX,
  -FLOAT32_MAX,
  0,
  -0,
  FLOAT32_DENORMAL_MIN,
  -FLOAT32_DENORMAL_MIN,
  1.1754943508222875e-38,
  1,
];

const asFloat = new Float32Array(1);
const asBits = new Int32Array(asFloat.buffer);

/** The float32 next to `value`, one unit in the last place away; NaN stays NaN, and zero steps to a denormal. */
export function neighbour(value: number, direction: 1 | -1): number {
  if (Number.isNaN(value) || value === direction * Number.POSITIVE_INFINITY) return value;
  if (value === 0) return direction * FLOAT32_DENORMAL_MIN;
  asFloat[0] = value;
  asBits[0] += value > 0 ? direction : -direction;
  return asFloat[0];
}

export function treeOf(root: Node): Tree {
  const nodes: { node: Node; left: number; right: number }[] = [];
  const add = (node: Node): number => {
    const entry = { node, left: -1, right: -1 };
    const index = nodes.push(entry) - 1;
    if (!('leaf' in node)) {
      entry.left = add(node.left);
      entry.right = add(node.right);
    }
    return index;
  };
  add(root);
  return {
    splitFeatures: Int32Array.from(nodes, ({ node }) => ('leaf' in node ? -1 : node.feature)),
    thresholds: Float32Array.from(nodes, ({ node }) => ('leaf' in node ? 0 : node.threshold)),
    leftChildren: Int32Array.from(nodes, ({ left }) => left),
    rightChildren: Int32Array.from(nodes, ({ right }) => right),
    defaultLeft: Uint8Array.from(nodes, ({ node }) => ('leaf' in node || !node.defaultLeft ? 0 : 1)),
    leafValues: Float32Array.from(nodes, ({ node }) => ('leaf' in node ? node.leaf : 0)),
    gains: Float32Array.from(nodes, ({ node }) => ('leaf' in node ? 0 : 1)),
    covers: Float32Array.from(nodes, () => 1),
  };
}

/** Leaves as boosting makes them, and now and then ones that cancel or swamp the sum. */
const leafValue = fc.oneof(
  { weight: 8, arbitrary: fc.float({ min: -2, max: 2, noNaN: true }) },
  { weight: 1, arbitrary: fc.float({ min: Math.fround(-1e8), max: Math.fround(1e8), noNaN: true }) },
);
const thresholdValue = fc.oneof(
  fc.float({ noNaN: true }),
  fc.float({ min: -10, max: 10, noNaN: true }),
  fc.constantFrom(...AWKWARD_VALUES.filter((value) => !Number.isNaN(value))),
);

/** Any tree shape over `featureCount` features, one leaf alone included. */
function arbitraryNode(featureCount: number): fc.Arbitrary<Node> {
  const { node } = fc.letrec<{ node: Node; leaf: Node; split: Node }>((tie) => ({
    node: fc.oneof({ depthSize: 'medium', withCrossShrink: true }, tie('leaf'), tie('split')),
    leaf: fc.record({ leaf: leafValue }),
    split: fc.record({
      feature: fc.integer({ min: 0, max: featureCount - 1 }),
      threshold: thresholdValue,
      defaultLeft: fc.boolean(),
      left: tie('node'),
      right: tie('node'),
    }),
  }));
  return node;
}

export function arbitraryEnsemble(options: { maxTrees?: number } = {}): fc.Arbitrary<TreeEnsemble> {
  return fc.integer({ min: 1, max: 6 }).chain((featureCount) =>
    fc.record({
      featureNames: fc.constant(Array.from({ length: featureCount }, (_, index) => `feature_${index}`)),
      baseScore: fc.float({ min: -5, max: 5, noNaN: true }),
      trees: fc.array(arbitraryNode(featureCount).map(treeOf), { maxLength: options.maxTrees ?? 12 }),
    }),
  );
}

/** Full trees of a given depth, as boosting grows them: `trees` of them over `featureCount` features. */
export function boostedEnsemble(
  shape: { trees: number; depth: number; featureCount: number },
  seed = 1,
): TreeEnsemble {
  const random = seededRandom(seed);
  const grow = (depth: number): Node =>
    depth === 0
      ? { leaf: (random() - 0.5) * 0.4 }
      : {
          feature: Math.floor(random() * shape.featureCount),
          threshold: Math.fround((random() - 0.5) * 8),
          defaultLeft: random() < 0.5,
          left: grow(depth - 1),
          right: grow(depth - 1),
        };
  return {
    featureNames: Array.from({ length: shape.featureCount }, (_, index) => `feature_${index}`),
    baseScore: Math.fround(-0.3),
    trees: Array.from({ length: shape.trees }, () => treeOf(grow(shape.depth))),
  };
}

export function matrixOf(
  featureNames: readonly string[],
  rows: readonly (readonly number[])[],
): FeatureMatrix {
  const columns = featureNames.map((_, feature) => {
    const column = new Float32Array(new SharedArrayBuffer(4 * rows.length));
    rows.forEach((row, index) => {
      column[index] = row[feature];
    });
    return column;
  });
  return { featureNames, rowCount: rows.length, columns };
}

/**
 * Rows that hit the ensemble where it hurts: each value is one of its thresholds, a neighbour of one, an awkward value
 * or an ordinary one.
 */
export function probingMatrix(ensemble: TreeEnsemble, rowCount: number, seed = 1): FeatureMatrix {
  const random = seededRandom(seed);
  const thresholds = ensemble.trees.flatMap((tree) => [...tree.thresholds]);
  const pick = (values: readonly number[]) => values[Math.floor(random() * values.length)];
  const value = () => {
    const kind = thresholds.length === 0 ? 0.9 : random();
    if (kind < 0.2) return pick(thresholds);
    if (kind < 0.5) return neighbour(pick(thresholds), random() < 0.5 ? 1 : -1);
    if (kind < 0.7) return pick(AWKWARD_VALUES);
    return (random() - 0.5) * 10;
  };
  const rows = Array.from({ length: rowCount }, () => ensemble.featureNames.map(value));
  return matrixOf(ensemble.featureNames, rows);
}

/** The plainest reading of the model's definition: each row's tree walk, summed in float32 in the order of the trees. */
export function referenceRawScores(ensemble: TreeEnsemble, features: FeatureMatrix): Float32Array {
  return Float32Array.from({ length: features.rowCount }, (_, row) => {
    let margin = Math.fround(ensemble.baseScore);
    for (const tree of ensemble.trees) {
      let node = 0;
      while (tree.splitFeatures[node] >= 0) {
        const value = features.columns[tree.splitFeatures[node]][row];
        const left = Number.isNaN(value) ? tree.defaultLeft[node] === 1 : value < tree.thresholds[node];
        node = left ? tree.leftChildren[node] : tree.rightChildren[node];
      }
      margin = Math.fround(margin + tree.leafValues[node]);
    }
    return margin;
  });
}

/** The probability's definition: the sigmoid of the (calibrated) raw score in double, rounded once. */
export function referenceProbabilities(rawScores: Float32Array): Float32Array {
  return rawScores.map((rawScore) => Math.fround(1 / (1 + Math.exp(-rawScore))));
}
