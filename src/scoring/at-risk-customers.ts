import type { ColumnTable } from '../data/data-source.ts';
import { ChurnMcpError } from '../errors.ts';
import { type ActiveCustomers, scoreActiveCustomers, typicalProbabilityOf } from './active-customers.ts';
import { leastOf, rankAtRisk } from './at-risk-ranking.ts';
import type { AtRiskCustomer, AtRiskOrder, AtRiskRequest, AtRiskResult } from './at-risk-result.ts';
import { type CampaignCosts, expectedProfit, type Prospect, planCampaign } from './campaign.ts';
import { readProfiles } from './customer-profile.ts';
import { reasonsToLeave } from './customer-reasons.ts';
import { toldValue, totalValue, type ValueOutlook, valueOutlookOf } from './customer-value.ts';
import { probabilityRange, trustOf } from './forecast-trust.ts';
import { moneyAtRisk, valueAtRiskOf } from './money-at-risk.ts';
import type { ScoringEnvironment } from './score-customers.ts';
import { assertAheadOfRisk, scoreUplift, type UpliftModel } from './uplift-scores.ts';

export interface AtRiskEnvironment extends ScoringEnvironment {
  /** The uplift model, if the list begins with those whom an offer persuades. */
  readonly uplift?: UpliftModel | undefined;
}

/**
 * Customers who may still be kept, most money at stake first: those with an order within the model's horizon before
 * the day whose risk is above the average of all such customers (or as high as asked for), by churn probability ×
 * expected spend, ties by customer id. Given what a campaign costs, those worth contacting, by expected profit.
 *
 * @throws CAMPAIGN_REFUSED if the uplift model is no better than the risk
 */
export async function findAtRiskCustomers(
  request: AtRiskRequest,
  env: AtRiskEnvironment,
): Promise<Omit<AtRiskResult, 'trainedNow'>> {
  const { card } = env.version;
  const scored = await scoreActiveCustomers(request, env);
  const { asOf, table, prospectOf, atRiskFrom, active } = scored;
  const trust = trustOf(card);
  const totals = moneyAtRisk(active.map(prospectOf), trust.deviation);
  const typicalProbability = typicalProbabilityOf(card);
  const upliftOf = await readUplift(request, scored, env);
  const outlook = valueOutlookOf(scored, card);
  const leastProbability = leastOf(request, atRiskFrom);
  const { costs } = request;
  const { considered, listable } = rankAtRisk(active, prospectOf, {
    ...request,
    leastProbability,
    rankOf: upliftOf ?? rankBy(request.sortBy, scored, outlook),
  });
  const { offset = 0, limit, withReasons = true } = request;
  const listed = { table, prospectOf, upliftOf, outlook, costs, withReasons };
  return {
    card,
    asOf,
    customers: await describeRows(listable.slice(offset, offset + limit), listed, env),
    listableCustomers: listable.length,
    listable: moneyAtRisk(listable.map(prospectOf), trust.deviation),
    listableOutlook: outlook && totalValue(outlook, listable),
    activeCustomers: active.length,
    totals,
    leastProbability,
    band: request.band,
    typicalProbability,
    ...(costs && { campaign: planCampaign(considered.map(prospectOf), costs, trust) }),
  };
}

/** The probability from which customers are at risk on a day: the list and the explanation of a customer say the same. */
export async function readAtRiskFrom(asOf: string | undefined, env: ScoringEnvironment): Promise<number> {
  const { onScored: _, ...unrecorded } = env;
  return (await scoreActiveCustomers({ asOf }, unrecorded)).atRiskFrom;
}

/** Undefined for the order that a list has by itself. */
function rankBy(
  order: AtRiskOrder | undefined,
  { table, probabilities }: ActiveCustomers,
  outlook: ValueOutlook | undefined,
): ((row: number) => number) | undefined {
  if (order === undefined || order === 'value_at_risk' || order === 'uplift') return undefined;
  if (order === 'expected_value') {
    if (outlook === undefined) throw nothingKnown();
    return (row) => outlook.of(row).expected;
  }
  const values = order === 'churn_probability' ? probabilities : table.float64(order);
  return (row) => values[row];
}

function nothingKnown(): ChurnMcpError {
  return new ChurnMcpError(
    'INVALID_ARGUMENT',
    'The forecast does not say what customers will spend: too few came back, or it was trained before forecasts did.',
    { hint: 'train_churn_model trains a new one. Or leave sort_by out.' },
  );
}

/** By how much an offer raises the chance to order of an active customer's row; undefined unless the list begins with it. */
async function readUplift(
  { sortBy }: AtRiskRequest,
  { table, active }: ActiveCustomers,
  { uplift, signal }: AtRiskEnvironment,
): Promise<((row: number) => number) | undefined> {
  if (sortBy !== 'uplift' || uplift === undefined) return undefined;
  assertAheadOfRisk(uplift.version.card);
  const scores = await scoreUplift(table, Uint32Array.from(active), uplift, signal);
  const byRow = new Map(active.map((row, i) => [row, scores[i]] as const));
  return (row) => byRow.get(row) ?? 0;
}

interface ListedRows {
  readonly table: ColumnTable;
  readonly prospectOf: (row: number) => Prospect;
  readonly upliftOf: ((row: number) => number) | undefined;
  readonly outlook: ValueOutlook | undefined;
  readonly costs: CampaignCosts | undefined;
  readonly withReasons: boolean;
}

async function describeRows(
  rows: readonly number[],
  { table, prospectOf, upliftOf, outlook, costs, withReasons }: ListedRows,
  env: ScoringEnvironment,
): Promise<AtRiskCustomer[]> {
  const listed = table.pick(Uint32Array.from(rows));
  const ids = listed.ids('customer_id');
  const profileOf = readProfiles(listed);
  const reasons = withReasons ? await reasonsToLeave(table, rows, env) : undefined;
  const { deviation } = trustOf(env.version.card);
  return rows.map((row, i) => {
    const prospect = prospectOf(row);
    const range = probabilityRange(prospect.churnProbability, deviation);
    return {
      customerId: ids[i],
      churnProbability: prospect.churnProbability,
      valueAtRisk: valueAtRiskOf(prospect),
      valueRange: {
        low: range.low * prospect.expectedSpend,
        high: range.high * prospect.expectedSpend,
      },
      value: toldValue(outlook, row),
      ...(costs && { expectedProfit: expectedProfit(prospect, costs) }),
      ...(upliftOf && { uplift: upliftOf(row) }),
      profile: profileOf(i),
      reasons: reasons?.[i] ?? [],
    };
  });
}
