import { beforeAll, describe, expect, it } from 'vitest';
import type { LabelledDataset } from '../../src/dataset/feature-matrix.ts';
import { compileKernel } from '../../src/gbdt/kernel-module.ts';
import { type BoosterOptions, type BoosterParams, boosterParamsSchema } from '../../src/gbdt/params.ts';
import { predictRawScores } from '../../src/gbdt/predictor.ts';
import type { Tree, TreeEnsemble } from '../../src/gbdt/tree.ts';
import { growTrees, makeDataset } from '../helpers/learner.ts';
import { compareTrees, NaiveBooster, type NaiveNode, type NaiveSplit } from '../helpers/naive-booster.ts';
import { seededRandom } from '../helpers/random-trees.ts';

let module: WebAssembly.Module;

beforeAll(async () => {
  module = await compileKernel();
});

/**
 * Gains come from gradients of 16 bits. The worst that rounding could do to the sums of these few hundred rows, all
 * rounded alike, is 0.4 % of the largest gradient; a tenth of that is seen.
 */
const GAIN_ERROR = 4e-3;

interface Comparison {
  readonly nodes: number;
  /** Nodes where another split was taken, with how much less it is worth in exact gradients. */
  readonly others: readonly { readonly best: number; readonly taken: number }[];
  readonly largestValueError: number;
}

function splitAt(tree: Tree, node: number): NaiveSplit | undefined {
  if (tree.splitFeatures[node] < 0) return undefined;
  return {
    feature: tree.splitFeatures[node],
    threshold: tree.thresholds[node],
    defaultLeft: tree.defaultLeft[node] === 1,
  };
}

function isSameSplit(a: NaiveSplit, b: NaiveSplit): boolean {
  return a.feature === b.feature && a.threshold === b.threshold && a.defaultLeft === b.defaultLeft;
}

function relativeDifference(a: number, b: number): number {
  return Math.abs(a - b) / Math.max(1, Math.abs(b));
}

/** Every tree beside the one that naive boosting grows from the margins of the trees before it. */
function compare(ensemble: TreeEnsemble, dataset: LabelledDataset, params: BoosterParams): Comparison {
  const booster = new NaiveBooster(dataset, params);
  const others: { best: number; taken: number }[] = [];
  let nodes = 0;
  let largestValueError = 0;
  for (const [i, tree] of ensemble.trees.entries()) {
    const before = { ...ensemble, trees: ensemble.trees.slice(0, i) };
    const root = booster.growTree(predictRawScores(before, dataset));
    compareTrees(root, tree, (naive: NaiveNode, node: number) => {
      nodes++;
      const taken = splitAt(tree, node);
      if (taken && naive.split && isSameSplit(taken, naive.split)) {
        expect(relativeDifference(tree.gains[node], naive.split.gain)).toBeLessThan(GAIN_ERROR);
        return true;
      }
      if (taken || naive.split) {
        others.push({
          best: naive.split?.gain ?? params.gamma,
          taken: taken ? booster.gainOf(naive.rows, taken) : params.gamma,
        });
        return false;
      }
      largestValueError = Math.max(largestValueError, Math.abs(tree.leafValues[node] - naive.value));
      expect(relativeDifference(tree.covers[node], naive.cover)).toBeLessThan(1e-6);
      return true;
    });
  }
  return { nodes, others, largestValueError };
}

const CASES: readonly BoosterOptions[] = [
  { max_depth: 1, learning_rate: 0.5 },
  { max_depth: 3 },
  { max_depth: 6, min_child_weight: 0 },
  { max_depth: 4, reg_alpha: 0.7 },
  { max_depth: 4, gamma: 0.8 },
  { max_depth: 4, min_child_weight: 6 },
  { max_depth: 3, scale_pos_weight: 0.05 },
  { max_depth: 3, scale_pos_weight: 20 },
  { max_depth: 3, reg_lambda: 0, min_child_weight: 0.5 },
];

describe('the learner beside naive boosting on raw values', () => {
  it.each(CASES)('grows the same trees except for equal gains: %o', (options) => {
    for (const isWeighted of [false, true]) {
      for (const seed of [1, 2, 3]) {
        const shape = { rows: 240, features: 3, levels: 12, missingShare: 0.15, isWeighted };
        const dataset = makeDataset(shape, seededRandom(seed));
        const params = boosterParamsSchema.parse({ n_estimators: 5, ...options });
        const ensemble = growTrees(dataset, params, { kernel: module, baseScore: 0.25 });
        const { nodes, others, largestValueError } = compare(ensemble, dataset, params);
        expect(nodes).toBeGreaterThan(5);
        // Two splits of one gain, to the last bits of a double: either may win.
        for (const { best, taken } of others) expect(taken).toBeCloseTo(best, 10);
        expect(others.length).toBeLessThanOrEqual(1);
        expect(largestValueError).toBeLessThan(1e-6);
      }
    }
  });

  it('grows the same trees if every row has its own value, and if most values of a feature are missing', () => {
    for (const missingShare of [0, 0.9]) {
      const shape = { rows: 200, features: 2, levels: 100_000, missingShare, isWeighted: true };
      const dataset = makeDataset(shape, seededRandom(11));
      const params = boosterParamsSchema.parse({ n_estimators: 4, max_depth: 4 });
      const ensemble = growTrees(dataset, params, { kernel: module });
      const { others, largestValueError } = compare(ensemble, dataset, params);
      expect(others).toEqual([]);
      expect(largestValueError).toBeLessThan(1e-6);
    }
  });

  it('splits on the first of two equal features', () => {
    const shape = { rows: 300, features: 2, levels: 9, missingShare: 0.1, isWeighted: true };
    const { columns, ...rest } = makeDataset(shape, seededRandom(5));
    const twice = { ...rest, featureNames: ['a', 'b', 'c', 'd'], columns: [...columns, ...columns] };
    const { trees } = growTrees(twice, { n_estimators: 6, max_depth: 5 }, { kernel: module });
    expect([...new Set(trees.flatMap(({ splitFeatures }) => [...splitFeatures]))].sort()).toEqual([-1, 0, 1]);
  });
});
