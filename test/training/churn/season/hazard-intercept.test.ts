import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hazardIntercepts,
  hazardLogFactor,
  meanProbability,
} from '../../../../src/training/churn/season/hazard-intercept.ts';

const rawScores = fc.array(fc.double({ min: -6, max: 6, noNaN: true }), { minLength: 1, maxLength: 50 });
const meanAt = (scores: readonly number[], b: number) =>
  scores.reduce((sum, score) => sum + 1 / (1 + Math.exp(-(score + b))), 0) / scores.length;

describe('the intercept of a season', () => {
  it('gives the mean probability for customers who return faster or slower', () => {
    fc.assert(
      fc.property(rawScores, fc.double({ min: -1.5, max: 1.5, noNaN: true }), (scores, logFactor) => {
        const b = hazardIntercepts(scores)(logFactor);
        expect(meanAt(scores, b)).toBeCloseTo(meanProbability(scores, logFactor), 9);
        if (Math.abs(logFactor) > 1e-6) expect(Math.sign(b)).toBe(-Math.sign(logFactor));
      }),
    );
  });

  it('can be recovered from the share that stayed away', () => {
    fc.assert(
      fc.property(rawScores, fc.double({ min: -1.5, max: 1.5, noNaN: true }), (scores, logFactor) => {
        expect(hazardLogFactor(scores, meanProbability(scores, logFactor))).toBeCloseTo(logFactor, 5);
      }),
    );
  });
});
