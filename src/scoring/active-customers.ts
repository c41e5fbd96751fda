import {
  type CustomerFilter,
  findMatching,
  isEmptyFilter,
  type MatchedCustomers,
} from '../customers/customer-filter.ts';
import type { ColumnTable } from '../data/data-source.ts';
import { rowsWhere } from '../dataset/column-rows.ts';
import { meanOf } from '../metrics/mean.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { Prospect } from './campaign.ts';
import { expectedSpendOf } from './expected-spend.ts';
import { type ScoredTable, type ScoringEnvironment, scoreFeatureTable, scoresOf } from './score-customers.ts';

/** The horizon without a forecast, in days: customers away for so long count as lapsed. */
const DEFAULT_HORIZON_DAYS = 90;

/** Customers who may still be kept, scored: rows of the table of features. */
export interface ActiveCustomers {
  readonly asOf: string;
  readonly horizonDays: number;
  readonly table: ColumnTable;
  /** Of every row. */
  readonly probabilities: Float32Array;
  /** Of an active customer's row. */
  readonly prospectOf: (row: number) => Prospect;
  /** Mean churn probability of all customers with an order within the horizon before the day; 0 if there are none. */
  readonly averageProbability: number;
  /** Rows of those of them who meet the conditions of the filter. */
  readonly active: readonly number[];
}

export interface ActiveRequest {
  readonly asOf?: string | undefined;
  readonly filter?: CustomerFilter | undefined;
  /** Who meets the conditions of a filter as of the day, if that has been read already; the filter is not read then. */
  readonly matched?: MatchedCustomers | undefined;
}

export async function scoreActiveCustomers(
  request: ActiveRequest,
  env: ScoringEnvironment,
): Promise<ActiveCustomers> {
  const scored = await scoreFeatureTable(request.asOf, env);
  const { asOf, table, probabilities } = scored;
  const expectedSpend = scored.expectedSpend ?? (await addSpend(scored, env));
  const everyActive = [...rowsWhere(table.rowCount, (row) => !Number.isNaN(expectedSpend[row]))];
  return {
    asOf,
    horizonDays: horizonDaysOf(env.version.card),
    table,
    probabilities,
    prospectOf: (row) => ({ churnProbability: probabilities[row], expectedSpend: expectedSpend[row] }),
    averageProbability: everyActive.length === 0 ? 0 : meanOf(everyActive.map((row) => probabilities[row])),
    active: await matchingRows(everyActive, table, { ...request, asOf }, env),
  };
}

/** The expected spend of those who are active, kept with the probabilities. */
async function addSpend(scored: ScoredTable, { data, version, keptProspects }: ScoringEnvironment) {
  const expectedSpend = spendOfActive(scored, version.card);
  await keptProspects?.keep(data, { ...scoresOf(scored), expectedSpend });
  return expectedSpend;
}

function spendOfActive({ asOf, table }: ScoredTable, card: ModelCard): Float64Array {
  const horizonDays = horizonDaysOf(card);
  const recency = table.float64('days_since_last_order');
  const active = rowsWhere(table.rowCount, (row) => recency[row] < horizonDays);
  const amounts = expectedSpendOf(table, card, active, { asOf, days: horizonDays });
  const expectedSpend = new Float64Array(table.rowCount).fill(Number.NaN);
  for (const [i, row] of active.entries()) expectedSpend[row] = amounts[i];
  return expectedSpend;
}

/** The horizon of a forecast in days, or the usual one for any other version and for none. */
export function horizonDaysOf(card: ModelCard | undefined): number {
  return card?.details.kind === 'forward' ? card.details.horizon_days : DEFAULT_HORIZON_DAYS;
}

async function matchingRows(
  rows: readonly number[],
  table: ColumnTable,
  { filter = {}, matched: known, asOf }: ActiveRequest & { readonly asOf: string },
  { data, signal }: ScoringEnvironment,
): Promise<readonly number[]> {
  if (known === undefined && isEmptyFilter(filter)) return rows;
  const matched = known ?? (await findMatching(data, { filter, asOf, signal }));
  const ids = table.ids('customer_id');
  return rows.filter((row) => matched.has(ids[row]));
}
