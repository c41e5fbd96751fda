import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rescaleEnsemble, weightedMean } from '../../src/gbdt/ensemble-arithmetic.ts';
import { predictRawScores } from '../../src/gbdt/predictor.ts';
import { boostedEnsemble, probingMatrix } from '../helpers/random-trees.ts';

describe('arithmetic on ensembles', () => {
  it('averages scores with weights, and moves scores to another scale', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.double({ min: 0.1, max: 3 }),
        fc.double({ min: -2, max: 2 }),
        (seed, slope, intercept) => {
          const [one, other] = [seed, seed + 1].map((each) =>
            boostedEnsemble({ trees: 5, depth: 3, featureCount: 4 }, each),
          );
          const matrix = probingMatrix(one, 40, seed);
          const scores = [one, other].map((ensemble) => predictRawScores(ensemble, matrix));
          const mean = predictRawScores(
            weightedMean([
              { ensemble: one, weight: 3 },
              { ensemble: other, weight: 1 },
            ]),
            matrix,
          );
          const rescaled = predictRawScores(rescaleEnsemble(one, { slope, intercept }), matrix);
          for (let row = 0; row < matrix.rowCount; row++) {
            expect(mean[row]).toBeCloseTo((3 * scores[0][row] + scores[1][row]) / 4, 4);
            expect(rescaled[row]).toBeCloseTo(slope * scores[0][row] + intercept, 4);
          }
        },
      ),
    );
  });
});
