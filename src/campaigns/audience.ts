import type { CustomerFilter } from '../customers/customer-filter.ts';
import { filterText } from '../customers/filter-text.ts';
import type { Id } from '../data/data-source.ts';
import { scoreActiveCustomers } from '../scoring/active-customers.ts';
import type { Prospect } from '../scoring/campaign.ts';
import type { ScoringEnvironment } from '../scoring/score-customers.ts';

export interface AudienceRequest {
  readonly asOf?: string | undefined;
  /** Only customers who meet these conditions; all by default. */
  readonly filter?: CustomerFilter | undefined;
  /** Only customers with at least this churn probability; by default that from which the list of customers at risk begins. */
  readonly minProbability?: number | undefined;
}

export interface AudienceMember extends Prospect {
  readonly customerId: Id;
  readonly totalOrders: number;
  readonly totalSpent: number;
}

export interface CampaignAudience {
  readonly asOf: string;
  readonly horizonDays: number;
  /** The conditions of the filter, to follow "customers"; empty if there are none. */
  readonly who: string;
  readonly leastProbability: number;
  /** By customer id. */
  readonly members: readonly AudienceMember[];
}

/**
 * Customers who may still be kept: those with an order within the forecast's horizon before the day who meet the conditions
 * and whose risk is as high as asked. The same customers that the list of those at risk holds.
 */
export async function readAudience(
  request: AudienceRequest,
  env: ScoringEnvironment,
): Promise<CampaignAudience> {
  const scored = await scoreActiveCustomers(request, env);
  const { asOf, horizonDays, table, probabilities, prospectOf, active } = scored;
  const leastProbability = request.minProbability ?? scored.atRiskFrom;
  const [ids, orders, spent] = [
    table.ids('customer_id'),
    table.float64('total_orders'),
    table.float64('total_spent'),
  ];
  const members = active
    .filter((row) => probabilities[row] >= leastProbability)
    .map((row) => ({
      customerId: ids[row],
      ...prospectOf(row),
      totalOrders: orders[row],
      totalSpent: spent[row] || 0,
    }));
  return { asOf, horizonDays, who: filterText(request.filter ?? {}), leastProbability, members };
}
