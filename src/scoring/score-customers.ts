import type { ColumnTable, DataSource, Id } from '../data/data-source.ts';
import { toFeatureMatrix } from '../dataset/column-rows.ts';
import { resolveAsOf } from '../features/as-of-day.ts';
import { readChurnFeatures } from '../features/read-churn-features.ts';
import type { RegisteredVersion } from '../registry/model-registry.ts';
import type { Scorer } from './scorer.ts';

/** What scoring needs. The scorer is the opened ONNX file of the version; a server keeps it open between calls. */
export interface ScoringEnvironment {
  readonly data: DataSource;
  readonly version: RegisteredVersion;
  readonly scorer: Scorer;
  /** Called with the scores of all customers for a day. */
  readonly onScored?: (scores: CustomerScores) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface CustomerScores {
  readonly asOf: string;
  /** Every customer with an order on or before `asOf`, ascending. */
  readonly customerIds: readonly Id[];
  /** Churn probability of each. */
  readonly probabilities: Float32Array;
}

/**
 * Scores every customer with an order on or before a day (the last order's by default) with a churn model's ONNX file,
 * on features as of that day.
 *
 * @throws INVALID_ARGUMENT if as_of is not a date or is before the first order.
 */
export async function scoreCustomers(
  request: { readonly asOf?: string },
  env: ScoringEnvironment,
): Promise<CustomerScores> {
  const { asOf, table, probabilities } = await scoreFeatureTable(request.asOf, env);
  return { asOf, customerIds: table.ids('customer_id'), probabilities };
}

/** The features as of a day with the probabilities, for callers that show more of a customer than the score. */
export async function scoreFeatureTable(
  requestedAsOf: string | undefined,
  { data, version, scorer, onScored, signal }: ScoringEnvironment,
): Promise<{ asOf: string; table: ColumnTable; probabilities: Float32Array }> {
  const asOf = await resolveAsOf(data, requestedAsOf);
  const table = await readChurnFeatures(data, { asOf, signal });
  const features = toFeatureMatrix(table, version.card.features);
  const probabilities = await scorer.score(features, signal);
  onScored?.({ asOf, customerIds: table.ids('customer_id'), probabilities });
  return { asOf, table, probabilities };
}
