import { toFeatureMatrix } from '../dataset/column-rows.ts';
import { populationStabilityIndex } from '../metrics/drift.ts';
import type { DetailFields } from '../registry/card-details.ts';
import { type ScoringEnvironment, scoreFeatureTable } from './score-customers.ts';

/** Population stability indices of today's customers against those on the day a model was trained. */
export interface DriftReport {
  readonly asOf: string;
  readonly scorePsi: number;
  /** Highest first, then by name. */
  readonly features: readonly { readonly feature: string; readonly psi: number }[];
}

/** Compares the current data, as of its last day, with the distributions in the card; undefined if it has none. */
export async function measureDrift(env: ScoringEnvironment): Promise<DriftReport | undefined> {
  const { distribution }: DetailFields = env.version.card.details;
  if (distribution === undefined) return undefined;
  const { asOf, table, probabilities } = await scoreFeatureTable({}, env);
  const { featureNames, columns } = toFeatureMatrix(table, env.version.card.features);
  const features = featureNames.flatMap((feature, i) => {
    const expected = distribution.features[feature];
    return expected === undefined ? [] : [{ feature, psi: populationStabilityIndex(expected, columns[i]) }];
  });
  return {
    asOf,
    scorePsi: populationStabilityIndex(distribution.scores, probabilities),
    features: features.sort((a, b) => b.psi - a.psi || (a.feature < b.feature ? -1 : 1)),
  };
}
