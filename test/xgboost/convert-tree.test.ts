import '../helpers/property-seed.ts';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { predictRawScores } from '../../src/gbdt/predictor.ts';
import { convertXgboost } from '../../src/xgboost/convert-xgboost.ts';
import { decodeXgboostModel } from '../../src/xgboost/model-file.ts';
import { parseXgboostModel, type XgboostModel } from '../../src/xgboost/xgboost-model.ts';
import { AWKWARD_VALUES, matrixOf, neighbour } from '../helpers/random-trees.ts';

type Split =
  | { leaf: number }
  | { feature: number; threshold: number; defaultLeft: boolean; left: Split; right: Split }
  | { feature: number; categories: number[]; defaultLeft: boolean; left: Split; right: Split };

const NUMERIC = [0, 1];
const CATEGORICAL = [2, 3];
const finite = fc.float({ noNaN: true, noDefaultInfinity: true });

function arbitrarySplit(maxDepth: number): fc.Arbitrary<Split> {
  const leaf = fc.record({ leaf: finite });
  if (maxDepth === 0) return leaf;
  const below = {
    defaultLeft: fc.boolean(),
    left: arbitrarySplit(maxDepth - 1),
    right: arbitrarySplit(maxDepth - 1),
  };
  return fc.oneof(
    leaf,
    fc.record({ feature: fc.constantFrom(...NUMERIC), threshold: fc.float({ noNaN: true }), ...below }),
    fc.record({
      feature: fc.constantFrom(...CATEGORICAL),
      categories: fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 6 }),
      ...below,
    }),
  );
}

/** The object that XGBoost writes, its nodes in an order of its own and one that nothing leads to. */
function treeJson(root: Split) {
  const tree = {
    tree_param: { size_leaf_vector: '1', num_nodes: '0' },
    left_children: [] as number[],
    right_children: [] as number[],
    split_indices: [] as number[],
    split_conditions: [] as (number | null)[],
    default_left: [] as number[],
    split_type: [] as number[],
    categories: [] as number[],
    categories_nodes: [] as number[],
    categories_segments: [] as number[],
    categories_sizes: [] as number[],
    loss_changes: [] as number[],
    sum_hessian: [] as number[],
  };
  const add = (): number => {
    const at = tree.left_children.length;
    for (const list of [tree.left_children, tree.right_children]) list.push(-1);
    for (const list of [tree.split_indices, tree.default_left, tree.split_type, tree.loss_changes])
      list.push(0);
    tree.split_conditions.push(0);
    tree.sum_hessian.push(1);
    return at;
  };
  const write = (split: Split, at: number): void => {
    if ('leaf' in split) {
      tree.split_conditions[at] = split.leaf;
      return;
    }
    const [right, left] = [add(), add()];
    tree.left_children[at] = left;
    tree.right_children[at] = right;
    tree.split_indices[at] = split.feature;
    tree.default_left[at] = split.defaultLeft ? 1 : 0;
    if ('threshold' in split) {
      tree.split_conditions[at] = split.threshold;
    } else {
      tree.split_type[at] = 1;
      tree.split_conditions[at] = null;
      tree.categories_nodes.push(at);
      tree.categories_segments.push(tree.categories.length);
      tree.categories_sizes.push(split.categories.length);
      tree.categories.push(...split.categories);
    }
    write(split.left, left);
    write(split.right, right);
  };
  const first = add();
  add();
  write(root, first);
  return tree;
}

function modelJson(trees: object[], changes: { learner?: object; model?: object; version?: number[] } = {}) {
  return {
    version: changes.version ?? [3, 2, 0],
    learner: {
      attributes: {},
      feature_names: [],
      learner_model_param: { base_score: '[5E-1]', num_class: '0', num_feature: '4', num_target: '1' },
      objective: { name: 'binary:logistic' },
      gradient_booster: {
        name: 'gbtree',
        model: { gbtree_model_param: { num_parallel_tree: '1' }, trees, ...changes.model },
      },
      ...changes.learner,
    },
  };
}

/** What the documentation of XGBoost says of one row, and nothing cleverer. */
function walk(split: Split, row: readonly number[]): number {
  if ('leaf' in split) return split.leaf;
  const value = row[split.feature];
  const goesLeft = () => {
    if (Number.isNaN(value)) return split.defaultLeft;
    if ('threshold' in split) return value < split.threshold;
    return value < 0 || value >= 2 ** 24 || !split.categories.includes(Math.trunc(value));
  };
  return walk(goesLeft() ? split.left : split.right, row);
}

const NAMES = ['a', 'b', 'c', 'd'];
const columnValue = fc.oneof(
  fc.constantFrom(...AWKWARD_VALUES),
  fc.integer({ min: -2, max: 12 }),
  fc.float({ min: -2, max: 12 }),
);

describe('the conversion of trees of any shape', () => {
  const expectWalks = (roots: Split[], rows: number[][]) => {
    const ensemble = convertXgboost(parseXgboostModel(modelJson(roots.map(treeJson))), NAMES);
    const expected = rows.map((row) =>
      roots.reduce((sum, root) => Math.fround(sum + Math.fround(walk(root, row))), ensemble.baseScore),
    );
    expect([...predictRawScores(ensemble, matrixOf(NAMES, rows))]).toEqual(expected);
  };

  it('gives the leaf that a walk over XGBoost’s tree gives', () => {
    const rows = fc.array(fc.tuple(columnValue, columnValue, columnValue, columnValue), {
      minLength: 20,
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.array(arbitrarySplit(4), { maxLength: 3 }), rows, (roots, rows) =>
        expectWalks(
          roots,
          rows.map((row) => row.map(Math.fround)),
        ),
      ),
      { numRuns: 300 },
    );
  });

  it('gives the same leaf if categories that are already settled are left out to save nodes', () => {
    // Thirty levels of every other category: written out, 10^13 nodes.
    const evens = [0, 2, 4, 6, 8];
    const grow = (depth: number): Split =>
      depth === 0
        ? { leaf: 1 }
        : {
            feature: 2,
            categories: depth % 2 === 0 ? evens : evens.map((category) => category + (depth % 3)),
            defaultLeft: depth % 5 < 2,
            left: depth % 2 === 0 ? { leaf: depth } : grow(depth - 1),
            right: depth % 2 === 0 ? grow(depth - 1) : { leaf: -depth },
          };
    const codes = [Number.NaN, ...Array.from({ length: 30 }, (_, i) => i / 2 - 2), 1e9];
    expectWalks(
      [grow(30)],
      codes.map((code) => [0, 0, code, 0]),
    );
  });

  it('keeps thresholds to the bit', () => {
    const threshold = Math.fround(0.1);
    const rows = [neighbour(threshold, -1), threshold, neighbour(threshold, 1)].map((value) => [
      value,
      0,
      0,
      0,
    ]);
    expectWalks([{ feature: 0, threshold, defaultLeft: true, left: { leaf: 1 }, right: { leaf: 2 } }], rows);
  });
});

describe('a file that is not a usable model is refused', () => {
  const split: Split = { feature: 0, threshold: 1, defaultLeft: true, left: { leaf: 1 }, right: { leaf: 2 } };
  const bytes = (text: string) => new TextEncoder().encode(text);
  const refusalOf = (work: () => unknown): string => {
    try {
      work();
      return 'taken';
    } catch (error) {
      return error instanceof Error ? error.message : 'something else';
    }
  };
  const convert = (content: object) => () => convertXgboost(parseXgboostModel(content), NAMES);
  const withTree = (changes: object) => convert(modelJson([{ ...treeJson(split), ...changes }]));
  const param = { base_score: '5E-1', num_class: '0', num_feature: '4' };

  test.each<[string, () => unknown]>([
    ['an empty file', () => decodeXgboostModel(bytes(''))],
    ['neither format', () => decodeXgboostModel(bytes('\x80\x04\x95pickle'))],
    ['half a JSON file', () => decodeXgboostModel(bytes(JSON.stringify(modelJson([])).slice(0, 90)))],
    ['another JSON file', () => decodeXgboostModel(bytes('{"trees": []}'))],
    ['an array', () => decodeXgboostModel(bytes('[]'))],
    ['an older version', convert(modelJson([], { version: [1, 5, 2] }))],
    ['a later version', convert(modelJson([], { version: [4, 0, 0] }))],
    ['another objective', convert(modelJson([], { learner: { objective: { name: 'rank:ndcg' } } }))],
    [
      'several classes',
      convert(modelJson([], { learner: { learner_model_param: { ...param, num_class: '3' } } })),
    ],
    [
      'several base scores',
      convert(modelJson([], { learner: { learner_model_param: { ...param, base_score: '[5E-1,5E-1]' } } })),
    ],
    [
      'a base score of 1',
      convert(modelJson([], { learner: { learner_model_param: { ...param, base_score: '1E0' } } })),
    ],
    [
      'dart',
      convert(
        modelJson([], { learner: { gradient_booster: { name: 'dart', gbtree: {}, weight_drop: [] } } }),
      ),
    ],
    ['gblinear', convert(modelJson([], { learner: { gradient_booster: { name: 'gblinear', model: {} } } }))],
    ['vector leaves', withTree({ tree_param: { size_leaf_vector: '3' } })],
    ['lists of different lengths', withTree({ default_left: [1] })],
    ['a child that is its parent', withTree({ left_children: [0, -1, -1, -1] })],
    ['both children the same', withTree({ left_children: [2, -1, -1, -1] })],
    ['a child out of range', withTree({ left_children: [99, -1, -1, -1] })],
    ['one child alone', withTree({ left_children: [-1, -1, -1, -1] })],
    ['a fractional child', withTree({ left_children: [1.5, -1, -1, -1] })],
    ['a feature out of range', withTree({ split_indices: [4, 0, 0, 0] })],
    ['a threshold that is NaN', withTree({ split_conditions: [null, 0, 1, 2] })],
    ['a leaf that is NaN', withTree({ split_conditions: [1, 0, null, 2] })],
    ['categories that are missing', withTree({ split_type: [1, 0, 0, 0] })],
    [
      'categories outside of their list',
      withTree({
        split_type: [1, 0, 0, 0],
        categories_nodes: [0],
        categories_segments: [0],
        categories_sizes: [9],
      }),
    ],
    [
      'a negative category',
      withTree({ categories: [-1], categories_nodes: [0], categories_segments: [0], categories_sizes: [1] }),
    ],
    ['ten thousand trees and one', convert(modelJson(new Array(10_001).fill(treeJson({ leaf: 0 }))))],
    ['another number of features', () => convertXgboost(parseXgboostModel(modelJson([])), ['a'])],
  ])('%s', (_, work) => {
    expect(refusalOf(work)).toMatchSnapshot();
  });

  it('accepts the tree before it is damaged', () => {
    expect(refusalOf(withTree({}))).toBe('taken');
  });

  it('refuses a tree that is too deep', () => {
    const chain = (depth: number): Split =>
      depth === 0 ? { leaf: 0 } : { ...split, right: chain(depth - 1) };
    expect(refusalOf(convert(modelJson([treeJson(chain(400))])))).toBe(
      'Tree 0 of the model is more than 256 levels deep.',
    );
  });

  it('refuses sets of categories that would take too many nodes', () => {
    // On twelve features, so that no split settles another.
    const wide = (depth: number): Split =>
      depth === 0
        ? { leaf: 0 }
        : {
            feature: depth,
            categories: [0, 2, 4, 6, 8, 10, 12, 14],
            defaultLeft: true,
            left: wide(depth - 1),
            right: { leaf: 1 },
          };
    const model: XgboostModel = { ...parseXgboostModel(modelJson([treeJson(wide(12))])), featureCount: 13 };
    expect(
      refusalOf(() =>
        convertXgboost(
          model,
          Array.from({ length: 13 }, (_, i) => `f${i}`),
        ),
      ),
    ).toBe(
      'The model splits large sets of categories so often that a tree would have more than 500,000 nodes.',
    );
  });

  it('keeps a feature name that contains NaN', () => {
    const model = modelJson([treeJson(split)], {
      learner: { feature_names: ['NaN "x"', 'Infinity', 'c', 'd'] },
    });
    const text = JSON.stringify(model).replace('"split_conditions":[1,', '"split_conditions":[Infinity,');
    const read = decodeXgboostModel(bytes(text));
    expect(read.featureNames).toEqual(['NaN "x"', 'Infinity', 'c', 'd']);
    expect(read.trees[0].split_conditions[0]).toBe(Number.POSITIVE_INFINITY);
  });
});
