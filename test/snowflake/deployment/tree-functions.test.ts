import { type Context, createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../../../src/dataset/feature-matrix.ts';
import { predictRawScores } from '../../../src/gbdt/predictor.ts';
import type { TreeEnsemble } from '../../../src/gbdt/tree.ts';
import { treeFunctions } from '../../../src/snowflake/deployment/tree-functions.ts';
import { arbitraryEnsemble, boostedEnsemble, probingMatrix } from '../../helpers/random-trees.ts';

/**
 * The functions as the warehouse calls them: kept from row to row, missing values undefined. Each has an engine of its own, or
 * shares the one given.
 */
function rawScoresOf(
  ensemble: TreeEnsemble,
  { columns, rowCount }: FeatureMatrix,
  shared?: Context,
): Float32Array {
  const { baseScore } = ensemble;
  const { parts, argumentNames } = treeFunctions(ensemble.trees, ensemble.featureNames);
  const parameters = ['ADDEND', ...argumentNames.map((name) => name.toUpperCase())].join(', ');
  const calls = parts.map((body) =>
    runInContext(`(function (${parameters}) {\n${body}\n})`, shared ?? createContext({})),
  );
  return Float32Array.from({ length: rowCount }, (_, row) => {
    const values = columns.map((column) => (Number.isNaN(column[row]) ? undefined : column[row]));
    return calls.reduce((sum, call) => call(sum, ...values), baseScore);
  });
}

describe('the SQL functions of a tree ensemble', () => {
  it('give the same raw scores to the last bit, at thresholds, beside them and for missing values', () => {
    fc.assert(
      fc.property(arbitraryEnsemble({ maxTrees: 6 }), fc.integer(), (ensemble, seed) => {
        const rows = probingMatrix(ensemble, 40, seed);
        expect(rawScoresOf(ensemble, rows)).toEqual(predictRawScores(ensemble, rows));
      }),
      { numRuns: 60 },
    );
  });

  it('are split if one would be too long, and give the same together', () => {
    const ensemble = boostedEnsemble({ trees: 100, depth: 7, featureCount: 28 });
    const { parts } = treeFunctions(ensemble.trees, ensemble.featureNames);
    expect(parts.length).toBeGreaterThan(3);
    for (const body of parts) expect(body.length).toBeLessThan(70_000);
    const rows = probingMatrix(ensemble, 300);
    expect(rawScoresOf(ensemble, rows)).toEqual(predictRawScores(ensemble, rows));
  });

  it('score right if several of them, of two models, share one engine', () => {
    const shared = createContext({});
    for (const seed of [1, 2]) {
      const ensemble = boostedEnsemble({ trees: 100, depth: 7, featureCount: 12 }, seed);
      expect(treeFunctions(ensemble.trees, ensemble.featureNames).parts.length).toBeGreaterThan(1);
      const rows = probingMatrix(ensemble, 200);
      expect(rawScoresOf(ensemble, rows, shared)).toEqual(predictRawScores(ensemble, rows));
    }
  });

  it('round a value to float32 before they compare it, as the trees do', () => {
    const ensemble = boostedEnsemble({ trees: 1, depth: 1, featureCount: 1 });
    const [threshold] = ensemble.trees[0].thresholds;
    const { parts } = treeFunctions(ensemble.trees, ensemble.featureNames);
    const call = runInContext(`(function (ADDEND, F0) {\n${parts[0]}\n})`, createContext({}));
    const justBelow = threshold - Math.abs(threshold) * 1e-12;
    expect(Math.fround(justBelow)).toBe(threshold);
    expect(call(0, justBelow)).toBe(call(0, threshold));
  });

  it('refuse a tree that their layout cannot hold', () => {
    const ensemble = boostedEnsemble({ trees: 1, depth: 17, featureCount: 2 });
    expect(() => treeFunctions(ensemble.trees, ensemble.featureNames)).toThrow('too large for Snowflake');
  });

  it('contain no $$, which would end their text', () => {
    const { trees, featureNames } = boostedEnsemble({ trees: 3, depth: 3, featureCount: 2 });
    const { parts } = treeFunctions(trees, featureNames);
    for (const body of parts) expect(body).not.toContain('$$');
  });
});
