import type { CustomerFilter } from '../customers/customer-filter.ts';
import { filterText } from '../customers/filter-text.ts';
import type { Id } from '../data/data-source.ts';
import { ChurnMcpError } from '../errors.ts';
import { type ActiveCustomers, scoreActiveCustomers } from '../scoring/active-customers.ts';
import type { Prospect } from '../scoring/campaign.ts';
import { type ValueOutlook, valueOutlookOf } from '../scoring/customer-value.ts';
import type { ScoringEnvironment } from '../scoring/score-customers.ts';
import { assertAheadOfRisk, scoreUplift, type UpliftModel } from '../scoring/uplift-scores.ts';

export interface AudienceRequest {
  readonly asOf?: string | undefined;
  /** Days after the contact in which orders count; the forecast's horizon by default. */
  readonly horizonDays?: number | undefined;
  /** Only customers who meet these conditions; all by default. */
  readonly filter?: CustomerFilter | undefined;
  /** Only customers with at least this churn probability; by default that from which the list of customers at risk begins. */
  readonly minProbability?: number | undefined;
}

/** Chance and spend are of the campaign's horizon. */
export interface AudienceMember extends Prospect {
  readonly customerId: Id;
  /** In the table that the outlook reads. */
  readonly row: number;
  /** By how much an offer raises the chance to order, -1 to 1, if an uplift model was asked. */
  readonly uplift?: number | undefined;
  readonly totalOrders: number;
  readonly totalSpent: number;
}

export interface CampaignAudience {
  readonly asOf: string;
  readonly horizonDays: number;
  /** Over 12 months; undefined if too few customers came back. */
  readonly outlook: ValueOutlook | undefined;
  /** The conditions of the filter, to follow "customers"; empty if there are none. */
  readonly who: string;
  readonly leastProbability: number;
  /** By customer id. */
  readonly members: readonly AudienceMember[];
}

/**
 * Customers who may still be kept: those with an order within the forecast's horizon before the day who meet the conditions
 * and whose risk is as high as asked. The same customers that the list of those at risk holds; with an uplift model all who
 * still buy, since an offer may persuade those whose risk is low.
 *
 * @throws CAMPAIGN_REFUSED if the uplift model is no better than the risk, or nothing is known of the campaign's horizon
 */
export async function readAudience(
  request: AudienceRequest,
  env: ScoringEnvironment,
  upliftModel?: UpliftModel | undefined,
): Promise<CampaignAudience> {
  if (upliftModel) assertAheadOfRisk(upliftModel.version.card);
  const scored = await scoreActiveCustomers(request, env);
  const { asOf, table, probabilities, active } = scored;
  const horizonDays = request.horizonDays ?? scored.horizonDays;
  const prospectOf = prospectsWithin(horizonDays, scored, env);
  const leastProbability = request.minProbability ?? (upliftModel ? 0 : scored.atRiskFrom);
  const [ids, orders, spent] = [
    table.ids('customer_id'),
    table.float64('total_orders'),
    table.float64('total_spent'),
  ];
  const rows = active.filter((row) => probabilities[row] >= leastProbability);
  const uplift = upliftModel && (await scoreUplift(table, Uint32Array.from(rows), upliftModel, env.signal));
  const members = rows.map((row, i) => ({
    customerId: ids[row],
    row,
    ...(uplift && { uplift: uplift[i] }),
    ...prospectOf(row),
    totalOrders: orders[row],
    totalSpent: spent[row] || 0,
  }));
  const outlook = valueOutlookOf(scored, env.version.card);
  return { asOf, horizonDays, outlook, who: filterText(request.filter ?? {}), leastProbability, members };
}

/** Who leaves, and what those spend who do not, within so many days: for other days than the forecast's by the value model. */
function prospectsWithin(
  days: number,
  scored: ActiveCustomers,
  { version: { card } }: ScoringEnvironment,
): (row: number) => Prospect {
  if (days === scored.horizonDays) return scored.prospectOf;
  const outlook = valueOutlookOf(scored, card, days);
  if (outlook === undefined) {
    throw new ChurnMcpError(
      'CAMPAIGN_REFUSED',
      `The forecast looks ${scored.horizonDays} days ahead, and too few customers came back to tell what they do in ${days} days.`,
      {
        hint: `Leave out horizon_days, or train the forecast for it: train_churn_model with horizon_days ${days}.`,
      },
    );
  }
  return (row) => {
    const { chance, spendIfOrdering } = outlook.of(row);
    return { churnProbability: 1 - chance, expectedSpend: spendIfOrdering };
  };
}
