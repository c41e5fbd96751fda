/** What follows from a plan and its start: who is contacted, how long the campaign runs. */
import type { Id } from '../data/data-source.ts';
import { addDays } from '../features/calendar-day.ts';
import type { Campaign, CampaignPlan, StartedCampaign } from './campaign-plan.ts';
import type { OfferCosts } from './expected-earnings.ts';

export interface GroupSizes {
  readonly contacted: number;
  readonly heldOut: number;
}

export function groupSizesOf(plan: CampaignPlan): GroupSizes {
  const contacted = contactedBy(plan).length;
  return { contacted, heldOut: plan.customers.id.length - contacted };
}

/** Ids of all but the held-out. */
export function contactedBy({ customers }: CampaignPlan): Id[] {
  return customers.id.filter((_, i) => customers.held_out[i] === 0);
}

export function costsOf({ contact_cost, offer_cost, margin }: CampaignPlan): OfferCosts {
  return { contactCost: contact_cost, offerCost: offer_cost, margin };
}

/** The last day whose orders count. */
export function lastDayOf({ plan, start }: StartedCampaign): string {
  return addDays(start.contact_date, plan.horizon_days);
}

export type CampaignStatus = 'planned' | 'running' | 'finished';

/** @param today the last day with orders; undefined if there are none */
export function statusOf({ plan, start }: Campaign, today: string | undefined): CampaignStatus {
  if (start === undefined) return 'planned';
  return today !== undefined && today >= lastDayOf({ plan, start }) ? 'finished' : 'running';
}

/** Ids, as text, of all customers of campaigns that still run on a day. */
export function customersOfRunning(campaigns: readonly Campaign[], day: string): Set<string> {
  const running = campaigns.filter((campaign) => statusOf(campaign, day) === 'running');
  return new Set(running.flatMap(({ plan }) => plan.customers.id.map(String)));
}
