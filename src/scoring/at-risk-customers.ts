import type { ColumnTable } from '../data/data-source.ts';
import { sharedColumnOf, toFeatureMatrix } from '../dataset/column-rows.ts';
import { type RiskReason, reasonsOf } from '../explain/risk-reasons.ts';
import { compareWithTypical } from '../explain/typical-customer.ts';
import type { DetailFields } from '../registry/card-details.ts';
import type { AtRiskCustomer, AtRiskRequest, AtRiskResult } from './at-risk-result.ts';
import { expectedProfit, planCampaign } from './campaign.ts';
import { readProfiles } from './customer-profile.ts';
import { paceSpend } from './expected-spend.ts';
import { type ScoringEnvironment, scoreFeatureTable } from './score-customers.ts';

/** The horizon of a version without one of its own, in days. */
const DEFAULT_HORIZON_DAYS = 90;
/** Reasons a customer in the list. */
const MOST_REASONS = 3;

/**
 * Customers who may still be kept, most money at stake first: those with an order within the model's horizon before
 * the day, by churn probability × expected spend, ties by customer id. Given what a campaign costs, those worth contacting,
 * by expected profit.
 */
export async function findAtRiskCustomers(
  request: AtRiskRequest,
  env: ScoringEnvironment,
): Promise<Omit<AtRiskResult, 'trainedNow'>> {
  const { card } = env.version;
  const { asOf, table, probabilities } = await scoreFeatureTable(request.asOf, env);
  const horizonDays = card.details.kind === 'forward' ? card.details.horizon_days : DEFAULT_HORIZON_DAYS;

  const ids = table.ids('customer_id');
  const recency = table.float64('days_since_last_order');
  const expectedSpend = paceSpend((feature) => table.float64(feature), horizonDays);

  const active = [...ids.keys()].filter((row) => recency[row] < horizonDays);
  const prospects = [...ids.keys()].map((row) => ({
    churnProbability: probabilities[row],
    expectedSpend: expectedSpend[row],
  }));
  const valueAtRisk = prospects.map((prospect) => prospect.churnProbability * prospect.expectedSpend);
  const considered = active.filter((row) => probabilities[row] >= (request.minProbability ?? 0));
  const { costs } = request;
  const profits = costs && prospects.map((prospect) => expectedProfit(prospect, costs));
  const rank = profits ?? valueAtRisk;
  // Rows come ordered by customer id, so equal values fall back to it.
  const listable = considered
    .filter((row) => profits === undefined || profits[row] > 0)
    .sort((a, b) => rank[b] - rank[a] || a - b);
  const { offset = 0, limit } = request;
  const listed = listable.slice(offset, offset + limit);
  const profileOf = readProfiles(table);
  const reasons = raisingReasons(table, listed, env);
  const customers = listed.map(
    (row, i): AtRiskCustomer => ({
      customerId: ids[row],
      churnProbability: probabilities[row],
      valueAtRisk: valueAtRisk[row],
      ...(profits && { expectedProfit: profits[row] }),
      profile: profileOf(row),
      reasons: reasons[i],
    }),
  );
  const campaign =
    costs &&
    planCampaign(
      considered.map((row) => prospects[row]),
      costs,
    );
  return {
    card,
    asOf,
    customers,
    listableCustomers: listable.length,
    activeCustomers: active.length,
    ...(campaign && { campaign }),
  };
}

/** For each row, what raises its risk above the typical active customer's: exact contributions of the trees. */
function raisingReasons(
  table: ColumnTable,
  rows: readonly number[],
  { version }: ScoringEnvironment,
): RiskReason[][] {
  const { typical_customer }: DetailFields = version.card.details;
  const { featureNames, columns } = toFeatureMatrix(table, version.card.features);
  const listed = columns.map((column) => sharedColumnOf(rows.map((row) => column[row])));
  const { contributions } = compareWithTypical(
    version.ensemble,
    { featureNames, rowCount: rows.length, columns: listed },
    typical_customer,
  );
  const width = featureNames.length;
  return rows.map((_, i) =>
    reasonsOf(featureNames, contributions.subarray(i * width, (i + 1) * width))
      .filter(({ contribution }) => contribution > 0)
      .slice(0, MOST_REASONS),
  );
}
