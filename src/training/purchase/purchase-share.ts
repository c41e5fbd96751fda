/** Trees that count each pair as the evidence that it is, and then say as many purchases as there were. */
import { selectFeatures, sharedColumn } from '../../dataset/column-rows.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { rawScoresOf } from '../../gbdt/raw-scores.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';
import { learntRows } from '../churn/recipe.ts';
import { interceptOf } from '../churn/season/hazard-intercept.ts';
import type { SeasonFactor } from '../churn/season/season-factor.ts';

/**
 * Names the window of most pairs, since most products have been sold from the first day on. Trees would learn from it how
 * much was bought in each month, take the coming month for one like the last, and the season would be added to that.
 */
const NAMES_THE_WINDOW = 'days_since_first_sold';

/**
 * The pairs that probabilities are learnt from, as much as each of them teaches.
 *
 * @param season what of the month is known, and so must not be learnt.
 */
export function probabilityRows(
  pairs: LabelledDataset,
  horizonDays: number,
  season: Pick<SeasonFactor, 'isKnown'>,
): LabelledDataset {
  const learnt = learntRows(withEvidence(pairs), horizonDays);
  if (!season.isKnown) return learnt;
  return selectFeatures(
    learnt,
    learnt.featureNames.filter((name) => name !== NAMES_THE_WINDOW),
  );
}

/**
 * Pairs weighed by what they are evidence of. A pair that was not bought may stand for dozens: weighed so, a handful of them
 * would be enough for a leaf, and a leaf that happened to hold none would be all but sure of a purchase. So those that stand
 * for the most count once, as purchases do, and those of customers of whom more were drawn count less in proportion. Odds
 * are then too high by one factor everywhere, which `withPurchaseShare` takes back.
 */
function withEvidence({ weights, ...pairs }: LabelledDataset): LabelledDataset {
  if (weights === undefined) return pairs;
  let most = 1;
  for (const weight of weights) most = Math.max(most, weight);
  if (most === 1) return pairs;
  const evidence = sharedColumn(pairs.rowCount);
  for (let row = 0; row < evidence.length; row++) {
    evidence[row] = pairs.labels[row] === 1 ? 1 : weights[row] / most;
  }
  return { ...pairs, weights: evidence };
}

/** Trees grown on such pairs, with the base score that makes their mean probability the true share of purchases. */
export function withPurchaseShare(ensemble: TreeEnsemble, pairs: LabelledDataset): TreeEnsemble {
  const share = purchaseShareOf([pairs]);
  if (share === 0 || share === 1) return ensemble;
  const intercept = interceptOf(rawScoresOf(ensemble, pairs), share, pairs.weights);
  return { ...ensemble, baseScore: Math.fround(ensemble.baseScore + intercept) };
}

/** Share of purchases among the pairs that these stand for. */
export function purchaseShareOf(parts: readonly LabelledDataset[]): number {
  let purchased = 0;
  let all = 0;
  for (const { labels, weights } of parts) {
    for (const [row, label] of labels.entries()) {
      const weight = weights?.[row] ?? 1;
      purchased += label * weight;
      all += weight;
    }
  }
  return all === 0 ? 0 : purchased / all;
}
