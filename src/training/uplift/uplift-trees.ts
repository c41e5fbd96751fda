/**
 * Whom an offer persuades, learnt by the trees and the regression that learn who leaves. The label is a transformed outcome:
 * near 1 for the contacted who did more than was expected and for those left alone who did less, near 0 for the others. Each
 * customer weighs as the inverse of the chance to be in their group. The mean of the label is then 1/2 + (uplift / 4), where
 * the uplift is by how much an offer raises the customer's chance to order.
 *
 * Jaskowski and Jaroszewicz, "Uplift modeling for clinical trial data", 2012, with what was expected taken out, which leaves
 * the mean as it is and the noise smaller (Tian et al., "A simple method for estimating interactions", 2014, section 3.2).
 */
import type { Id } from '../../data/data-source.ts';
import { selectRows, sharedColumnOf } from '../../dataset/column-rows.ts';
import { FOLDS, foldOf } from '../../dataset/customer-folds.ts';
import type { FeatureMatrix, LabelledDataset } from '../../dataset/feature-matrix.ts';
import type { BoosterOptions } from '../../gbdt/params.ts';
import { predictRawScores } from '../../gbdt/predictor.ts';
import { meanOf } from '../../metrics/mean.ts';
import type { Trial } from '../../metrics/qini.ts';
import { upliftOf } from '../../scoring/uplift-scores.ts';
import { probabilitiesOf } from '../churn/evaluation.ts';
import { type FittedForecast, type ForecastRequest, fitForecast } from '../churn/recipe.ts';

/** Customers of campaigns that are over, as of the day each was planned on. One entry per customer of a campaign. */
export interface TrialRows {
  readonly customers: FeatureMatrix;
  /** A customer of several campaigns stands here several times. */
  readonly ids: readonly Id[];
  /** Outcomes: 1 for those who ordered. */
  readonly trial: Trial;
  /** The chance to order that was expected before, 0 to 1, of anything that no campaign changed. */
  readonly expected: ArrayLike<number>;
}

/** How the trees are grown. */
export type UpliftRequest = Pick<ForecastRequest, 'params' | 'trainer' | 'signal' | 'onTree'>;

/**
 * Half as many trees as a forecast has, of two splits, and large leaves: an effect of a few points drowns in noise otherwise.
 * On Hillstrom's e-mails and on simulated offers 100 trees were no better.
 */
export const UPLIFT_PARAMS: BoosterOptions = {
  n_estimators: 50,
  max_depth: 2,
  learning_rate: 0.05,
  min_child_weight: 10,
  subsample: 0.8,
};

/** Fits on all rows. The ensemble's probability is 1/2 + (uplift / 4). */
export function fitUplift(rows: TrialRows, request: UpliftRequest): Promise<FittedForecast> {
  return fitLabelled(persuasionLabels(rows), request);
}

/** Every row's uplift by a model that never saw its customer, -2 to 2. */
export async function upliftOutOfFold(rows: TrialRows, request: UpliftRequest): Promise<Float64Array> {
  const labelled = persuasionLabels(rows);
  const fold = Uint8Array.from(rows.ids, foldOf);
  const uplift = new Float64Array(rows.ids.length);
  for (let held = 0; held < FOLDS; held++) {
    const side = (isHeld: boolean) =>
      Uint32Array.from([...fold.keys()].filter((row) => (fold[row] === held) === isHeld));
    const [learnt, judged] = [side(false), side(true)];
    if (judged.length === 0) continue;
    const { ensemble } = await fitLabelled(selectRows(labelled, learnt), request);
    const said = probabilitiesOf(predictRawScores(ensemble, selectRows(labelled, judged)));
    for (const [i, row] of judged.entries()) uplift[row] = upliftOf(said[i]);
  }
  return uplift;
}

function fitLabelled(train: LabelledDataset, request: UpliftRequest): Promise<FittedForecast> {
  return fitForecast({ ...request, recipe: 'trees_and_logistic_regression', train, horizonDays: 0 });
}

function persuasionLabels({ customers, trial, expected }: TrialRows): LabelledDataset {
  const { contacted, outcomes, weights } = trial;
  const average = meanOf(weights);
  const rows = Array.from({ length: customers.rowCount }, (_, row) => row);
  return {
    ...customers,
    labels: sharedColumnOf(
      rows.map((row) => (1 + (contacted[row] === 1 ? 1 : -1) * (outcomes[row] - expected[row])) / 2),
    ),
    weights: sharedColumnOf(rows.map((row) => weights[row] / average)),
  };
}
