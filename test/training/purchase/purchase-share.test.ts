import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedColumnOf } from '../../../src/dataset/column-rows.ts';
import type { LabelledDataset } from '../../../src/dataset/feature-matrix.ts';
import { sigmoidFloat32 } from '../../../src/gbdt/loss.ts';
import { predictRawScores } from '../../../src/gbdt/predictor.ts';
import {
  probabilityRows,
  purchaseShareOf,
  withPurchaseShare,
} from '../../../src/training/purchase/purchase-share.ts';
import { treeOf } from '../../helpers/random-trees.ts';

const tree = treeOf({
  feature: 0,
  threshold: 0.5,
  defaultLeft: true,
  left: { leaf: -1.5 },
  right: { leaf: 2 },
});
const ensemble = { featureNames: ['liking'], baseScore: 0.25, trees: [tree] };

/** Each pair has how much the customer likes the product, whether it was bought, and how many pairs it stands for. */
function pairsOf(
  pairs: readonly (readonly [liking: number, bought: boolean, weight: number])[],
): LabelledDataset {
  return {
    featureNames: ['liking'],
    rowCount: pairs.length,
    columns: [sharedColumnOf(pairs.map(([liking]) => liking))],
    labels: sharedColumnOf(pairs.map(([, bought]) => Number(bought))),
    weights: sharedColumnOf(pairs.map(([, bought, weight]) => (bought ? 1 : weight))),
  };
}

const anyPair = fc.tuple(fc.constantFrom(0, 1), fc.boolean(), fc.constantFrom(1, 15, 70));

describe('the pairs that probabilities are learnt from', () => {
  const season = { isKnown: false };

  it('count once if they stand for the most, as purchases do, and others less in proportion', () => {
    const pairs = pairsOf([
      [1, true, 1],
      [0, false, 70],
      [0, false, 14],
      [1, false, 1],
    ]);
    const { weights } = probabilityRows(pairs, 30, season);
    expect([...(weights ?? [])]).toEqual([1, 1, 0.2, 1 / 70].map(Math.fround));
  });

  it('have no weights if none was left out', () => {
    const pairs = pairsOf([
      [1, true, 1],
      [0, false, 1],
    ]);
    expect(probabilityRows(pairs, 30, season).weights).toBeUndefined();
  });
});

describe('the share of purchases', () => {
  it('is what the trees say on average over the pairs that the learnt ones stand for, in the order they had', () => {
    fc.assert(
      fc.property(fc.array(anyPair, { minLength: 2, maxLength: 200 }), (drawn) => {
        const pairs = pairsOf([...drawn, [1, true, 1], [0, false, 70]]);
        const levelled = withPurchaseShare(ensemble, pairs);
        let [said, all] = [0, 0];
        for (const [row, probability] of predictRawScores(levelled, pairs).map(sigmoidFloat32).entries()) {
          const weight = pairs.weights?.[row] ?? 1;
          said += weight * probability;
          all += weight;
        }
        expect(said / all).toBeCloseTo(purchaseShareOf([pairs]), 5);
        const shift = levelled.baseScore - ensemble.baseScore;
        const before = predictRawScores(ensemble, pairs);
        for (const [row, score] of predictRawScores(levelled, pairs).entries())
          expect(score).toBeCloseTo(before[row] + shift, 5);
      }),
    );
  });

  it('counts pairs that were left out', () => {
    const pairs = pairsOf([
      [1, true, 1],
      [0, false, 15],
    ]);
    expect(purchaseShareOf([pairs, pairs])).toBe(1 / 16);
    expect(purchaseShareOf([])).toBe(0);
  });

  it('leaves trees as they are if everything was bought', () => {
    expect(withPurchaseShare(ensemble, pairsOf([[1, true, 1]]))).toBe(ensemble);
  });
});
