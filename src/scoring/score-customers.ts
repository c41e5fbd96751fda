import type { ColumnTable, DataSource, Id } from '../data/data-source.ts';
import { toFeatureMatrix } from '../dataset/column-rows.ts';
import { resolveAsOf } from '../features/as-of-day.ts';
import { readChurnFeatures } from '../features/read-churn-features.ts';
import type { RegisteredVersion } from '../registry/model-registry.ts';
import { inSpan } from '../tracing.ts';
import type { KeptProspects } from './kept-prospects.ts';
import type { Scorer } from './scorer.ts';

/** What scoring needs. The scorer is the opened ONNX file of the version; a server keeps it open between calls. */
export interface ScoringEnvironment {
  readonly data: DataSource;
  readonly version: RegisteredVersion;
  readonly scorer: Scorer;
  /** Asked before active customers are scored, and given what was scored. */
  readonly keptProspects?: KeptProspects | undefined;
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
  const { asOf, table, probabilities } = await scoreFeatureTable(request, env);
  return { asOf, customerIds: table.ids('customer_id'), probabilities };
}

/** The features of all customers as of a day, with what the model says of each. */
export interface ScoredTable {
  readonly asOf: string;
  readonly table: ColumnTable;
  readonly probabilities: Float32Array;
  /** Only if it is kept; NaN for those who are not active. */
  readonly expectedSpend?: Float64Array | undefined;
}

/** A day, the last order's by default. */
export interface ScoredDay {
  readonly asOf?: string | undefined;
  /** If given, only customers who ordered within so many days up to the day; nothing is kept of them, and no scores are told. */
  readonly activeWithin?: number | undefined;
}

/** For callers that show more of a customer than the score. */
export async function scoreFeatureTable(
  day: ScoredDay,
  { data, version, scorer, keptProspects, onScored, signal }: ScoringEnvironment,
): Promise<ScoredTable> {
  const asOf = await resolveAsOf(data, day.asOf);
  const { activeWithin } = day;
  const table = await readChurnFeatures(data, { asOf, activeWithin, signal });
  const isEveryone = activeWithin === undefined;
  const kept = isEveryone && (await keptProspects?.read(data, { asOf, rowCount: table.rowCount, signal }));
  const prospects = kept || {
    probabilities: await inSpan(
      { name: 'score customers', attributes: { 'churn_mcp.customers': table.rowCount } },
      () => scorer.score(toFeatureMatrix(table, version.card.features), signal),
    ),
  };
  const scored = { asOf, table, ...prospects };
  if (isEveryone) onScored?.(scoresOf(scored));
  return scored;
}

/** The ids are read when they are asked for: most callers want a few of very many. */
export function scoresOf({ asOf, table, probabilities }: ScoredTable): CustomerScores {
  return {
    asOf,
    get customerIds() {
      return table.ids('customer_id');
    },
    probabilities,
  };
}
