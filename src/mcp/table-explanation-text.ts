/** Why a customer of a table may leave, in words. */
import { formatPercent, formatWhole, plural } from '../text/format.ts';
import { inertMarkdown } from '../text/inert-markdown.ts';
import { modelText } from './model-text.ts';
import type { ResponseFormat } from './schemas.ts';
import { loweringOf, raisingOf, tableReasonText } from './table-reason-text.ts';
import { leavingText } from './table-risk-text.ts';
import type { TableCustomerExplanation } from './tool-context.ts';
import { trustWarnings } from './trust-text.ts';

type Reasons = TableCustomerExplanation['reasons'];

/** Cells shown of a customer: a table may have thousands of columns. */
const MOST_CELLS = 30;
/** Reasons of each direction. */
const MOST_REASONS = 6;

export function tableExplanationText(explanation: TableCustomerExplanation, format: ResponseFormat): string {
  const { card, trainedNow, reasons, cells } = explanation;
  const model = modelText(card, trainedNow);
  const start = [riskText(explanation), ...trustWarnings(card)];
  const [raising, lowering] = [raisingOf(reasons), loweringOf(reasons)];
  if (format === 'concise') {
    const [first] = raising;
    const main =
      first === undefined
        ? 'Nothing raises it much above that.'
        : `What raises it most: ${tableReasonText(first)}.`;
    return [...start, main, model].join('\n');
  }
  const facts = cells
    .slice(0, MOST_CELLS)
    .map(({ column, value }) => `${inertMarkdown(column, 60)} ${inertMarkdown(value, 60)}`);
  const more = cells.length > MOST_CELLS ? `, and ${plural(cells.length - MOST_CELLS, 'more column')}` : '';
  return [
    ...start,
    `What the table says: ${facts.join(', ')}${more}.`,
    '',
    ...reasonLines('Speaks for leaving:', raising),
    ...reasonLines('Speaks for staying:', lowering),
    '',
    ...similarLines(explanation),
    `${leavingText(explanation)} Both lists compare with the average customer of the table, the strongest reason first.`,
    'The figures say how the model reasons from the table, not what caused anything; risk is not persuadability.',
    model,
  ].join('\n');
}

function riskText(explanation: TableCustomerExplanation): string {
  const { customerId, churnProbability, atRiskFrom, hasLeft, value, valueAtRisk, valueColumn } = explanation;
  const [risk, from] = [churnProbability, atRiskFrom].map((share) => formatPercent(share, 0));
  const who = `Customer ${inertMarkdown(customerId)}`;
  if (hasLeft) {
    return `${who} has left already, as the table says. The model gives ${risk} to customers like this one; the average of those still there is ${from}.`;
  }
  const stake =
    value === undefined || valueAtRisk === undefined || valueColumn === undefined
      ? ''
      : ` ${formatWhole(valueAtRisk)} of ${formatWhole(value)} ${inertMarkdown(valueColumn, 60)} is at stake.`;
  const action =
    churnProbability >= atRiskFrom
      ? `They are at risk, as all from ${from} up, which is the average of those still there: consider them when you choose whom to contact.`
      : `That is below ${from}, the average of those still there: no action is needed.`;
  return `${who}: ${risk} likely to leave.${stake} ${action}`;
}

/** The strongest first. */
function reasonLines(title: string, reasons: Reasons): string[] {
  if (reasons.length === 0) return [`${title} nothing.`];
  return [title, ...reasons.slice(0, MOST_REASONS).map((reason) => `- ${tableReasonText(reason)}`)];
}

function similarLines({ similar }: TableCustomerExplanation): string[] {
  if (similar === undefined) return [];
  return [
    `Of ${plural(similar.count, 'customer who was set aside and', 'customers who were set aside and')} given about ${formatPercent(similar.predicted, 0)}, ${formatPercent(similar.observed, 0)} left.`,
  ];
}
