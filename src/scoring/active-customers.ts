import { type CustomerFilter, findMatching, isEmptyFilter } from '../customers/customer-filter.ts';
import type { ColumnTable } from '../data/data-source.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { Prospect } from './campaign.ts';
import { expectedSpendOf } from './expected-spend.ts';
import { type ScoringEnvironment, scoreFeatureTable } from './score-customers.ts';

/** The horizon of a version without one of its own, in days. */
const DEFAULT_HORIZON_DAYS = 90;

/** Customers who may still be kept, scored: rows of the table of features. */
export interface ActiveCustomers {
  readonly asOf: string;
  readonly horizonDays: number;
  readonly table: ColumnTable;
  /** Of every row. */
  readonly probabilities: Float32Array;
  readonly prospectOf: (row: number) => Prospect;
  /** Rows of customers with an order within the horizon before the day. */
  readonly everyActive: readonly number[];
  /** Those of them who meet the conditions of the filter. */
  readonly active: readonly number[];
}

export async function scoreActiveCustomers(
  request: { readonly asOf?: string; readonly filter?: CustomerFilter | undefined },
  env: ScoringEnvironment,
): Promise<ActiveCustomers> {
  const { card } = env.version;
  const { asOf, table, probabilities } = await scoreFeatureTable(request.asOf, env);
  const horizonDays = horizonDaysOf(card);
  const recency = table.float64('days_since_last_order');
  const expectedSpend = expectedSpendOf(table, card, { asOf, days: horizonDays });
  const everyActive = [...recency.keys()].filter((row) => recency[row] < horizonDays);
  return {
    asOf,
    horizonDays,
    table,
    probabilities,
    prospectOf: (row) => ({ churnProbability: probabilities[row], expectedSpend: expectedSpend[row] }),
    everyActive,
    active: await matchingRows(everyActive, table, { filter: request.filter, asOf }, env),
  };
}

export function horizonDaysOf({ details }: ModelCard): number {
  return details.kind === 'forward' ? details.horizon_days : DEFAULT_HORIZON_DAYS;
}

async function matchingRows(
  rows: readonly number[],
  table: ColumnTable,
  { filter, asOf }: { readonly filter: CustomerFilter | undefined; readonly asOf: string },
  { data, signal }: ScoringEnvironment,
): Promise<readonly number[]> {
  if (filter === undefined || isEmptyFilter(filter)) return rows;
  const matched = await findMatching(data, { filter, asOf, signal });
  const ids = table.ids('customer_id');
  return rows.filter((row) => matched.has(ids[row]));
}
