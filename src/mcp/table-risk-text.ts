/** Customers of a table who may leave, in words: for a person who decides whom to contact. */
import { bandsOf, trustOf } from '../scoring/forecast-trust.ts';
import type { TableCustomer } from '../scoring/table-at-risk.ts';
import { formatCount, formatPercent, formatWhole, plural } from '../text/format.ts';
import { inertMarkdown } from '../text/inert-markdown.ts';
import {
  type AtRiskPage,
  beyondEndText,
  campaignText,
  contactText,
  moreText,
  ORDER_WORDS,
  overAllText,
  profitText,
  shownText,
} from './at-risk-text.ts';
import { modelText } from './model-text.ts';
import { riskRangeText } from './risk-range-text.ts';
import type { ResponseFormat } from './schemas.ts';
import { stakeText } from './stake-text.ts';
import { raisingOf, tableReasonText } from './table-reason-text.ts';
import type { TableRisk } from './tool-context.ts';
import { bandsText, SET_ASIDE, trustWarnings } from './trust-text.ts';

export function tableRiskText(result: TableRisk, page: AtRiskPage): string {
  return result.customers.length === 0 ? nobodyText(result, page) : customerLines(result, page).join('\n');
}

function nobodyText(
  { stillThere, listableCustomers, campaign }: TableRisk,
  { offset, who }: AtRiskPage,
): string {
  if (offset > 0 && listableCustomers > 0) return beyondEndText(offset, listableCustomers);
  if (stillThere === 0) return `The table has no customers${who} who are still there.`;
  if (campaign !== undefined) {
    return `At these costs none of the ${plural(stillThere, 'customer')}${who} is worth contacting: the campaign would lose money on each.`;
  }
  return `None of the ${plural(stillThere, 'customer')}${who} has so high a risk of leaving. Lower min_probability to see more.`;
}

function customerLines(result: TableRisk, page: AtRiskPage): string[] {
  const { card, customers, valueColumn } = result;
  const { offset, format } = page;
  const lines = customers.map((customer, i) => customerLine(customer, offset + i + 1, result, format));
  const more = moreText(page);
  const model = modelText(card, result.trainedNow);
  const start = [totalsText(result, page.who), ...trustWarnings(card)];
  if (format === 'concise') return [...start, ...lines, ...more, model];
  const probabilities = customers.map(({ churnProbability }) => churnProbability);
  return [
    ...start,
    listText(result, page),
    '',
    ...lines,
    ...more,
    '',
    ...bandsText(bandsOf(probabilities, trustOf(card).bands), SET_ASIDE),
    `${leavingText(result)} The table has no dates of orders, so the risk is for as long a time as that column covers.`,
    ...(valueColumn === undefined
      ? [
          'To see what is at stake, import the table again and name its column of money: value in import_data, --value at a terminal.',
        ]
      : [`At stake = chance of leaving × ${inertMarkdown(valueColumn, 60)}.`]),
    'Risk is not persuadability: a high risk does not mean that an offer would keep them.',
    model,
  ];
}

/** "Leaving: Churn is Yes, as for 27% of all customers of the table." */
export function leavingText({ card: { details }, left }: Pick<TableRisk, 'card' | 'left'>): string {
  if (details.kind !== 'column') return '';
  const [target, positive] = [details.target, details.positive].map((text) => inertMarkdown(text, 60));
  return `Leaving: ${target} is ${positive}, as for ${formatPercent(left, 0)} of all customers of the table.`;
}

function totalsText(result: TableRisk, who: string): string {
  const { stillThere, totals, card, valueColumn, withoutValue } = result;
  const trust = trustOf(card);
  const { moreLikelyThanNot } = totals;
  const likely = `${formatCount(moreLikelyThanNot)} of the ${plural(stillThere, 'customer')}${who} who are still there ${moreLikelyThanNot === 1 ? 'is' : 'are'} more likely than not to leave.`;
  if (valueColumn === undefined) {
    return `${likely} ${stillThere === 1 ? 'Of that one' : `Of all ${formatCount(stillThere)}`}, ${stakeText(totals, trust)} are expected to leave.`;
  }
  const unknown =
    withoutValue === 0
      ? ''
      : ` (${plural(withoutValue, 'customer has', 'customers have')} no value there and count nothing)`;
  return `${likely} ${overAllText(stillThere)}: ${stakeText(totals, trust)} of ${inertMarkdown(valueColumn, 60)}${unknown}.`;
}

function listText(result: TableRisk, { offset, sortBy = 'value_at_risk' }: AtRiskPage): string {
  const { card, customers, listableCustomers, leastProbability, band, campaign, valueColumn } = result;
  const shown = shownText(offset, customers.length);
  if (campaign)
    return `${contactText(campaign, 'customer', { shown, sortBy })} ${campaignText(campaign, trustOf(card))}`;
  const order = ORDER_WORDS[valueColumn === undefined ? 'churn_probability' : sortBy];
  return `Whom to contact: ${shown} of ${plural(listableCustomers, 'customer')} with a risk of ${riskRangeText(leastProbability, band)}, ${order}:`;
}

function customerLine(
  customer: TableCustomer,
  position: number,
  { valueColumn, averageProbability }: TableRisk,
  format: ResponseFormat,
): string {
  const { customerId, churnProbability, value, valueAtRisk } = customer;
  const usual = ` (average: ${formatPercent(averageProbability, 0)})`;
  const worth =
    value === undefined || valueAtRisk === undefined
      ? valueColumn === undefined
        ? ''
        : ', value unknown'
      : `, ${formatWhole(valueAtRisk)} of ${formatWhole(value)} at stake`;
  const reasons = raisingOf(customer.reasons)
    .slice(0, format === 'concise' ? 1 : 3)
    .map(tableReasonText);
  const why = reasons.length === 0 ? '' : ` Why: ${reasons.join('; ')}.`;
  return `${position}. Customer ${inertMarkdown(customerId)}: ${formatPercent(churnProbability, 0)} likely to leave${usual}${worth}${profitText(customer)}.${why}`;
}
