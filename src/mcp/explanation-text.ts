/** Why a customer may leave, in words. */
import { loweringReasons, type RiskReason, raisingReasons } from '../explain/risk-reasons.ts';
import { formatAmount, formatCount, formatPercent, plural } from '../text/format.ts';
import { inertMarkdown } from '../text/inert-markdown.ts';
import { reasonText } from './reason-text.ts';
import type { ResponseFormat } from './schemas.ts';
import type { ChurnExplanation } from './tool-context.ts';
import { trustWarnings } from './trust-text.ts';

export function explanationText(explanation: ChurnExplanation, line: number, format: ResponseFormat): string {
  const { card, asOf, customerId, profile, churnProbability, typicalProbability, trainedNow, contact } =
    explanation;
  const horizon = plural('horizon_days' in card.details ? card.details.horizon_days : 0, 'day');
  const who = [customerId, contact?.name, contact?.email].flatMap((part) =>
    part === undefined ? [] : [inertMarkdown(String(part))],
  );
  const risk = `Customer ${who.join(', ')}: ${formatPercent(churnProbability, 0)} likely not to order in the ${horizon} after ${asOf}; the typical active customer is at ${formatPercent(typicalProbability, 0)}.`;
  if (format === 'concise') {
    return [...trustWarnings(card), risk, mainReason(explanation), ordersLine(explanation, line)].join('\n');
  }
  return [
    ...(trainedNow ? [`There was no forward model yet, so ${card.version} was trained first.`, ''] : []),
    ...trustWarnings(card),
    risk,
    `${plural(profile.totalOrders, 'order')} from ${profile.firstOrderDate} to ${profile.lastOrderDate}, ${formatAmount(profile.totalSpent)} in all, ${formatAmount(profile.averageOrderValue)} each.`,
    '',
    ...reasonLines(
      'Against the typical active customer, the risk is raised by:',
      raisingReasons(explanation.reasons),
      profile,
    ),
    ...reasonLines('It is lowered by:', loweringReasons(explanation.reasons), profile),
    '',
    ...similarLines(explanation),
    ordersLine(explanation, line),
    'The figures say how the model reasons from past orders, not what caused anything; risk is not persuadability.',
    `Model: ${card.model} ${card.version}.`,
  ].join('\n');
}

function mainReason({ reasons, profile }: ChurnExplanation): string {
  const [first] = raisingReasons(reasons);
  return first === undefined
    ? 'Nothing raises it much above that.'
    : `What raises it most: ${reasonText(first.theme, profile)}.`;
}

/** Contributions add log-odds, so they multiply the odds; a person can picture a factor. */
function reasonLines(
  title: string,
  reasons: readonly RiskReason[],
  profile: ChurnExplanation['profile'],
): string[] {
  const lines = reasons.map(({ theme, contribution }) => {
    const factor = Math.exp(Math.abs(contribution)).toFixed(1);
    return `- ${reasonText(theme, profile)} (odds ${contribution > 0 ? '×' : '÷'} ${factor})`;
  });
  return lines.length === 0 ? [`${title} nothing.`] : [title, ...lines];
}

function similarLines({ similar }: ChurnExplanation): string[] {
  if (similar === undefined) return [];
  return [
    `Of ${plural(similar.count, 'earlier customer who was', 'earlier customers who were')} given about ${formatPercent(similar.predicted, 0)}, ${formatPercent(similar.observed, 0)} left.`,
  ];
}

function ordersLine({ churnProbability, afterOrders }: ChurnExplanation, line: number): string {
  const below = formatPercent(line, 0);
  const last = afterOrders.at(-1);
  if (last === undefined) return `The risk is below ${below} as it is.`;
  const orders = afterOrders.length === 1 ? 'One order' : `${formatCount(afterOrders.length)} orders`;
  const [before, after] = [churnProbability, last].map((share) => formatPercent(share, 0));
  if (before === after || last > churnProbability) {
    return `${orders} of the usual value now would not lower it much.`;
  }
  const outcome = `${orders} of the usual value now would bring it from ${before} to ${after}`;
  return last < line ? `${outcome}, below ${below}.` : `${outcome}, still not below ${below}.`;
}
