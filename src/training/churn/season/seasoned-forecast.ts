/** A forecast that knows the season: one more tree, over the day of the year. */
import { thinLabelledRows, thinRows } from '../../../dataset/column-rows.ts';
import type { FeatureMatrix } from '../../../dataset/feature-matrix.ts';
import { addDays, daysBetween } from '../../../features/calendar-day.ts';
import { SEASON_FEATURE } from '../../../features/season-feature.ts';
import { rawScoresOf } from '../../../gbdt/raw-scores.ts';
import { withSubtrees } from '../../../gbdt/subtrees.ts';
import type { TreeEnsemble } from '../../../gbdt/tree.ts';
import { meanOf } from '../../../metrics/mean.ts';
import type { DatedDataset } from '../dated-dataset.ts';
import type { TreeGrowing } from '../noiseless-trees.ts';
import { hazardIntercepts, hazardLogFactor } from './hazard-intercept.ts';
import { growRiskGroups, scoresByLeaf } from './risk-groups.ts';
import { type PastPeriod, type SeasonFactor, seasonFactor } from './season-factor.ts';
import { byLeaf, seasonTree } from './season-tree.ts';
import { type WeeklyCount, weeklyIndex } from './weekly-index.ts';

/** As many customers, in up to 32 groups, are over a hundred a group. */
const GROUPED_CUSTOMERS = 4000;
/** As many customers of a past period tell how wrong a forecast was of it to about a point. */
const PERIOD_CUSTOMERS = 2000;

/** What is known of a shop's years. */
export interface ShopSeason {
  readonly weeks: readonly WeeklyCount[];
  /** The day that the weeks are counted back from. */
  readonly asOf: string;
  readonly horizonDays: number;
  /** Periods whose outcome may be known, newest first. */
  readonly dated: readonly DatedDataset[];
}

/** When a forecast is made, and from what. */
export interface ForecastMoment {
  /** ISO date; nothing after it is looked at. */
  readonly day: string;
  /** The days that the slices it learnt from were taken at. */
  readonly trainCutoffs: readonly string[];
}

export interface SeasonedForecast {
  readonly ensemble: TreeEnsemble;
  readonly season: SeasonFactor;
}

/** Scores of a day, moved as far as its season was known then. */
export interface SeasonedScores {
  /** Log-odds per row. */
  readonly rawScores: Float32Array;
  readonly season: SeasonFactor;
}

/**
 * Adds the season's tree, as far as it was known on the day; the forecast as it is if the season is unknown. Customers of
 * like risk are moved alike: a faster clock takes much from the odds of those who may come back, and little from the odds
 * of those who have left long ago. One number for all gave customers who still buy twice the probability to leave that it
 * should have been in the month of a sale.
 *
 * @param customers as of the day.
 */
export async function withSeason(
  ensemble: TreeEnsemble,
  { customers, ...moment }: ForecastMoment & { readonly customers: FeatureMatrix },
  shop: ShopSeason,
  growing: TreeGrowing,
): Promise<SeasonedForecast> {
  const season = seasonOn(moment, shop, pastPeriods(ensemble, moment.day, shop));
  const feature = ensemble.featureNames.indexOf(SEASON_FEATURE);
  if (!season.isKnown || feature === -1) return { ensemble, season };
  const groups = await riskGroups(ensemble, customers, growing);
  const tree = withSubtrees(groups.tree, (leaf) => {
    const moveBy = groups.movesOf(leaf);
    const moves = byLeaf(moment.day, (daysAhead) => moveBy(season.logFactorAt(daysAhead)));
    return seasonTree(feature, moves);
  });
  return { ensemble: { ...ensemble, trees: [...ensemble.trees, tree] }, season };
}

/** What the season's tree would make of scores of that very day: all customers are then in the same week. */
export async function scoresInSeason(
  { ensemble, customers }: { readonly ensemble: TreeEnsemble; readonly customers: FeatureMatrix },
  moment: ForecastMoment,
  shop: ShopSeason,
  growing: TreeGrowing,
): Promise<SeasonedScores> {
  const season = seasonOn(moment, shop, pastPeriods(ensemble, moment.day, shop));
  const rawScores = rawScoresOf(ensemble, customers);
  if (!season.isKnown) return { rawScores, season };
  const groups = await riskGroups(ensemble, customers, growing);
  const leafValues = groups.tree.leafValues.map((_, leaf) => groups.movesOf(leaf)(season.logFactorAt(0)));
  const moves = rawScoresOf(
    { ...ensemble, baseScore: 0, trees: [{ ...groups.tree, leafValues }] },
    customers,
  );
  return { rawScores: rawScores.map((score, row) => score + moves[row]), season };
}

/** Customers of like risk, and how far a faster clock moves the log-odds of each group: 0 of nobody. */
async function riskGroups(ensemble: TreeEnsemble, customers: FeatureMatrix, growing: TreeGrowing) {
  const some = thinRows(customers, GROUPED_CUSTOMERS);
  const rawScores = rawScoresOf(ensemble, some);
  const tree = await growRiskGroups(rawScores, some, growing);
  const groups = scoresByLeaf(tree, rawScores, some);
  return {
    tree,
    movesOf: (leaf: number) => hazardIntercepts(groups.get(leaf) ?? []),
  };
}

/** The season as it was known at a moment; without past periods it is the weekly index alone. */
export function seasonOn(
  { day, trainCutoffs }: ForecastMoment,
  { asOf, horizonDays, weeks }: Omit<ShopSeason, 'dated'>,
  periods: readonly PastPeriod[] = [],
): SeasonFactor {
  const ageOf = (date: string) => daysBetween(date, asOf);
  return seasonFactor({
    index: weeklyIndex(weeks, ageOf(day)),
    age: ageOf(day),
    horizonDays,
    trainingAges: trainCutoffs.map(ageOf),
    pastPeriods: periods,
  });
}

/** What the forecast gets wrong of each period whose outcome was known on the day; computed on first use. */
function pastPeriods(
  ensemble: TreeEnsemble,
  day: string,
  { asOf, dated, horizonDays }: ShopSeason,
): PastPeriod[] {
  return dated
    .filter(({ cutoff }) => addDays(cutoff, horizonDays) <= day)
    .map(({ cutoff, dataset }) => {
      let known: number | undefined;
      const logFactor = () => {
        const some = thinLabelledRows(dataset, PERIOD_CUSTOMERS);
        return hazardLogFactor(rawScoresOf(ensemble, some), meanOf(some.labels));
      };
      return {
        age: daysBetween(cutoff, asOf),
        logFactor() {
          known ??= logFactor();
          return known;
        },
      };
    });
}
