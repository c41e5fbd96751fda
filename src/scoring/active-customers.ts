import {
  type CustomerFilter,
  findMatching,
  isEmptyFilter,
  type MatchedCustomers,
} from '../customers/customer-filter.ts';
import type { ColumnTable } from '../data/data-source.ts';
import { rowsWhere } from '../dataset/column-rows.ts';
import { meanOf } from '../metrics/mean.ts';
import type { DetailFields } from '../registry/card-details.ts';
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
  /**
   * The probability from which customers are at risk that day, for lists, campaigns and explanations alike: more than the
   * average of all with an order within the horizon before the day, and more than the typical customer.
   */
  readonly atRiskFrom: number;
  /** Rows of those of them who meet the conditions of the filter. */
  readonly active: readonly number[];
}

export interface ActiveRequest {
  readonly asOf?: string | undefined;
  readonly filter?: CustomerFilter | undefined;
  /** Who meets the conditions of a filter as of the day, if that has been read already; the filter is not read then. */
  readonly matched?: MatchedCustomers | undefined;
  /** Whether rows of other customers are left out of the table; nothing is kept then. */
  readonly readsActiveAlone?: boolean | undefined;
}

export async function scoreActiveCustomers(
  request: ActiveRequest,
  env: ScoringEnvironment,
): Promise<ActiveCustomers> {
  const { card } = env.version;
  const activeWithin = request.readsActiveAlone ? horizonDaysOf(card) : undefined;
  const scored = await scoreFeatureTable({ asOf: request.asOf, activeWithin }, env);
  const { asOf, table, probabilities } = scored;
  const expectedSpend =
    scored.expectedSpend ??
    (request.readsActiveAlone ? spendOfActive(scored, card) : await addSpend(scored, env));
  const everyActive = [...rowsWhere(table.rowCount, (row) => !Number.isNaN(expectedSpend[row]))];
  return {
    asOf,
    horizonDays: horizonDaysOf(card),
    table,
    probabilities,
    prospectOf: (row) => ({ churnProbability: probabilities[row], expectedSpend: expectedSpend[row] }),
    atRiskFrom: Math.max(
      everyActive.length === 0 ? 0 : meanOf(everyActive.map((row) => probabilities[row])),
      typicalProbabilityOf(card) ?? 0,
    ),
    active: await matchingRows(everyActive, table, { ...request, asOf }, env),
  };
}

/** Of the typical active customer on the day of training; undefined if the card does not say. */
export function typicalProbabilityOf({ details }: ModelCard): number | undefined {
  const { typical_customer }: DetailFields = details;
  return typical_customer && 1 / (1 + Math.exp(-typical_customer.raw_score));
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
