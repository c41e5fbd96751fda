import { describe, expect, it } from 'vitest';
import { sharedColumnOf } from '../../../src/dataset/column-rows.ts';
import type { LabelledDataset } from '../../../src/dataset/feature-matrix.ts';
import { dayOfYear } from '../../../src/features/calendar-day.ts';
import { SEASON_FEATURE } from '../../../src/features/season-feature.ts';
import { predictRawScores } from '../../../src/gbdt/predictor.ts';
import { emptyTree, type TreeEnsemble } from '../../../src/gbdt/tree.ts';
import { seasonOn } from '../../../src/training/churn/season/seasoned-forecast.ts';
import { withPurchaseSeason } from '../../../src/training/purchase/season.ts';
import { seededRandom } from '../../helpers/random-trees.ts';
import { shopOfWeeks, yearlyWave } from '../../helpers/season-weeks.ts';

const AS_OF = '2026-11-20';
const HORIZON = 28;
const MOMENT = { day: AS_OF, trainCutoffs: ['2026-08-21', '2026-07-24'] };
const FEATURES = ['times_bought', 'size', SEASON_FEATURE];

const shopOf = (weeks: number) => shopOfWeeks({ asOf: AS_OF, horizonDays: HORIZON }, weeks, yearlyWave);

/** Scores between -5 and 1 by size; products bought before are half of the rows, and likelier. */
const ensemble: TreeEnsemble = { featureNames: FEATURES, baseScore: -3, trees: sizeTrees() };
function sizeTrees() {
  return Array.from({ length: 4 }, (_, step) => {
    const tree = emptyTree(3);
    tree.splitFeatures[0] = step === 3 ? 0 : 1;
    tree.thresholds[0] = step === 3 ? 1 : (step + 1) / 4;
    tree.leftChildren[0] = 1;
    tree.rightChildren[0] = 2;
    tree.leafValues.set([0, -0.5, step === 3 ? 2 : 0.5]);
    return tree;
  });
}

function pairs(day: string, rowCount = 4000): LabelledDataset {
  const random = seededRandom(7);
  const timesBought = Array.from({ length: rowCount }, (_, row) => row % 2);
  return {
    rowCount,
    featureNames: FEATURES,
    columns: [
      sharedColumnOf(timesBought),
      sharedColumnOf(timesBought.map(() => random())),
      sharedColumnOf(timesBought.map(() => dayOfYear(day))),
    ],
    labels: sharedColumnOf(timesBought.map(() => 0)),
    weights: sharedColumnOf(timesBought.map(() => 1 + 9 * random())),
  };
}

/** The weighted mean of some rows' values. */
function meanOver({ weights }: LabelledDataset, values: ArrayLike<number>, parity: number): number {
  let [sum, all] = [0, 0];
  for (let row = parity; row < values.length; row += 2) {
    const weight = weights?.[row] ?? 1;
    sum += weight * values[row];
    all += weight;
  }
  return sum / all;
}

const chance = (score: number) => 1 / (1 + Math.exp(-score));

describe('recommendations that know the season', () => {
  it('leave a product unbought with the probability of a faster clock, for known and for new products', () => {
    const rows = pairs(AS_OF);
    const season = seasonOn(MOMENT, shopOf(156));
    const seasoned = withPurchaseSeason(ensemble, rows, AS_OF, season);
    const factor = Math.exp(season.logFactorAt(0));
    expect(factor).toBeGreaterThan(1.5);
    const before = predictRawScores(ensemble, rows);
    const after = predictRawScores(seasoned, rows);
    for (const parity of [0, 1]) {
      const wanted = Array.from(before, (score) => 1 - (1 - chance(score)) ** factor);
      const said = Array.from(after, chance);
      expect(meanOver(rows, said, parity)).toBeCloseTo(meanOver(rows, wanted, parity), 5);
    }
  });

  it('are lower in a quiet season, as the same model says half a year later', () => {
    const seasoned = withPurchaseSeason(ensemble, pairs(AS_OF), AS_OF, seasonOn(MOMENT, shopOf(156)));
    const later = pairs('2026-05-20');
    const [plain, quiet] = [ensemble, seasoned].map((model) => predictRawScores(model, later));
    expect(Math.max(...quiet.map((score, row) => score - plain[row]))).toBeLessThan(-0.5);
  });

  it('keep the order of the products that a customer knows, and of those that are new', () => {
    const rows = pairs(AS_OF);
    const seasoned = withPurchaseSeason(ensemble, rows, AS_OF, seasonOn(MOMENT, shopOf(156)));
    const [before, after] = [ensemble, seasoned].map((model) => predictRawScores(model, rows));
    for (let row = 2; row < rows.rowCount; row++) {
      const asBefore = Math.sign(before[row] - before[row - 2]);
      expect(Math.sign(after[row] - after[row - 2])).toBe(asBefore);
    }
  });

  it('stay as they are if the orders span less than 18 months', () => {
    const season = seasonOn(MOMENT, shopOf(60));
    expect(season.isKnown).toBe(false);
    expect(withPurchaseSeason(ensemble, pairs(AS_OF), AS_OF, season)).toBe(ensemble);
  });
});
