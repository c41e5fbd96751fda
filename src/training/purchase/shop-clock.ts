/**
 * Silences by the shop's clock: a day of a busy week counts for more than a day of a quiet one. Who let a sale go by has
 * been silent for longer than who bought in it and kept away from the quiet months that followed, after as many days.
 */
import { sharedColumn } from '../../dataset/column-rows.ts';
import { daysBetween } from '../../features/calendar-day.ts';
import type { RECOMMENDATION_FEATURES } from '../../features/recommendation-features.ts';
import type { Tree, TreeEnsemble } from '../../gbdt/tree.ts';
import type { SeasonFactor } from '../churn/season/season-factor.ts';
import type { ShopSeason } from '../churn/season/seasoned-forecast.ts';
import { DAYS_A_WEEK, weeklyIndex } from '../churn/season/weekly-index.ts';
import type { RecommendationRows } from './rows.ts';

/** Days since something that the customer has not done again. */
const SILENCES: readonly (typeof RECOMMENDATION_FEATURES)[number][] = [
  'days_since_last_order',
  'days_since_bought',
  'days_since_category_bought',
];
/** No silence is as long: nearly three thousand years. */
const MOST_DAYS = 1_000_000;

export interface ShopClock {
  /** Pairs as of a day, their silences by the clock. */
  readonly told: (pairs: RecommendationRows, cutoff: string) => RecommendationRows;
  /** Trees grown on such pairs, for pairs as of a day whose silences are counted in days. */
  readonly inDaysOf: (ensemble: TreeEnsemble, day: string) => TreeEnsemble;
}

/** Of a shop whose season is not known: a day is a day. */
const PLAIN_CLOCK: ShopClock = { told: (pairs) => pairs, inDaysOf: (ensemble) => ensemble };

/**
 * The clock as it was known on a day: in a week it goes as much faster as known customers ordered more than customers of
 * their kind usually do, and one day a day where the weeks do not reach.
 *
 * @param shop weekly counts, and the day that they are counted back from.
 */
export function shopClock(
  { weeks, asOf }: Pick<ShopSeason, 'weeks' | 'asOf'>,
  day: string,
  { isKnown }: Pick<SeasonFactor, 'isKnown'>,
): ShopClock {
  if (!isKnown) return PLAIN_CLOCK;
  const knownAge = daysBetween(day, asOf);
  const index = weeklyIndex(weeks, knownAge);
  // By age of a day, how long the clock went from then on until the day that it was known on.
  const elapsed = [0];
  for (let age = knownAge; age < index.startAge; age++) {
    const weekStart = DAYS_A_WEEK * (Math.floor(age / DAYS_A_WEEK) + 1);
    elapsed.push(elapsed[age - knownAge] + Math.exp(index.logRatio(weekStart, DAYS_A_WEEK) ?? 0));
  }
  const elapsedSince = (age: number) => {
    const last = elapsed.length - 1;
    return age <= last ? elapsed[Math.max(0, age)] : elapsed[last] + age - last;
  };
  /** By days of silence before a day. */
  const silenceBefore = (then: string) => {
    const age = daysBetween(then, day);
    return (days: number) => Math.fround(elapsedSince(age + days) - elapsedSince(age));
  };
  return {
    told(pairs, cutoff) {
      const { dataset } = pairs;
      const silence = silenceBefore(cutoff);
      const columns = dataset.featureNames.map((name, feature) =>
        isSilence(name) ? mapped(dataset.columns[feature], silence) : dataset.columns[feature],
      );
      return { ...pairs, dataset: { ...dataset, columns } };
    },
    inDaysOf(ensemble, then) {
      const silence = silenceBefore(then);
      const isClocked = ensemble.featureNames.map(isSilence);
      const inDays = (tree: Tree) => ({
        ...tree,
        thresholds: tree.thresholds.map((threshold, node) =>
          isClocked[tree.splitFeatures[node]] ? daysOf(threshold, silence) : threshold,
        ),
      });
      const { trees, rankingTrees } = ensemble;
      return { ...ensemble, trees: trees.map(inDays), rankingTrees: rankingTrees?.map(inDays) };
    },
  };
}

function isSilence(name: string): boolean {
  return SILENCES.some((silence) => silence === name);
}

/** Values of whole days; those that are unknown stay so. */
function mapped(days: Float32Array, silence: (days: number) => number): Float32Array<SharedArrayBuffer> {
  const known = new Map<number, number>();
  const column = sharedColumn(days.length);
  for (let row = 0; row < column.length; row++) {
    const value = days[row];
    const found = known.get(value);
    column[row] = found ?? (Number.isNaN(value) ? value : silence(value));
    if (found === undefined) known.set(value, column[row]);
  }
  return column;
}

/**
 * The fewest days whose silence is not below a threshold: what is less goes left, as what is less than the threshold did. A
 * threshold that parts the known from the unknown is above all values, and stays.
 */
function daysOf(threshold: number, silence: (days: number) => number): number {
  let [fewest, most] = [0, MOST_DAYS];
  if (silence(most) < threshold) return threshold;
  while (fewest < most) {
    const middle = Math.floor((fewest + most) / 2);
    if (silence(middle) < threshold) fewest = middle + 1;
    else most = middle;
  }
  return fewest;
}
