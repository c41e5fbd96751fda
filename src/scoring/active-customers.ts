import { type CustomerFilter, findMatching, isEmptyFilter } from '../customers/customer-filter.ts';
import type { ColumnTable } from '../data/data-source.ts';
import { meanOf } from '../metrics/mean.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { Prospect } from './campaign.ts';
import { expectedSpendOf } from './expected-spend.ts';
import { type ScoringEnvironment, scoreFeatureTable } from './score-customers.ts';

/** The horizon without a forecast, in days: customers away for so long count as lapsed. */
const DEFAULT_HORIZON_DAYS = 90;

/** Customers who may still be kept, scored: rows of the table of features. */
export interface ActiveCustomers {
  readonly asOf: string;
  readonly horizonDays: number;
  readonly table: ColumnTable;
  /** Of every row. */
  readonly probabilities: Float32Array;
  readonly prospectOf: (row: number) => Prospect;
  /** Mean churn probability of all customers with an order within the horizon before the day; 0 if there are none. */
  readonly averageProbability: number;
  /** Rows of those of them who meet the conditions of the filter. */
  readonly active: readonly number[];
}

export async function scoreActiveCustomers(
  request: { readonly asOf?: string | undefined; readonly filter?: CustomerFilter | undefined },
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
    averageProbability: everyActive.length === 0 ? 0 : meanOf(everyActive.map((row) => probabilities[row])),
    active: await matchingRows(everyActive, table, { filter: request.filter, asOf }, env),
  };
}

/** The horizon of a forecast in days, or the usual one for any other version and for none. */
export function horizonDaysOf(card: ModelCard | undefined): number {
  return card?.details.kind === 'forward' ? card.details.horizon_days : DEFAULT_HORIZON_DAYS;
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
