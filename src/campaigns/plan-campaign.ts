import { totalValue } from '../scoring/customer-value.ts';
import { trustOf } from '../scoring/forecast-trust.ts';
import type { ScoringEnvironment } from '../scoring/score-customers.ts';
import type { UpliftModel } from '../scoring/uplift-scores.ts';
import { assignHoldout } from './assignment.ts';
import {
  type AudienceMember,
  type AudienceRequest,
  type CampaignAudience,
  readAudience,
} from './audience.ts';
import { customersOfRunning } from './campaign-course.ts';
import { newCampaignId } from './campaign-home.ts';
import type { Campaign, CampaignPlan } from './campaign-plan.ts';
import { expectedEarnings, type OfferCosts } from './expected-earnings.ts';
import { ratesOfFinished } from './finished-campaigns.ts';
import { holdoutSize, smallestVisibleDifference } from './holdout-size.ts';
import { givenSuccessRate, type SuccessRates } from './success-rate.ts';
import { worthContacting } from './worth-contacting.ts';

export interface PlanCampaignRequest extends AudienceRequest {
  /** Whom to take first: those with most at stake by their risk, or those whom offers persuaded most. */
  readonly rankBy?: 'risk' | 'uplift' | undefined;
  readonly name: string;
  readonly costs: OfferCosts;
  readonly currency?: string | undefined;
  /** Share of customers about to leave whom the offer keeps; what past campaigns measured by default. */
  readonly successRate?: number | undefined;
  /** Customers of the campaign at most, those held out among them. */
  readonly mostCustomers?: number | undefined;
  /** The smallest effect worth knowing: a difference in the share who order, 0 to 1. The expected one by default. */
  readonly difference?: number | undefined;
  readonly seed?: number | undefined;
}

export interface PlanEnvironment {
  readonly scoring: ScoringEnvironment;
  /** The uplift model, if customers are ranked by it. */
  readonly uplift?: UpliftModel | undefined;
  /** All of the home folder. */
  readonly campaigns: readonly Campaign[];
  readonly now: Date;
  /** A whole number from 0 to 2^32 - 1, for campaigns without a seed of their own. */
  readonly chance: () => number;
}

/**
 * Whom to contact with an offer and whom to leave alone, so that the difference tells what the offer is worth. Members of the
 * audience are taken who are expected to earn more than they cost, most first.
 *
 * @throws CAMPAIGN_REFUSED if there is nobody whom it pays to contact, or the uplift model is no better than the risk
 */
export async function planCampaign(
  request: PlanCampaignRequest,
  { scoring, uplift, campaigns, now, chance }: PlanEnvironment,
): Promise<CampaignPlan> {
  const { costs, name, currency } = request;
  const rates = await ratesOf(request, campaigns, scoring);
  const audience = await readAudience(request, scoring, uplift);
  const busy = customersOfRunning(campaigns, audience.asOf);
  const members = worthContacting(audience, busy, { costs, rates }).slice(0, request.mostCustomers);
  const { card } = scoring.version;
  const trust = trustOf(card);
  const probabilities = members.map(({ churnProbability }) => churnProbability);
  const { difference: expectedDifference } = expectedEarnings(members, { costs, rates, trust });
  const heldOut = holdoutSize(probabilities, request.difference ?? expectedDifference);
  const seed = request.seed ?? chance();
  const isHeldOut = assignHoldout(columnsOf(members), heldOut, seed);
  const contacted = members.filter((_, i) => isHeldOut[i] === 0);
  const { profit, profitIfHalf, difference } = expectedEarnings(contacted, { costs, rates, trust });
  return {
    format: 1,
    campaign_id: newCampaignId(now),
    name,
    planned_at: now.toISOString(),
    as_of: audience.asOf,
    who: audience.who,
    horizon_days: audience.horizonDays,
    contact_cost: costs.contactCost,
    offer_cost: costs.offerCost,
    margin: costs.margin,
    ...(currency !== undefined && { currency }),
    success_rate: { ...rates, bands: [...rates.bands] },
    seed,
    model: card.model,
    version: card.version,
    ...(uplift && { uplift_version: uplift.version.card.version }),
    fingerprint: (await scoring.data.summary()).fingerprint,
    ...(profit && { profit, profit_if_half: profitIfHalf }),
    ...worthOf(audience, contacted),
    expected_difference: difference,
    visible_difference: smallestVisibleDifference(probabilities, heldOut),
    before: {
      orders: members.reduce((sum, { totalOrders }) => sum + totalOrders, 0),
      spent: members.reduce((sum, { totalSpent }) => sum + totalSpent, 0),
    },
    in_other_campaigns: audience.members.filter(({ customerId }) => busy.has(String(customerId))).length,
    customers: {
      id: members.map(({ customerId }) => customerId),
      held_out: Array.from(isHeldOut, (each) => (each === 1 ? 1 : 0)),
      churn_probability: probabilities,
      expected_spend: members.map(({ expectedSpend }) => expectedSpend),
    },
  };
}

function worthOf({ outlook }: CampaignAudience, contacted: readonly AudienceMember[]) {
  return (
    outlook && {
      worth: totalValue(
        outlook,
        contacted.map(({ row }) => row),
      ),
    }
  );
}

async function ratesOf(
  { successRate }: PlanCampaignRequest,
  campaigns: readonly Campaign[],
  { data, signal }: ScoringEnvironment,
): Promise<SuccessRates> {
  if (successRate !== undefined) return givenSuccessRate(successRate);
  return ratesOfFinished(campaigns, data, signal);
}

function columnsOf(members: readonly AudienceMember[]) {
  return {
    ids: members.map(({ customerId }) => customerId),
    churnProbabilities: members.map(({ churnProbability }) => churnProbability),
    expectedSpend: members.map(({ expectedSpend }) => expectedSpend),
  };
}
