import { ChurnMcpError } from '../errors.ts';
import { addDays } from '../features/calendar-day.ts';
import { trustOf } from '../scoring/forecast-trust.ts';
import type { ScoringEnvironment } from '../scoring/score-customers.ts';
import { assignHoldout } from './assignment.ts';
import {
  type AudienceMember,
  type AudienceRequest,
  type CampaignAudience,
  readAudience,
} from './audience.ts';
import { newCampaignId } from './campaign-home.ts';
import type { Campaign, CampaignPlan } from './campaign-plan.ts';
import { earningsOf, expectedEarnings, type OfferCosts } from './expected-earnings.ts';
import { holdoutSize, smallestVisibleDifference } from './holdout-size.ts';
import { givenSuccessRate, type SuccessRates } from './success-rate.ts';

export interface PlanCampaignRequest extends AudienceRequest {
  readonly name: string;
  readonly costs: OfferCosts;
  readonly currency?: string | undefined;
  /** Share of customers about to leave whom the offer keeps; what past campaigns measured by default. */
  readonly successRate?: number | undefined;
  /** Days after the contact in which orders count; the forecast's horizon by default. */
  readonly horizonDays?: number | undefined;
  /** Customers of the campaign at most, those held out among them. */
  readonly mostCustomers?: number | undefined;
  /** The smallest effect worth knowing: a difference in the share who order, 0 to 1. The expected one by default. */
  readonly difference?: number | undefined;
  readonly seed?: number | undefined;
}

export interface PlanEnvironment {
  readonly scoring: ScoringEnvironment;
  readonly campaigns: readonly Campaign[];
  /** What past campaigns measured. */
  readonly measured: SuccessRates;
  readonly now: Date;
  /** A whole number from 0 to 2^32 - 1, for campaigns without a seed of their own. */
  readonly chance: () => number;
}

/** With fewer no group is large enough to tell anything. */
const LEAST_CUSTOMERS = 2;

/**
 * Whom to contact with an offer and whom to leave alone, so that the difference tells what the offer is worth. Members of the
 * audience are taken who are expected to earn more than they cost, most first.
 *
 * @throws CAMPAIGN_REFUSED if there is nobody whom it pays to contact
 */
export async function planCampaign(
  request: PlanCampaignRequest,
  { scoring, campaigns, measured, now, chance }: PlanEnvironment,
): Promise<CampaignPlan> {
  const { costs, successRate, name, currency } = request;
  const rates = successRate === undefined ? measured : givenSuccessRate(successRate);
  const audience = await readAudience(request, scoring);
  const busy = customersOfRunning(campaigns, audience.asOf);
  const members = worthContacting(audience, busy, { request, rates });
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
    horizon_days: request.horizonDays ?? audience.horizonDays,
    contact_cost: costs.contactCost,
    offer_cost: costs.offerCost,
    margin: costs.margin,
    ...(currency !== undefined && { currency }),
    success_rate: { ...rates, bands: [...rates.bands] },
    seed,
    model: card.model,
    version: card.version,
    fingerprint: (await scoring.data.summary()).fingerprint,
    ...(profit && { profit, profit_if_half: profitIfHalf }),
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

/** Ids, as text, of all customers of campaigns whose horizon has not passed on a day. */
export function customersOfRunning(campaigns: readonly Campaign[], day: string): Set<string> {
  const running = campaigns.filter(
    ({ plan, start }) => start !== undefined && addDays(start.contact_date, plan.horizon_days) > day,
  );
  return new Set(running.flatMap(({ plan }) => plan.customers.id.map(String)));
}

function worthContacting(
  audience: CampaignAudience,
  busy: ReadonlySet<string>,
  { request, rates }: { readonly request: PlanCampaignRequest; readonly rates: SuccessRates },
): AudienceMember[] {
  const { costs, mostCustomers } = request;
  if (audience.members.length === 0) throw nobodyIn(audience);
  const free = audience.members.filter(({ customerId }) => !busy.has(String(customerId)));
  if (free.length < LEAST_CUSTOMERS) throw allBusy(audience);
  const earnings = new Map(free.map((member) => [member, earningsOf(member, costs, rates)]));
  const earned = (member: AudienceMember) => earnings.get(member) ?? 0;
  // Members come by id, so equal earnings fall back to it.
  const worth = free.filter((member) => earned(member) > 0).sort((a, b) => earned(b) - earned(a));
  if (worth.length < LEAST_CUSTOMERS) throw doesNotPay(free, { costs, rates });
  return worth.slice(0, mostCustomers);
}

function columnsOf(members: readonly AudienceMember[]) {
  return {
    ids: members.map(({ customerId }) => customerId),
    churnProbabilities: members.map(({ churnProbability }) => churnProbability),
    expectedSpend: members.map(({ expectedSpend }) => expectedSpend),
  };
}

function nobodyIn({ asOf, leastProbability }: CampaignAudience): ChurnMcpError {
  const percent = Math.round(leastProbability * 100);
  return new ChurnMcpError(
    'CAMPAIGN_REFUSED',
    `No customer who still buys on ${asOf} leaves with a probability of ${percent}% or more.`,
    { hint: 'Lower min_probability, or leave it out.' },
  );
}

function allBusy({ members }: CampaignAudience): ChurnMcpError {
  return new ChurnMcpError(
    'CAMPAIGN_REFUSED',
    `All ${members.length} customers of this audience are in campaigns that still run.`,
    {
      hint: 'Wait until these end (get_campaign_results lists them), or lower min_probability to reach others.',
    },
  );
}

function doesNotPay(
  members: readonly AudienceMember[],
  { costs, rates }: { readonly costs: OfferCosts; readonly rates: SuccessRates },
): ChurnMcpError {
  const best = Math.max(...members.map((member) => earningsOf(member, costs, rates)));
  const percent = Math.round(rates.overall.rate * 100);
  return new ChurnMcpError(
    'CAMPAIGN_REFUSED',
    `Contacting does not pay: if the offer keeps ${percent}% of those about to leave, even the best customer is expected to bring ${best.toFixed(2)} after costs.`,
    { hint: 'Lower contact_cost or offer_cost, or check margin and success_rate.' },
  );
}
