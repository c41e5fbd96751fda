import { ChurnMcpError } from '../errors.ts';
import { formatAmount, plural } from '../text/format.ts';
import type { AudienceMember, CampaignAudience } from './audience.ts';
import { earningsOf, type OfferCosts } from './expected-earnings.ts';
import type { SuccessRates } from './success-rate.ts';

/** With fewer no group is large enough to tell anything. */
const LEAST_CUSTOMERS = 2;
const NEEDS_TWO = 'A campaign needs at least two: one to contact and one to leave alone.';

export interface Offer {
  readonly costs: OfferCosts;
  readonly rates: SuccessRates;
}

/**
 * Members of the audience who are expected to earn more than they cost, most first, equal ones by customer id.
 *
 * @param busy ids, as text, of customers whom another campaign has
 * @throws CAMPAIGN_REFUSED if fewer than two are left
 */
export function worthContacting(
  audience: CampaignAudience,
  busy: ReadonlySet<string>,
  { costs, rates }: Offer,
): AudienceMember[] {
  if (audience.members.length === 0) throw nobodyIn(audience);
  const free = audience.members.filter(({ customerId }) => !busy.has(String(customerId)));
  if (free.length < LEAST_CUSTOMERS) throw tooFewFree(audience, free.length);
  // Members come by id, and sorting keeps the order of equals.
  const ranked = free
    .map((member) => ({ member, earned: earningsOf(member, costs, rates) }))
    .sort((a, b) => b.earned - a.earned);
  const worth = ranked.filter(({ earned }) => earned > 0);
  if (worth.length < LEAST_CUSTOMERS) throw doesNotPay(ranked[0].earned, rates);
  return worth.map(({ member }) => member);
}

function nobodyIn({ asOf, who, leastProbability }: CampaignAudience): ChurnMcpError {
  const percent = Math.round(leastProbability * 100);
  return new ChurnMcpError(
    'CAMPAIGN_REFUSED',
    `No customer${who} still buys on ${asOf} and leaves with a probability of ${percent}% or more.`,
    { hint: lowerOr(who) },
  );
}

function lowerOr(who: string): string {
  return who === ''
    ? 'Lower min_probability, or leave it out.'
    : 'Widen the filter, or lower min_probability.';
}

function tooFewFree({ members, who, asOf }: CampaignAudience, free: number): ChurnMcpError {
  const busy = members.length - free;
  if (busy === 0) {
    return new ChurnMcpError(
      'CAMPAIGN_REFUSED',
      `Only one customer${who} still buys on ${asOf} and has so high a risk of leaving. ${NEEDS_TWO}`,
      { hint: lowerOr(who) },
    );
  }
  return new ChurnMcpError(
    'CAMPAIGN_REFUSED',
    `Of ${plural(members.length, 'customer')} of this audience ${plural(busy, 'is in a campaign that still runs', 'are in campaigns that still run')}. ${NEEDS_TWO}`,
    {
      hint: 'Wait until these end (get_campaign_results lists them), or lower min_probability to reach others.',
    },
  );
}

function doesNotPay(best: number, { overall }: SuccessRates): ChurnMcpError {
  const hint = 'Lower contact_cost or offer_cost, or check margin and success_rate.';
  if (best > 0) {
    return new ChurnMcpError(
      'CAMPAIGN_REFUSED',
      `Contacting pays for one customer only, who is expected to bring ${formatAmount(best)} after costs. ${NEEDS_TWO}`,
      { hint },
    );
  }
  const percent = Math.round(overall.rate * 100);
  return new ChurnMcpError(
    'CAMPAIGN_REFUSED',
    `Contacting does not pay: if the offer keeps ${percent}% of those about to leave, even the best customer is expected to bring ${formatAmount(best)} after costs.`,
    { hint },
  );
}
