/** Recommendations that know the season: in a busy month every product is likelier to be bought, in a quiet one less likely. */
import { columnOf, rowsWhere, selectThinned } from '../../dataset/column-rows.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { SEASON_FEATURE } from '../../features/season-feature.ts';
import { rawScoresOf } from '../../gbdt/raw-scores.ts';
import { withSubtrees } from '../../gbdt/subtrees.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';
import { hazardIntercepts } from '../churn/season/hazard-intercept.ts';
import type { SeasonFactor } from '../churn/season/season-factor.ts';
import { byLeaf, seasonTree } from '../churn/season/season-tree.ts';
import { boughtBefore } from './bought-before.ts';

/** As many pairs give an intercept to a hundredth of its size. */
const INTERCEPT_PAIRS = 20_000;

/**
 * Adds a tree over the day of the year: customers who order `exp(logFactor)` times as fast leave a product unbought with
 * probability (1 - p)^exp(logFactor). The factor is the forecast's, for the horizon of the recommendations; without about
 * 18 months of orders the ensemble stays as it is. Products bought before and products new to the customer have an
 * intercept each, since those probabilities are of another size.
 *
 * @param pairs customers and candidate products, such as those learnt from; weighed as they are there. @param day that the
 * season is that of.
 */
export function withPurchaseSeason(
  ensemble: TreeEnsemble,
  pairs: LabelledDataset,
  day: string,
  season: SeasonFactor,
): TreeEnsemble {
  if (!season.isKnown) return ensemble;
  const timesBought = columnOf(pairs, 'times_bought');
  const treeOf = (isOfGroup: (times: number) => boolean) => {
    const rows = rowsWhere(pairs.rowCount, (row) => isOfGroup(timesBought[row]));
    const some = selectThinned(pairs, rows, INTERCEPT_PAIRS);
    const unbought = rawScoresOf(ensemble, some).map((score) => -score);
    const interceptFor = hazardIntercepts(unbought, some.weights);
    const leaves = byLeaf(day, (daysAhead) => -interceptFor(season.logFactorAt(daysAhead)));
    return seasonTree(ensemble.featureNames.indexOf(SEASON_FEATURE), leaves);
  };
  const [newProducts, knownProducts] = [treeOf((times) => times < 1), treeOf((times) => times >= 1)];
  const tree = withSubtrees(boughtBefore(ensemble.featureNames), (leaf) =>
    leaf === 1 ? newProducts : knownProducts,
  );
  return { ...ensemble, trees: [...ensemble.trees, tree] };
}
