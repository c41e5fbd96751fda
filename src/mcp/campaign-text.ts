/** Campaigns in words: the answer first with its number, then what to do, then how far to trust it; statistics last. */
import { groupSizesOf } from '../campaigns/campaign-course.ts';
import type { Campaign, CampaignPlan } from '../campaigns/campaign-plan.ts';
import type { StartOutcome } from '../campaigns/start-campaign.ts';
import { formatCount, formatPercent, formatWhole, plural } from '../text/format.ts';
import { inertMarkdown } from '../text/inert-markdown.ts';
import type { ResponseFormat } from './schemas.ts';
import { totalValueText } from './value-text.ts';

/** An amount with the campaign's currency, if it has one. */
export function money({ currency }: Pick<CampaignPlan, 'currency'>, amount: number): string {
  const text = formatWhole(amount);
  return currency === undefined ? text : `${text} ${inertMarkdown(currency)}`;
}

/** "12 points", as shares are compared. */
export function points(share: number): string {
  const value = (share * 100).toFixed(1).replace(/\.0$/, '');
  return `${value} ${value === '1' ? 'point' : 'points'}`;
}

export function planText(plan: CampaignPlan, format: ResponseFormat): string {
  const { customers, campaign_id, visible_difference, expected_difference } = plan;
  const { contacted, heldOut } = groupSizesOf(plan);
  const lines = [
    profitLine(plan, contacted),
    `Leave ${plural(heldOut, 'customer')} of these ${formatCount(customers.id.length)} uncontacted, drawn at random: only they tell what the offer changed.`,
    visible_difference >= 1
      ? 'So few customers show no effect of any size.'
      : `With ${formatCount(contacted)} contacted and ${formatCount(heldOut)} held out you will see a difference of ${points(visible_difference)} or more in how many order; expected are ${points(expected_difference)}.`,
    ...smallText(plan),
    `To start it: start_campaign with campaign_id ${campaign_id}. Nothing is sent; you get the contact list.`,
  ];
  return [...lines, ...(format === 'detailed' ? ['', ...planDetails(plan, contacted)] : [])].join('\n');
}

function profitLine(plan: CampaignPlan, contacted: number): string {
  const { profit, profit_if_half, name, horizon_days, who: conditions } = plan;
  const who = `Contacting ${plural(contacted, 'customer')}${conditions} with "${inertMarkdown(name)}"`;
  if (profit === undefined) {
    return `${who} may pay, and no total is given: the latest probabilities that can be checked were wrong by more than five points.`;
  }
  const half =
    profit_if_half === undefined
      ? ''
      : ` If the offer keeps half as many as expected, it is ${money(plan, profit_if_half)}.`;
  return `${who} is expected to earn ${money(plan, profit.expected)} after costs within ${plural(horizon_days, 'day')}, between ${money(plan, profit.low)} and ${money(plan, profit.high)}.${half}`;
}

function smallText({ visible_difference, expected_difference }: CampaignPlan): string[] {
  if (visible_difference <= expected_difference * 1.05 || visible_difference >= 1) return [];
  return [
    'That is more than expected, so this campaign alone will probably not show whether the offer works. Reach more customers (lower min_probability or widen the filter), or repeat it: results of several campaigns add up.',
  ];
}

const SOURCES = {
  given: () => 'as you gave it, taken as a guess',
  measured: (campaigns: number) => `measured by ${plural(campaigns, 'campaign')} of this shop`,
  assumed: () => 'assumed, since no campaign of this shop has been measured yet',
};

function successText({ uplift_version, success_rate: { overall, source, campaigns } }: CampaignPlan): string {
  return uplift_version === undefined
    ? `Success rate: the offer keeps ${formatPercent(overall.rate, 0)} of those about to leave, give or take ${formatPercent(overall.deviation, 0)}: ${SOURCES[source](campaigns)}.`
    : `What the offer changes is what campaign_uplift ${uplift_version} says of each customer, from campaigns of this shop.`;
}

function planDetails(plan: CampaignPlan, contacted: number): string[] {
  const { contact_cost, offer_cost, margin, in_other_campaigns, seed, worth } = plan;
  return [
    successText(plan),
    ...(worth
      ? [
          `Those contacted are together expected to spend ${totalValueText(worth)}, with or without the offer.`,
        ]
      : []),
    `Costs: ${contact_cost} for each of ${formatCount(contacted)} contacts, ${offer_cost} for each contacted customer who orders; ${formatPercent(margin, 0)} of revenue is margin.`,
    ...(in_other_campaigns > 0
      ? [`Left out: ${plural(in_other_campaigns, 'customer')} in campaigns that still run.`]
      : []),
    `The profit's interval holds in 19 campaigns of 20; it allows for chance, for the forecast and for the success rate. An effect of the size named is seen in 8 campaigns of 10. Forecast ${plan.version}, orders up to ${plan.as_of}, seed ${seed}.`,
  ];
}

export function startText({ campaign: { plan, start }, files, contacts, withoutEmail }: StartOutcome) {
  const noEmail =
    withoutEmail === 0
      ? ''
      : ` ${plural(withoutEmail, 'of them has', 'of them have')} no e-mail address in the data.`;
  return [
    `The campaign "${inertMarkdown(plan.name)}" (${plan.campaign_id}) runs from ${start.contact_date} for ${plural(plan.horizon_days, 'day')}. Contact ${plural(contacts, 'customer')}: ${files[0]} lists them.${noEmail}`,
    `Contact nobody else with this offer: ${plural(groupSizesOf(plan).heldOut, 'customer is held out and is on no list', 'customers are held out and are on no list')}.`,
    `Files, in campaigns/${plan.campaign_id}/started of the home folder: ${files.join(', ')}. Send to customers who agreed to be written to; the data does not tell who did.`,
    `Import new orders as they come, then ask get_campaign_results with campaign_id ${plan.campaign_id}.`,
  ].join('\n');
}

/** What a person is asked before a campaign starts. */
export function startQuestion({ plan }: Campaign): string {
  const { contacted, heldOut } = groupSizesOf(plan);
  const cost = contacted * plan.contact_cost;
  return `Start the campaign "${inertMarkdown(plan.name)}"? ${plural(contacted, 'customer is', 'customers are')} to be contacted, which costs ${money(plan, cost)} before anybody orders, and ${plural(heldOut, 'is left alone', 'are left alone')}. It cannot be changed afterwards.`;
}
