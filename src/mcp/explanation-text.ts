/** Why a customer may leave, in words. */
import { loweringReasons, raisingReasons } from '../explain/risk-reasons.ts';
import { agoText, formatAmount, formatCount, formatPercent, plural } from '../text/format.ts';
import { inertMarkdown } from '../text/inert-markdown.ts';
import { modelText } from './model-text.ts';
import { type OfferedProduct, offerLine } from './offers-text.ts';
import { type ToldReason, tellReasons, typicalFiguresOf } from './reason-text.ts';
import type { ResponseFormat } from './schemas.ts';
import type { ChurnExplanation } from './tool-context.ts';
import { trustWarnings } from './trust-text.ts';
import { valueLines } from './value-text.ts';

export interface ExplanationPage {
  /** The probability below which more orders should bring the risk. */
  readonly line: number;
  readonly format: ResponseFormat;
  readonly offers: readonly OfferedProduct[];
}

/** One customer on one page: the risk, what to do, the history, what speaks for leaving and staying, what to offer. */
export function explanationText(
  explanation: ChurnExplanation,
  { line, format, offers }: ExplanationPage,
): string {
  const { card, asOf, customerId, churnProbability, typicalProbability, trainedNow, contact } = explanation;
  const { profile } = explanation;
  const horizon = plural('horizon_days' in card.details ? card.details.horizon_days : 0, 'day');
  const who = [customerId, contact?.name, contact?.email].flatMap((part) =>
    part === undefined ? [] : [inertMarkdown(String(part))],
  );
  const risk = `Customer ${who.join(', ')}: ${formatPercent(churnProbability, 0)} likely not to order in the ${horizon} after ${asOf}; the typical active customer is at ${formatPercent(typicalProbability, 0)}.`;
  if (format === 'concise') {
    return [
      `${risk} ${actionText(explanation)}`,
      ...trustWarnings(card),
      mainReason(explanation),
      ...valueLines(explanation.value, asOf),
      ...ordersLine(explanation, line),
      modelText(card, trainedNow),
    ].join('\n');
  }
  const typical = typicalFiguresOf(card);
  return [
    `${risk} ${actionText(explanation)}`,
    ...trustWarnings(card),
    historyText(explanation),
    ...valueLines(explanation.value, asOf),
    '',
    ...reasonLines('Speaks for leaving:', tellReasons(raisingReasons(explanation.reasons), profile, typical)),
    ...reasonLines(
      'Speaks for staying:',
      tellReasons(loweringReasons(explanation.reasons), profile, typical),
    ),
    '',
    ...similarLines(explanation),
    ...ordersLine(explanation, line),
    ...offerLines(offers),
    '',
    'Both lists compare with the typical active customer, the strongest reason first.',
    'The figures say how the model reasons from past orders, not what caused anything; risk is not persuadability.',
    modelText(card, trainedNow),
  ].join('\n');
}

function actionText({
  churnProbability,
  typicalProbability,
  atRiskFrom,
  profile,
  card,
}: ChurnExplanation): string {
  const horizon = 'horizon_days' in card.details ? card.details.horizon_days : 0;
  if (profile.daysSinceLastOrder >= horizon)
    return `They have not ordered for ${plural(horizon, 'day')} or longer: this is about winning them back.`;
  const listed = formatPercent(atRiskFrom, 0);
  if (churnProbability >= atRiskFrom) {
    return `They are at risk, as all from ${listed} up: consider them when you choose whom to contact.`;
  }
  return churnProbability > typicalProbability
    ? `That is above the typical, but below ${listed}, from which get_at_risk_customers lists customers: no action is needed.`
    : 'Safe: no action is needed.';
}

function historyText({ profile }: ChurnExplanation): string {
  const { totalOrders, totalSpent, averageOrderValue, firstOrderDate, lastOrderDate, daysSinceLastOrder } =
    profile;
  const last = `${lastOrderDate} (${agoText(daysSinceLastOrder)})`;
  return totalOrders === 1
    ? `A single order of ${formatAmount(totalSpent)}, on ${last}: little to judge by.`
    : `${plural(totalOrders, 'order')} from ${firstOrderDate} to ${last}, ${formatAmount(totalSpent)} in all, ${formatAmount(averageOrderValue)} each.`;
}

/** Nothing if there is no model of recommendations. */
function offerLines(offers: readonly OfferedProduct[]): string[] {
  return offers.length === 0
    ? []
    : ['', 'To offer, the best first, with the chance that they buy it:', ...offers.map(offerLine)];
}

function mainReason({ reasons, profile, card }: ChurnExplanation): string {
  const raising = raisingReasons(reasons);
  const [first] = tellReasons(raising, profile, typicalFiguresOf(card));
  if (first !== undefined) return `What raises it most: ${first.text}.`;
  return raising.length === 0
    ? 'No figure raises it noticeably.'
    : 'No single figure explains it: all of them together look like those of customers who left.';
}

/** The strongest first. */
function reasonLines(title: string, reasons: readonly ToldReason[]): string[] {
  const lines = reasons.map(({ text }) => `- ${text}`);
  return lines.length === 0 ? [`${title} nothing that stands out.`] : [title, ...lines];
}

function similarLines({ similar }: ChurnExplanation): string[] {
  if (similar === undefined) return [];
  return [
    `Of ${plural(similar.count, 'earlier customer who was', 'earlier customers who were')} given about ${formatPercent(similar.predicted, 0)}, ${formatPercent(similar.observed, 0)} left.`,
  ];
}

/** Nothing for a customer who is below the line without another order. */
function ordersLine({ churnProbability, afterOrders }: ChurnExplanation, line: number): string[] {
  const below = formatPercent(line, 0);
  const last = afterOrders.at(-1);
  if (last === undefined) return [];
  const orders = afterOrders.length === 1 ? 'One order' : `${formatCount(afterOrders.length)} orders`;
  const [before, after] = [churnProbability, last].map((share) => formatPercent(share, 0));
  if (before === after || last > churnProbability) {
    return [`${orders} of the usual value now would not lower it much.`];
  }
  const outcome = `${orders} of the usual value now would bring it from ${before} to ${after}`;
  return [last < line ? `${outcome}, below ${below}.` : `${outcome}, still not below ${below}.`];
}
