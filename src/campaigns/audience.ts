import type { Id } from '../data/data-source.ts';
import type { Prospect } from '../scoring/campaign.ts';
import { expectedSpendOf } from '../scoring/expected-spend.ts';
import { type ScoringEnvironment, scoreFeatureTable } from '../scoring/score-customers.ts';

/** The horizon of a forecast without one of its own, in days. */
const DEFAULT_HORIZON_DAYS = 90;

export interface AudienceRequest {
  readonly asOf?: string | undefined;
  /** Only customers with at least this churn probability; by default the average of those still active. */
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
  readonly leastProbability: number;
  /** By customer id. */
  readonly members: readonly AudienceMember[];
}

/** Customers who may still be kept: those with an order within the forecast's horizon before the day, and a risk as high as asked. */
export async function readAudience(
  request: AudienceRequest,
  env: ScoringEnvironment,
): Promise<CampaignAudience> {
  const { card } = env.version;
  const { asOf, table, probabilities } = await scoreFeatureTable(request.asOf, env);
  const horizonDays = card.details.kind === 'forward' ? card.details.horizon_days : DEFAULT_HORIZON_DAYS;
  const recency = table.float64('days_since_last_order');
  const active = [...recency.keys()].filter((row) => recency[row] < horizonDays);
  const leastProbability =
    request.minProbability ??
    active.reduce((sum, row) => sum + probabilities[row], 0) / Math.max(1, active.length);
  const expectedSpend = expectedSpendOf(table, card, { asOf, days: horizonDays });
  const [ids, orders, spent] = [
    table.ids('customer_id'),
    table.float64('total_orders'),
    table.float64('total_spent'),
  ];
  const members = active
    .filter((row) => probabilities[row] >= leastProbability)
    .map((row) => ({
      customerId: ids[row],
      churnProbability: probabilities[row],
      expectedSpend: expectedSpend[row],
      totalOrders: orders[row],
      totalSpent: spent[row] || 0,
    }));
  return { asOf, horizonDays, leastProbability, members };
}
