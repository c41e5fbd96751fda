import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileKernel } from '../../src/gbdt/kernel-module.ts';
import { rawScoresOf } from '../../src/gbdt/raw-scores.ts';
import type { Tree, TreeEnsemble } from '../../src/gbdt/tree.ts';
import { TreeWalker, toTreeRuns } from '../../src/gbdt/tree-walker.ts';
import {
  arbitraryEnsemble,
  boostedEnsemble,
  probingMatrix,
  referenceRawScores,
} from '../helpers/random-trees.ts';

let walker: TreeWalker;
beforeAll(async () => {
  walker = new TreeWalker(await compileKernel());
});

function expectSumsOfNaiveWalk(ensemble: TreeEnsemble, rows: number, seed = 1): void {
  const features = probingMatrix(ensemble, rows, seed);
  // In a model file the base score is a tree of its own.
  const ofFile = walker.sumLeaves(toTreeRuns(ensemble.trees), features);
  expect(ofFile).toEqual(referenceRawScores({ ...ensemble, baseScore: 0 }, features));
  expect(rawScoresOf(ensemble, features)).toEqual(referenceRawScores(ensemble, features));
}

const runsOf = (trees: readonly Tree[]) =>
  toTreeRuns(trees).map((run) => ('deep' in run ? `${run.deep.length} deep` : run.treeCount));

describe('walking rows down trees with the kernel', () => {
  it('sums the leaves that a walk node by node finds, on any trees and values', () => {
    fc.assert(
      fc.property(arbitraryEnsemble(), fc.integer({ min: 0, max: 100 }), fc.nat(), expectSumsOfNaiveWalk),
      { numRuns: 300 },
    );
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('sums the leaves of trees that are %i deep', (depth) => {
    expectSumsOfNaiveWalk(boostedEnsemble({ trees: 9, depth, featureCount: 3 }), 2000);
  });

  it('sums the leaves of trees with many features', () => {
    expectSumsOfNaiveWalk(boostedEnsemble({ trees: 4, depth: 8, featureCount: 300 }), 500);
  });

  it('gives the same sums for any number of rows', () => {
    const ensemble = boostedEnsemble({ trees: 5, depth: 4, featureCount: 3 });
    for (const rows of [0, 1, 31, 32, 33, 1023, 1024, 1025]) expectSumsOfNaiveWalk(ensemble, rows, rows);
  });

  it('ranks values anew if trees have more thresholds of a feature than a byte can tell apart', () => {
    const ensemble = boostedEnsemble({ trees: 20, depth: 6, featureCount: 1 });
    expect(runsOf(ensemble.trees)).toEqual([4, 4, 4, 4, 4]);
    expectSumsOfNaiveWalk(ensemble, 3000);
  });

  it('walks trees that are too deep for the kernel without it, in their order among the others', () => {
    const of = (depth: number, trees: number) => boostedEnsemble({ trees, depth, featureCount: 4 }, depth);
    const ensemble = {
      ...of(3, 0),
      trees: [of(3, 2), of(9, 1), of(4, 3), of(12, 2)].flatMap((one) => one.trees),
    };
    expect(runsOf(ensemble.trees)).toEqual([2, '1 deep', 3, '2 deep']);
    expectSumsOfNaiveWalk(ensemble, 1500);
  });

  it('walks a large model after a small one, and the small one again', () => {
    const small = boostedEnsemble({ trees: 1, depth: 2, featureCount: 2 });
    expectSumsOfNaiveWalk(small, 100);
    expectSumsOfNaiveWalk(boostedEnsemble({ trees: 200, depth: 7, featureCount: 20 }), 100);
    expectSumsOfNaiveWalk(small, 100);
  });
});
