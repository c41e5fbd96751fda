import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weightedMean } from '../../src/gbdt/ensemble-arithmetic.ts';
import { predictRawScores } from '../../src/gbdt/predictor.ts';
import { boostedEnsemble, probingMatrix } from '../helpers/random-trees.ts';

describe('arithmetic on ensembles', () => {
  it('averages the scores of ensembles by their weights', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0.1, max: 3, noNaN: true }), (seed, weight) => {
        const [one, other] = [seed, seed + 1].map((each) =>
          boostedEnsemble({ trees: 5, depth: 3, featureCount: 4 }, each),
        );
        const matrix = probingMatrix(one, 40, seed);
        const scores = [one, other].map((ensemble) => predictRawScores(ensemble, matrix));
        const members = [
          { ensemble: one, weight },
          { ensemble: other, weight: 1 },
        ];
        const mean = predictRawScores(weightedMean(members), matrix);
        for (let row = 0; row < matrix.rowCount; row++) {
          expect(mean[row]).toBeCloseTo((weight * scores[0][row] + scores[1][row]) / (weight + 1), 4);
        }
      }),
    );
  });
});
