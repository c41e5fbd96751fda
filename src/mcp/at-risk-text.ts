/** Customers at risk in words: for a person who decides whom to contact. */

import type { CustomerProfile } from '../scoring/customer-profile.ts';
import { bandsOf, type ForecastTrust, trustOf } from '../scoring/forecast-trust.ts';
import { agoText, formatAmount, formatCount, formatPercent, formatWhole, plural } from '../text/format.ts';
import { inertMarkdown } from '../text/inert-markdown.ts';
import { points } from './campaign-text.ts';
import { REASONS } from './list-columns.ts';
import { modelText } from './model-text.ts';
import { tellReasons, typicalFiguresOf } from './reason-text.ts';
import { riskRangeText } from './risk-range-text.ts';
import type { ResponseFormat } from './schemas.ts';
import { shortStakeText, stakeText } from './stake-text.ts';
import type { AtRiskCustomer, AtRiskOrder, AtRiskResult, Campaign } from './tool-context.ts';
import { backTestText, bandsText, cameBackText, errorText, trustWarnings } from './trust-text.ts';
import { aheadText, shortHistoryText, totalValueText } from './value-text.ts';

export interface AtRiskPage {
  /** How many customers of the list earlier answers have shown. */
  readonly offset: number;
  readonly format: ResponseFormat;
  /** The conditions of the call, to follow "customers"; empty if there are none. */
  readonly who: string;
  readonly sortBy?: AtRiskOrder | undefined;
  /** Where fewer are shown than were asked for, because more do not fit: where the list goes on. */
  readonly cutAt: number | undefined;
}

export function atRiskText(result: AtRiskResult, page: AtRiskPage): string {
  return result.customers.length === 0 ? nobodyText(result, page) : customerLines(result, page).join('\n');
}

function nobodyText(
  { card, asOf, activeCustomers, listableCustomers, campaign }: AtRiskResult,
  { offset, who }: AtRiskPage,
): string {
  if (offset > 0 && listableCustomers > 0) return beyondEndText(offset, listableCustomers);
  if (campaign && activeCustomers > 0) {
    return `At these costs none of the ${plural(activeCustomers, 'active customer')}${who} is worth contacting: the campaign would lose money on each.`;
  }
  if (activeCustomers > 0) {
    return `None of the ${plural(activeCustomers, 'active customer')}${who} has so high a risk of leaving. Lower min_probability to see more.`;
  }
  if (who !== '')
    return `No active customers${who} as of ${asOf}. find_customers also lists those who have not ordered for longer.`;
  return `No customer ordered in the ${plural(horizonOf(card), 'day')} before ${asOf}, so there are no active customers. Choose an earlier as_of, or import newer orders.`;
}

function customerLines(result: AtRiskResult, page: AtRiskPage): string[] {
  const { card, asOf, customers } = result;
  const trust = trustOf(card);
  const lines = customers.map((customer, i) =>
    customerLine(customer, page.offset + i + 1, { result, trust, format: page.format, sortBy: page.sortBy }),
  );
  const more = moreText(page);
  const start = [totalsText(result, trust, page.who), ...trustWarnings(card)];
  const model = modelText(card, result.trainedNow);
  if (page.format === 'concise') return [...start, ...lines, ...more, model];
  const horizon = plural(horizonOf(card), 'day');
  return [
    ...start,
    listText(result, page),
    '',
    ...lines,
    ...more,
    '',
    ...bandsText(
      bandsOf(
        customers.map(({ churnProbability }) => churnProbability),
        trust.bands,
      ),
    ),
    ...backTestText(trust),
    `Active: ordered in the ${horizon} before ${asOf}. Leaving: no order in the ${horizon} after it; some come back later.`,
    ...cameBackText(trust, horizonOf(card)),
    `At stake = chance of leaving × what the customer would spend in ${horizon}, and its range holds at nine of ten days. Risk is not persuadability: a high risk does not mean that an offer would keep them.`,
    ...outlookText(result),
    model,
  ];
}

function outlookText({ listableOutlook, listableCustomers }: AtRiskResult): string[] {
  if (listableOutlook === undefined) return [];
  const who = plural(listableCustomers, 'customer');
  return [
    `The ${who} of this list ${listableCustomers === 1 ? 'is' : 'are'} expected to spend ${totalValueText(listableOutlook)}.${shortHistoryText(listableOutlook.days)}`,
  ];
}

/** Two numbers for all active customers who match, listed or not. */
function totalsText(
  { card, activeCustomers, totals }: AtRiskResult,
  trust: ForecastTrust,
  who: string,
): string {
  const { moreLikelyThanNot } = totals;
  return `${formatCount(moreLikelyThanNot)} of your ${plural(activeCustomers, 'active customer')}${who} ${moreLikelyThanNot === 1 ? 'is' : 'are'} more likely than not to stop buying in the next ${plural(horizonOf(card), 'day')}. ${overAllText(activeCustomers)}: ${stakeText(totals, trust)}.`;
}

/** Who the amount after it is about: all who were counted, not only those who are likely to leave. */
export function overAllText(counted: number): string {
  return counted === 1 ? 'At stake' : `At stake over all ${formatCount(counted)}`;
}

/** What the list holds. */
function listText(
  { card, customers, listableCustomers, leastProbability, band, campaign }: AtRiskResult,
  { offset, sortBy = 'value_at_risk' }: AtRiskPage,
): string {
  const shown = shownText(offset, customers.length);
  if (campaign)
    return `${contactText(campaign, 'active customer', { shown, sortBy })} ${campaignText(campaign, trustOf(card))}`;
  return `Whom to contact: ${shown} of ${plural(listableCustomers, 'customer')} with a risk of ${riskRangeText(leastProbability, band)}, ${ORDER_WORDS[sortBy]}:`;
}

export const ORDER_WORDS: Readonly<Record<AtRiskOrder, string>> = {
  value_at_risk: 'most at stake first',
  churn_probability: 'most likely to leave first',
  days_since_last_order: 'longest silent first',
  total_spent: 'highest spend first',
  expected_value: 'highest expected spend first',
  uplift: 'those first whom an offer persuades most',
};

export function beyondEndText(offset: number, listableCustomers: number): string {
  return `The list ends at ${plural(listableCustomers, 'customer')}; offset ${formatCount(offset)} is beyond its end.`;
}

export function moreText({ cutAt }: Pick<AtRiskPage, 'cutAt'>): string[] {
  return cutAt === undefined
    ? []
    : [`More customers do not fit into one answer. Ask again with offset ${cutAt} for the next.`];
}

/** "10", or "11 to 20" further down the list. */
export function shownText(offset: number, count: number): string {
  return offset === 0 ? formatCount(count) : `${formatCount(offset + 1)} to ${formatCount(offset + count)}`;
}

interface LineContext {
  readonly result: AtRiskResult;
  readonly trust: ForecastTrust;
  readonly format: ResponseFormat;
  readonly sortBy: AtRiskOrder | undefined;
}

function customerLine(
  customer: AtRiskCustomer,
  position: number,
  { result, trust, format, sortBy }: LineContext,
): string {
  const { customerId, churnProbability, valueAtRisk, valueRange, profile, contact } = customer;
  const reasons = reasonTexts(customer, result, format);
  const who = [customerId, contact?.name, contact?.email].flatMap((part) =>
    part === undefined ? [] : [inertMarkdown(String(part))],
  );
  const typical =
    result.typicalProbability === undefined
      ? ''
      : ` (typical: ${formatPercent(result.typicalProbability, 0)})`;
  const stake = `${shortStakeText({ valueAtRisk, ...valueRange }, trust)} at stake`;
  const risk = `${position}. Customer ${who.join(', ')}: ${formatPercent(churnProbability, 0)} likely to leave${typical}, ${stake}`;
  if (format === 'concise') return `${risk}${reasons.length === 0 ? '' : `; ${reasons[0]}`}.`;
  const profit = `${valueText(customer, sortBy)}${upliftText(customer)}${trust.isOff ? '' : profitText(customer)}`;
  const why = reasons.length === 0 ? 'no single figure stands out' : reasons.join('; ');
  return `${risk}${profit}; ${historyText(profile)}. Why: ${why}.`;
}

/** Only in a list by it: others have it in their fields and files. */
function valueText({ value }: AtRiskCustomer, sortBy: AtRiskOrder | undefined): string {
  if (value === undefined || sortBy !== 'expected_value') return '';
  const { expected, days, nextOrder } = value;
  return `, expected to spend ${formatWhole(expected)} in ${aheadText(days)}, next around ${nextOrder.expected}`;
}

function upliftText({ uplift }: AtRiskCustomer): string {
  if (uplift === undefined) return '';
  return `, and an offer ${uplift < 0 ? 'lowers' : 'raises'} the chance to order by ${points(Math.abs(uplift))}`;
}

export function profitText({ expectedProfit }: { readonly expectedProfit?: number }): string {
  return expectedProfit === undefined
    ? ''
    : `, ${formatWhole(expectedProfit)} of profit expected from contacting them`;
}

function historyText({
  totalSpent,
  totalOrders,
  lastOrderDate,
  daysSinceLastOrder,
}: CustomerProfile): string {
  const when = `on ${lastOrderDate} (${agoText(daysSinceLastOrder)})`;
  return totalOrders === 1
    ? `a single order of ${formatAmount(totalSpent)} ${when}, so this is little more than a guess`
    : `spent ${formatAmount(totalSpent)} in ${plural(totalOrders, 'order')}, the last ${when}`;
}

/** @param who one of them */
export function contactText(
  { customers }: Campaign,
  who: string,
  { shown, sortBy = 'value_at_risk' }: { readonly shown: string; readonly sortBy: AtRiskOrder | undefined },
): string {
  const order = sortBy === 'value_at_risk' ? 'the most profitable first' : ORDER_WORDS[sortBy];
  return `${plural(customers, who)} worth contacting at these costs, ${shown} listed, ${order}.`;
}

export function campaignText({ customers, profit }: Campaign, { latest, isOff }: ForecastTrust): string {
  if (profit === undefined) {
    const given = latest ? ` (${errorText(latest, isOff)})` : '';
    return `No total is given: the latest probabilities were ${isOff}${given}, and a total would be as wrong. Contact some of them first, leave others alone, and compare.`;
  }
  return `Contacting all ${formatCount(customers)} is expected to earn a profit of about ${formatWhole(profit.expected)}, between ${formatWhole(profit.low)} and ${formatWhole(profit.high)} in 19 campaigns of 20 if the margin and the success rate are right.`;
}

/** The strongest reasons to leave; one alone for a concise answer. */
export function reasonTexts(
  { reasons, profile }: AtRiskCustomer,
  { card }: Pick<AtRiskResult, 'card'>,
  format: ResponseFormat,
): string[] {
  const told = tellReasons(reasons, profile, typicalFiguresOf(card)).map(({ text }) => text);
  return told.slice(0, format === 'concise' ? 1 : REASONS);
}

function horizonOf({ details }: AtRiskResult['card']): number {
  return 'horizon_days' in details ? details.horizon_days : 0;
}
