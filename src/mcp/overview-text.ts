/** How a shop is doing, in words: the answer, what changed, what to do, then the figures. */
import type { CustomerFilter } from '../customers/customer-filter.ts';
import { filterText } from '../customers/filter-text.ts';
import { segmentLabels } from '../customers/segments.ts';
import type { SegmentThresholds } from '../data/segment-thresholds.ts';
import { trustOf } from '../scoring/forecast-trust.ts';
import type { RiskOverview, ShopOverview } from '../scoring/shop-overview.ts';
import { formatCount, formatPercent, formatWhole, plural } from '../text/format.ts';
import { inertMarkdown } from '../text/inert-markdown.ts';
import { modelText } from './model-text.ts';
import { BAND_WORDS } from './risk-range-text.ts';
import type { ResponseFormat } from './schemas.ts';
import { shortStakeText, stakeText } from './stake-text.ts';
import { backTestText, trustWarnings } from './trust-text.ts';
import { shortHistoryText, totalValueText } from './value-text.ts';

export { LAST_IMPORT, USUAL_MONTHS } from '../scoring/shop-overview.ts';

/** Who is in a segment, in words: "3-5 orders"; undefined if the name is none of ours. */
export function segmentRule(name: string, thresholds: SegmentThresholds): string | undefined {
  const label = Object.entries(segmentLabels(thresholds)).find(([segment]) => segment === name)?.[1];
  return label === undefined ? undefined : (/\((.*)\)/.exec(label)?.[1] ?? 'all others');
}

export interface OverviewPage {
  readonly filter: CustomerFilter;
  readonly format: ResponseFormat;
}

export function overviewText(overview: ShopOverview, { filter, format }: OverviewPage): string {
  const { customers, asOf, risk } = overview;
  if (customers === 0) return `No customers${filterText(filter)} had ordered by ${asOf}.`;
  const gist = [
    headline(overview, filterText(filter)),
    ...(risk ? trustWarnings(risk.card) : []),
    changeText(overview),
    risk
      ? 'Next: get_at_risk_customers lists whom to contact first.'
      : 'No forecast has been trained yet, so the money at risk is not known: get_at_risk_customers trains it on its first call.',
  ];
  const model = risk ? [modelText(risk.card)] : [];
  if (format === 'concise') return [...gist, ...model].join('\n');
  return [
    ...gist,
    ...(risk ? ['', ...bandLines(risk)] : []),
    '',
    ...monthLines(overview),
    '',
    ...segmentLines(overview),
    '',
    `Active: ordered in the ${plural(overview.horizonDays, 'day')} before ${asOf}. At stake = chance of leaving × what the customer would spend in that time.`,
    ...(risk ? backTestText(trustOf(risk.card)) : []),
    ...model,
  ].join('\n');
}

function headline({ active, customers, asOf, horizonDays, risk }: ShopOverview, who: string): string {
  const days = plural(horizonDays, 'day');
  const activeText = `${formatCount(active)} of your ${plural(customers, 'customer')}${who} ${active === 1 ? 'is' : 'are'} active as of ${asOf}.`;
  if (risk === undefined) return activeText;
  const { moreLikelyThanNot } = risk.now;
  return `${activeText} ${plural(moreLikelyThanNot, 'of them is', 'of them are')} more likely than not to stop buying in the next ${days}. At stake over all active customers: ${stakeText(risk.now, trustOf(risk.card))}.${worthText(risk)}`;
}

function worthText({ worth }: RiskOverview): string {
  if (worth === undefined) return '';
  return ` All active customers together are expected to spend ${totalValueText(worth)}.${shortHistoryText(worth.days)}`;
}

function changeText(overview: ShopOverview): string {
  const { comparedWith, isLastImport, newlyLapsed, wonBack, newCustomers, active, activeBefore, risk } =
    overview;
  const money = risk ? ` ${stakeChangeText(risk, comparedWith)}` : '';
  const since = isLastImport ? `the import before, whose orders end on ${comparedWith}` : comparedWith;
  return `Since ${since}: ${formatCount(newlyLapsed)} stopped being active, ${formatCount(wonBack)} became active again, ${formatCount(newCustomers)} ordered for the first time. Active customers: ${formatCount(active)}, from ${formatCount(activeBefore)}.${money}`;
}

function stakeChangeText({ card, now, before }: RiskOverview, comparedWith: string): string {
  const trust = trustOf(card);
  return `Money at stake: ${shortStakeText(now, trust)}; on ${comparedWith} it was ${shortStakeText(before, trust)}.`;
}

function bandLines({ card, bands }: RiskOverview): string[] {
  const trust = trustOf(card);
  return [
    'At stake by chance of leaving:',
    ...bands.map(
      (money) =>
        `- ${money.band} (${BAND_WORDS[money.band]}): ${plural(money.customers, 'customer')}, ${shortStakeText(money, trust)}`,
    ),
  ];
}

function monthLines({ months }: ShopOverview): string[] {
  return [
    'By month:',
    ...months.map(
      ({ order_month, orders, customers, new_customers, revenue }) =>
        `- ${order_month}: ${formatWhole(revenue)} from ${plural(orders, 'order')} of ${plural(customers, 'customer')}, ${formatCount(new_customers)} of them new`,
    ),
  ];
}

function ruleText(name: string, thresholds: SegmentThresholds): string {
  const rule = segmentRule(name, thresholds);
  return rule === undefined ? '' : ` (${rule})`;
}

/** Groups of a kind that are shown; the structured content has all that fit. */
const MOST_GROUPS = 10;

function segmentLines(overview: ShopOverview): string[] {
  const { customers, segments, customerSegments, lapsed, segmentThresholds } = overview;
  const lines = (groups: ShopOverview['segments']) =>
    groups
      .slice(0, MOST_GROUPS)
      .map(
        ({ name, customers: count, totalSpent }) =>
          `- ${inertMarkdown(name)}${ruleText(name, segmentThresholds)}: ${plural(count, 'customer')} (${formatPercent(count / customers, 0)}), ${formatWhole(totalSpent)} spent in all`,
      );
  return [
    'By segment:',
    ...lines(segments),
    `Away for more than ${plural(segmentThresholds.inactiveDays, 'day')}, in both segments of inactive customers together (LAPSED): ${plural(lapsed, 'customer')}.`,
    'find_customers lists who is in a segment.',
    ...(customerSegments.length > 0 ? ['By your own customer segment:', ...lines(customerSegments)] : []),
  ];
}
