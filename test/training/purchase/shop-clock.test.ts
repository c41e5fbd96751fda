import { describe, expect, it } from 'vitest';
import { sharedColumnOf } from '../../../src/dataset/column-rows.ts';
import { addDays } from '../../../src/features/calendar-day.ts';
import { predictRawScores } from '../../../src/gbdt/predictor.ts';
import { emptyTree, type TreeEnsemble } from '../../../src/gbdt/tree.ts';
import type { RecommendationRows } from '../../../src/training/purchase/rows.ts';
import { shopClock } from '../../../src/training/purchase/shop-clock.ts';
import { seededRandom } from '../../helpers/random-trees.ts';
import { shopOfWeeks } from '../../helpers/season-weeks.ts';

const AS_OF = '2026-06-01';
const FEATURES = ['times_bought', 'days_since_last_order', 'days_since_bought'];
const KNOWN = { isKnown: true };
/** The threshold of a split that parts present values from missing ones. */
const GREATEST_FLOAT32 = 3.4028234663852886e38;
/** A sale in the weeks that end 70 to 91 days ago, when customers order four times as fast as in the other weeks. */
const isSale = (weeksAgo: number) => weeksAgo > 10 && weeksAgo <= 13;
const shop = shopOfWeeks({ asOf: AS_OF, horizonDays: 28 }, 120, (weeksAgo) => (isSale(weeksAgo) ? 4 : 1));

/** A pair after each number of days of silence, 0 to 1,199: half of the products were never bought. */
function pairs(): RecommendationRows {
  const days = Array.from({ length: 1200 }, (_, day) => day);
  return {
    customers: Uint32Array.from(days),
    folds: Uint8Array.from(days, (day) => day % 5),
    dataset: {
      featureNames: FEATURES,
      rowCount: days.length,
      columns: [
        sharedColumnOf(days.map((day) => day % 2)),
        sharedColumnOf(days),
        sharedColumnOf(days.map((day) => (day % 2 === 0 ? Number.NaN : day))),
      ],
      labels: sharedColumnOf(days.map(() => 0)),
    },
  };
}

/** Stumps over all features, at thresholds between 0 and 1,300. */
function stumps(): TreeEnsemble {
  const random = seededRandom(5);
  const trees = Array.from({ length: 200 }, (_, at) => {
    const tree = emptyTree(3);
    tree.splitFeatures[0] = at % 3;
    // The last ones part products that were bought from those that never were.
    tree.thresholds[0] = at % 3 === 0 ? 1 : at > 190 ? GREATEST_FLOAT32 : 1300 * random() ** 2;
    tree.leftChildren[0] = 1;
    tree.rightChildren[0] = 2;
    tree.defaultLeft[0] = at % 2;
    tree.leafValues.set([0, random(), -random()]);
    return tree;
  });
  return { featureNames: FEATURES, baseScore: 0, trees: trees.slice(0, 150), rankingTrees: trees.slice(150) };
}

describe("silences by the shop's clock", () => {
  const clock = shopClock(shop, AS_OF, KNOWN);
  const silenceOf = (days: number, cutoff = AS_OF) => clock.told(pairs(), cutoff).dataset.columns[1][days];

  it('are longer by as much as customers ordered more in those weeks', () => {
    const [before, after] = [silenceOf(91) - silenceOf(70), silenceOf(70) - silenceOf(49)];
    expect(before / after).toBeCloseTo(4, 1);
  });

  it('are counted from the day that the pairs are of', () => {
    const beforeTheSale = addDays(AS_OF, -91);
    expect(silenceOf(21, beforeTheSale)).toBeCloseTo(silenceOf(112) - silenceOf(91), 2);
  });

  it('go on day by day before the first week that is known', () => {
    expect(silenceOf(1000) - silenceOf(900)).toBeCloseTo(100, 2);
  });

  it('leave other features and what is unknown as they are', () => {
    const { columns } = clock.told(pairs(), AS_OF).dataset;
    expect(columns[0]).toEqual(pairs().dataset.columns[0]);
    expect(columns[2][4]).toBeNaN();
    expect(columns[2][5]).toBe(columns[1][5]);
  });

  it('sort pairs as trees that count days do, once these are of that day', () => {
    for (const cutoff of [AS_OF, addDays(AS_OF, -80)]) {
      const inDays = clock.inDaysOf(stumps(), cutoff);
      const told = clock.told(pairs(), cutoff).dataset;
      expect(predictRawScores(inDays, pairs().dataset)).toEqual(predictRawScores(stumps(), told));
      const ranking = (ensemble: TreeEnsemble) => ({ ...ensemble, trees: ensemble.rankingTrees ?? [] });
      expect(predictRawScores(ranking(inDays), pairs().dataset)).toEqual(
        predictRawScores(ranking(stumps()), told),
      );
    }
  });

  it('are days where the season is not known', () => {
    const plain = shopClock(shop, AS_OF, { isKnown: false });
    expect(plain.told(pairs(), AS_OF)).toEqual(pairs());
    expect(plain.inDaysOf(stumps(), AS_OF)).toEqual(stumps());
  });
});
