import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafOf, predictRawScores } from '../../src/gbdt/predictor.ts';
import {
  arbitraryEnsemble,
  boostedEnsemble,
  matrixOf,
  neighbour,
  probingMatrix,
  referenceRawScores,
  treeOf,
} from '../helpers/random-trees.ts';

const stump = (defaultLeft: boolean) =>
  treeOf({ feature: 0, threshold: 0.5, defaultLeft, left: { leaf: -1 }, right: { leaf: 1 } });

describe('the predictor', () => {
  it('sends values below the threshold left, others right, and missing ones to the learnt default side', () => {
    const scores = (defaultLeft: boolean) => {
      const ensemble = { featureNames: ['a'], baseScore: 0.25, trees: [stump(defaultLeft)] };
      const values = [neighbour(0.5, -1), 0.5, neighbour(0.5, 1), Number.NaN];
      const matrix = matrixOf(
        ['a'],
        values.map((value) => [value]),
      );
      return [...predictRawScores(ensemble, matrix)];
    };
    expect(scores(true)).toEqual([-0.75, 1.25, 1.25, -0.75]);
    expect(scores(false)).toEqual([-0.75, 1.25, 1.25, 1.25]);
  });

  it('sums in float32 the leaves that a walk down every tree finds', () => {
    fc.assert(
      fc.property(arbitraryEnsemble(), fc.integer({ min: 0, max: 60 }), fc.nat(), (ensemble, rows, seed) => {
        const matrix = probingMatrix(ensemble, rows, seed);
        expect(predictRawScores(ensemble, matrix)).toEqual(referenceRawScores(ensemble, matrix));
      }),
    );
  });

  it('gives the same scores for any number of rows', () => {
    const ensemble = boostedEnsemble({ trees: 5, depth: 4, featureCount: 3 });
    for (const rows of [0, 1, 1023, 1024, 1025, 3000]) {
      const matrix = probingMatrix(ensemble, rows, rows);
      expect(predictRawScores(ensemble, matrix)).toEqual(referenceRawScores(ensemble, matrix));
    }
  });

  it('says which leaf a row falls into', () => {
    expect([0.4, 0.5, Number.NaN].map((value) => leafOf(stump(true), () => value))).toEqual([1, 2, 1]);
    expect(leafOf(treeOf({ leaf: 3 }), () => 0)).toBe(0);
  });
});
