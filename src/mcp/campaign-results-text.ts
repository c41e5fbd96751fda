/** Results of campaigns in words. */
import { groupSizesOf, lastDayOf, statusOf } from '../campaigns/campaign-course.ts';
import type { CampaignList } from '../campaigns/campaign-home.ts';
import type { Campaign } from '../campaigns/campaign-plan.ts';
import type { DataProblem, MeasuredCampaign, Verdict } from '../campaigns/measure-campaign.ts';
import type { GroupTotals } from '../campaigns/results.ts';
import type { Difference } from '../campaigns/statistics/interval.ts';
import { formatCount, formatPercent, plural } from '../text/format.ts';
import { inertMarkdown } from '../text/inert-markdown.ts';
import { money, points } from './campaign-text.ts';
import type { ResponseFormat } from './schemas.ts';

export function resultsText(measured: MeasuredCampaign, format: ResponseFormat): string {
  const { campaign, results, problems } = measured;
  const lines = [
    verdictLine(measured),
    ADVICE[measured.verdict],
    ...problems.map(problemText),
    `Contacted: ${groupText(results.contacted)}. Held out: ${groupText(results.heldOut)}.`,
  ];
  if (format === 'concise') return lines.join('\n');
  const { plan } = campaign;
  return [
    ...lines,
    '',
    ...(results.orderShare
      ? [`Share who ordered: ${differenceText(results.orderShare, points)} among the contacted.`]
      : []),
    ...(results.spent
      ? [
          `Spent per customer: ${differenceText(results.spent, (amount) => money(plan, amount))} among the contacted.`,
        ]
      : []),
    `Costs so far: ${money(plan, results.costs)}, an offer counted for every contacted customer who ordered.`,
    measured.isFinal
      ? 'The groups were drawn at random, so the difference is due to the offer or to chance; the intervals hold in 19 campaigns of 20, however often you looked before.'
      : `Before ${measured.end} intervals are wider, so that looking every day raises no false alarms.`,
  ].join('\n');
}

function verdictLine({
  campaign: { plan },
  results: { profit },
  verdict,
  ...measured
}: MeasuredCampaign): string {
  const name = `"${inertMarkdown(plan.name)}"`;
  const days = `${formatCount(measured.daysPassed)} of ${plural(plan.horizon_days, 'day')}`;
  const range = profit && `between ${money(plan, profit.low)} and ${money(plan, profit.high)}`;
  if (verdict === 'unusable')
    return `Nothing can be said of ${name}: the data is not that of the campaign any more.`;
  if (profit === undefined) {
    return `It is too early to say what ${name} earns: after ${days} too few customers have ordered.`;
  }
  const value = money(plan, Math.abs(profit.value));
  switch (verdict) {
    case 'paid':
      return `${name} paid: it earned ${value} after costs, ${range}.`;
    case 'lost':
      return `${name} lost ${value} after costs, ${range}.`;
    case 'ahead':
      return `${name} is ahead by ${value} after costs, after ${days}, ${range}.`;
    case 'too early':
      return `It is too early to say whether ${name} pays: after ${days} it stands at ${money(plan, profit.value)} after costs, ${range}.`;
    default:
      return `${name} is over, and whether it paid is open: it earned ${money(plan, profit.value)} after costs, ${range}.`;
  }
}

const ADVICE: Readonly<Record<Verdict, string>> = {
  paid: 'Do it again: the next plan takes its success rate from this result.',
  lost: 'Do not repeat it as it was. Try a cheaper offer, or customers who are more likely to leave.',
  ahead: 'Leave it running: later orders may only have come earlier.',
  'too early': 'Wait, and import new orders as they come. Contact none of the held-out meanwhile.',
  unclear: 'Repeat it with more customers: results of several campaigns add up.',
  unusable: 'Import all orders of these customers again, from before the campaign until today.',
};

function problemText(problem: DataProblem): string {
  switch (problem.kind) {
    case 'customers gone': {
      const gone = problem.contacted + problem.heldOut;
      return `${plural(gone, 'customer of the campaign is', 'customers of the campaign are')} not in the data any more (${formatCount(problem.contacted)} contacted, ${formatCount(problem.heldOut)} held out) and not in these figures.`;
    }
    case 'history changed':
      return `The campaign was planned on ${plural(problem.ordersThen, 'order')} of these customers; of the same days the data now has ${formatCount(problem.ordersNow)}. ${problem.ordersNow > problem.ordersThen ? 'Some orders may have been imported twice.' : 'Some orders are missing.'}`;
    default:
      return 'Fewer than ten customers of a group have ordered, so money is not compared yet.';
  }
}

function groupText({ customers, ordered, orders }: GroupTotals): string {
  const share = customers === 0 ? '' : ` (${formatPercent(ordered / customers)})`;
  return `${formatCount(ordered)} of ${plural(customers, 'customer')} ordered${share}, ${plural(orders, 'order')}`;
}

function differenceText({ value, low, high }: Difference, format: (value: number) => string): string {
  const more = value < 0 ? 'less' : 'more';
  return `${format(Math.abs(value))} ${more} (${format(low)} to ${format(high)})`;
}

/** All campaigns, newest first; `today` tells which still run. */
export function campaignsText({ campaigns, damaged }: CampaignList, today: string | undefined): string {
  const lines = campaigns.map((campaign) => `- ${campaignLine(campaign, today)}`);
  const broken = damaged.map(({ error }) => `- ${error.message} ${error.hint ?? ''}`.trim());
  if (lines.length + broken.length === 0) {
    return 'There is no campaign yet. plan_campaign plans one from what an offer costs and what the shop earns.';
  }
  return [`${plural(lines.length, 'campaign')}, newest first:`, ...lines, ...broken].join('\n');
}

function campaignLine({ plan, start }: Campaign, today: string | undefined): string {
  const { contacted, heldOut } = groupSizesOf(plan);
  const size = `${formatCount(contacted)} contacted, ${formatCount(heldOut)} held out`;
  const what = `${plan.campaign_id} "${inertMarkdown(plan.name)}": ${size}`;
  if (start === undefined) return `${what}; planned, not started`;
  const end = lastDayOf({ plan, start });
  const state = statusOf({ plan, start }, today) === 'finished' ? `over since ${end}` : `runs until ${end}`;
  return `${what}; ${state}`;
}
