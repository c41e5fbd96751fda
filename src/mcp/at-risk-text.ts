/** Customers at risk in words: for a person who decides whom to contact. */

import { inertMarkdown } from '../text/inert-markdown.ts';
import { formatAmount, formatCount, formatPercent, formatScore, plural } from './format.ts';
import { reasonText } from './reason-text.ts';
import type { ResponseFormat } from './schemas.ts';
import type { AtRiskCustomer, AtRiskResult, Campaign } from './tool-context.ts';

export interface AtRiskPage {
  /** How many of the list came before. */
  readonly offset: number;
  readonly format: ResponseFormat;
  /** Where fewer are shown than were asked for, because more do not fit: where the list goes on. */
  readonly cutAt: number | undefined;
}

export function atRiskText(result: AtRiskResult, page: AtRiskPage): string {
  const { card, trainedNow, customers } = result;
  return [
    ...(trainedNow ? [`There was no forward model yet, so ${card.version} was trained first.`, ''] : []),
    ...(customers.length === 0 ? [nobodyText(result, page)] : customerLines(result, page)),
  ].join('\n');
}

function nobodyText(
  { card, asOf, activeCustomers, listableCustomers, campaign }: AtRiskResult,
  { offset }: AtRiskPage,
): string {
  if (offset > 0 && listableCustomers > 0) {
    return `The list ends at ${plural(listableCustomers, 'customer')}; offset ${formatCount(offset)} is behind it.`;
  }
  if (campaign && activeCustomers > 0) {
    return `At these costs none of the ${plural(activeCustomers, 'active customer')} is worth contacting: the campaign would lose money on each.`;
  }
  if (activeCustomers > 0) {
    return `None of the ${plural(activeCustomers, 'active customer')} is that likely to leave. Lower min_probability to see more.`;
  }
  return `No customer ordered in the ${plural(horizonOf(card), 'day')} before ${asOf}, so there is nobody to keep. Choose an earlier as_of, or import newer orders.`;
}

function customerLines(
  { card, asOf, customers, activeCustomers, campaign }: AtRiskResult,
  { offset, format, cutAt }: AtRiskPage,
): string[] {
  const lines = customers.map((customer, i) => customerLine(customer, offset + i + 1, format));
  const more =
    cutAt === undefined ? [] : [`More do not fit into one answer: offset ${cutAt} shows the next.`];
  if (format === 'concise') return [...lines, ...more];
  const horizon = plural(horizonOf(card), 'day');
  const atStake = customers.reduce((sum, { valueAtRisk }) => sum + valueAtRisk, 0);
  return [
    ...(campaign
      ? campaignLines(campaign, customers.length)
      : [
          `${shownText(offset, customers.length)} of ${plural(activeCustomers, 'active customer')}, most value at risk first: ${formatAmount(atStake)} in all.`,
        ]),
    `Active: ordered in the ${horizon} before ${asOf}. Leaving: no order in the ${horizon} after it.`,
    '',
    ...lines,
    ...more,
    '',
    `Value at risk = chance of leaving × what the customer would spend in ${horizon} at the pace so far. Risk is not persuadability: a high risk does not mean that an offer would keep them.`,
    `Model: ${card.model} ${card.version}, ROC-AUC ${formatScore(card.metrics.roc_auc)} on ${card.evaluation === 'later_slice' ? 'a later period' : 'customers set aside'}.`,
  ];
}

/** "10", or "11 to 20" further down the list. */
function shownText(offset: number, count: number): string {
  return offset === 0 ? formatCount(count) : `${formatCount(offset + 1)} to ${formatCount(offset + count)}`;
}

function customerLine(customer: AtRiskCustomer, place: number, format: ResponseFormat): string {
  const { customerId, churnProbability, valueAtRisk, profile, contact } = customer;
  const reasons = reasonTexts(customer, format);
  const who = [customerId, contact?.name, contact?.email].flatMap((part) =>
    part === undefined ? [] : [inertMarkdown(String(part))],
  );
  const risk = `${place}. Customer ${who.join(', ')}: ${formatPercent(churnProbability, 0)} likely to leave, ${formatAmount(valueAtRisk)} at risk`;
  if (format === 'concise') return `${risk}${reasons.length === 0 ? '' : `; ${reasons[0]}`}.`;
  const profit =
    customer.expectedProfit === undefined
      ? ''
      : `, ${formatAmount(customer.expectedProfit)} expected from contacting them`;
  const why = reasons.length === 0 ? '' : ` Why: ${reasons.join('; ')}.`;
  return `${risk}${profit}; spent ${formatAmount(profile.totalSpent)} in ${plural(profile.totalOrders, 'order')}, last on ${profile.lastOrderDate} (${plural(profile.daysSinceLastOrder, 'day')} ago).${why}`;
}

function campaignLines({ customers, expectedProfit, low, high }: Campaign, listed: number): string[] {
  return [
    `${plural(customers, 'active customer')} worth contacting at these costs, the ${formatCount(listed)} most profitable listed. Contacting all is expected to earn ${formatAmount(expectedProfit)}, between ${formatAmount(low)} and ${formatAmount(high)} in 19 campaigns of 20 if the probabilities and the success rate are right.`,
  ];
}

/** The strongest alone where the gist is enough. */
export function reasonTexts({ reasons, profile }: AtRiskCustomer, format: ResponseFormat): string[] {
  const shown = format === 'concise' ? reasons.slice(0, 1) : reasons;
  return shown.map(({ theme }) => reasonText(theme, profile));
}

function horizonOf({ details }: AtRiskResult['card']): number {
  return 'horizon_days' in details ? details.horizon_days : 0;
}
