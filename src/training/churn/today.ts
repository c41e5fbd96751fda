import type { DataSource } from '../../data/data-source.ts';
import { filterRows, pickFeatures, thinRows, toFeatureMatrix } from '../../dataset/column-rows.ts';
import type { FeatureMatrix } from '../../dataset/feature-matrix.ts';
import { typicalCustomerOf } from '../../explain/typical-customer.ts';
import { readChurnFeatures } from '../../features/read-churn-features.ts';
import { SEASON_FEATURE } from '../../features/season-feature.ts';
import { rawScoresOf } from '../../gbdt/raw-scores.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';
import { distributionOf } from '../../metrics/drift.ts';
import type { DetailsOf } from '../../registry/card-details.ts';
import { probabilitiesOf } from './evaluation.ts';
import type { ChurnPlan } from './plan.ts';

/** As many tell a distribution's tenths to a fraction of a percent. */
const DISTRIBUTION_ROWS = 50_000;

/** As many say what is typical, and take a fraction of a second to explain. */
const TYPICAL_ROWS = 500;

/** Customers as of the plan's day, ordered by id, by the plan's features; and how long they have been silent. */
export interface Today {
  readonly customers: FeatureMatrix;
  readonly daysSinceLastOrder: Float32Array;
}

export async function readToday(
  data: DataSource,
  { asOf, features }: ChurnPlan,
  signal: AbortSignal | undefined,
): Promise<Today> {
  const table = await readChurnFeatures(data, { asOf, features, signal });
  return {
    customers: toFeatureMatrix(table, features),
    daysSinceLastOrder: table.float32('days_since_last_order'),
  };
}

/**
 * Today's customers and their scores, for later data to be compared with. Not the rows trained on: those of a forward
 * model lie months back, and a shop that has not changed at all would seem to have moved. The day of the year moves
 * every day, and is left out.
 */
export function distributionsOf(
  ensemble: TreeEnsemble,
  { customers }: Today,
): NonNullable<DetailsOf<'forward'>['distribution']> {
  const some = thinRows(pickFeatures(customers, ensemble.featureNames), DISTRIBUTION_ROWS);
  const byFeature = some.featureNames
    .map((feature, i) => [feature, distributionOf(some.columns[i])] as const)
    .filter(([feature]) => feature !== SEASON_FEATURE);
  return {
    features: Object.fromEntries(byFeature),
    scores: distributionOf(probabilitiesOf(rawScoresOf(ensemble, some))),
  };
}

/** The typical one of those who ordered within the last `activeDays`, for reasons to compare with. */
export function typicalActiveCustomer(
  ensemble: TreeEnsemble,
  { customers, daysSinceLastOrder }: Today,
  activeDays: number,
): NonNullable<DetailsOf<'forward'>['typical_customer']> {
  const features = pickFeatures(customers, ensemble.featureNames);
  const active = filterRows(features, (row) => daysSinceLastOrder[row] < activeDays);
  return typicalCustomerOf(ensemble, thinRows(active, TYPICAL_ROWS));
}
