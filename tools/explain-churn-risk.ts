import { z } from 'zod';
import { formatAmount, formatCount, formatPercent, formatScore, plural } from '../src/mcp/format.ts';
import { reasonText } from '../src/mcp/reason-text.ts';
import {
  asOfSchema,
  contactShape,
  idSchema,
  labelFieldsOf,
  modelFieldsSchema,
  type ResponseFormat,
  responseFormatSchema,
  textSchema,
  trainedNowSchema,
  versionSchema,
} from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import type { ChurnExplanation } from '../src/mcp/tool-context.ts';
import { inertMarkdown } from '../src/text/inert-markdown.ts';
import { plainText } from '../src/text/plain-text.ts';

export const explainChurnRisk = defineTool({
  name: 'explain_churn_risk',
  title: 'Why a customer may leave',
  description:
    'Explains one customer’s risk of leaving: their history in figures, the probability, what raises and lowers it by exactly how much, what became of customers that were scored alike, and how many orders would bring the risk down. Always uses the forward model, and trains it on the first call where there is none.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: true,
  input: z.strictObject({
    customer_id: z
      .union([z.int(), z.string().min(1).max(256)])
      .describe('The shop’s own id of the customer.'),
    line: z
      .number()
      .min(0.01)
      .max(0.99)
      .default(0.5)
      .describe('The probability that the risk is to be brought below, 0.01 to 0.99.'),
    as_of: asOfSchema.optional(),
    version: versionSchema.optional(),
    response_format: responseFormatSchema,
  }),
  output: modelFieldsSchema.extend({
    scored_as_of: z.string().describe('The day as of which the customer was scored.'),
    customer_id: idSchema.describe('The shop’s own id.'),
    ...contactShape,
    churn_probability: z.number().describe('Probability of no order in the horizon.'),
    typical_probability: z
      .number()
      .describe('Probability of the typical active customer, where contributions start.'),
    raw_score: z.number().describe('Log-odds by the trees, before any calibration.'),
    profile: z
      .object({
        total_orders: z.int().describe('All orders.'),
        total_spent: z.number().describe('All that was spent.'),
        avg_order_value: z.number().describe('Mean order total.'),
        first_order_date: z.string().describe('Day of the first order, YYYY-MM-DD.'),
        last_order_date: z.string().describe('Day of the last order, YYYY-MM-DD.'),
        days_since_last_order: z.int().describe('Days from the last order to scored_as_of.'),
        mean_gap_days: z
          .number()
          .nullable()
          .describe('Mean days between days with orders; null where there is one such day.'),
        distinct_products: z.int().describe('Different products bought; 0 where none are known.'),
      })
      .describe('The customer’s history as of the day, in the shop’s currency.'),
    reasons: z
      .array(
        z.object({
          reason: z.string().describe('In words, with the customer’s own figures.'),
          contribution: z.number().describe('Log-odds; positive raises the risk.'),
        }),
      )
      .describe('Contributions summed by theme, strongest first.'),
    contributions: z
      .array(
        z.object({
          feature: z.string().describe('The model’s input.'),
          value: z.number().nullable().describe('The customer’s value; null where there is none.'),
          contribution: z.number().describe('Shapley value in log-odds; positive raises the risk.'),
        }),
      )
      .optional()
      .describe(
        'Every feature, strongest first. Their sum is raw_score less the typical customer’s. Left out of a concise answer.',
      ),
    similar_customers: z
      .object({
        predicted: z.number().describe('Mean probability they were given.'),
        left: z.number().describe('Share of them that left.'),
        count: z.int().describe('How many they are.'),
      })
      .nullable()
      .describe('Customers of the evaluation period who were scored alike, and what became of them.'),
    after_orders: z
      .array(z.number())
      .describe('Probability after 1, 2, … more orders of the usual value on scored_as_of, up to 3.'),
    trained_now: trainedNowSchema,
    text: textSchema,
  }),
  async handler(args, { churn, signal, progress, mayTrain }) {
    const explanation = await churn.explain(
      {
        customerId: args.customer_id,
        line: args.line,
        ...(args.as_of !== undefined && { asOf: args.as_of }),
        ...(args.version !== undefined && { version: args.version }),
      },
      { signal, onProgress: progress, mayTrain },
    );
    const { card, profile, similar, contact } = explanation;
    const isDetailed = args.response_format === 'detailed';
    return {
      model: card.model,
      version: card.version,
      ...labelFieldsOf(card),
      as_of: card.as_of,
      scored_as_of: explanation.asOf,
      customer_id: explanation.customerId,
      ...(contact?.name !== undefined && { name: plainText(contact.name) }),
      ...(contact?.email !== undefined && { email: plainText(contact.email) }),
      churn_probability: explanation.churnProbability,
      typical_probability: explanation.typicalProbability,
      raw_score: explanation.rawScore,
      profile: {
        total_orders: profile.totalOrders,
        total_spent: profile.totalSpent,
        avg_order_value: profile.averageOrderValue,
        first_order_date: profile.firstOrderDate,
        last_order_date: profile.lastOrderDate,
        days_since_last_order: profile.daysSinceLastOrder,
        mean_gap_days: profile.meanGapDays ?? null,
        distinct_products: profile.distinctProducts,
      },
      reasons: explanation.reasons.map(({ theme, contribution }) => ({
        reason: reasonText(theme, profile),
        contribution,
      })),
      ...(isDetailed && {
        contributions: explanation.contributions.map(({ feature, value, contribution }) => ({
          feature,
          value: value ?? null,
          contribution,
        })),
      }),
      similar_customers: similar
        ? { predicted: similar.predicted, left: similar.observed, count: similar.count }
        : null,
      after_orders: [...explanation.afterOrders],
      trained_now: explanation.trainedNow,
      text: explanationText(explanation, args.line, args.response_format),
    };
  },
});

function explanationText(explanation: ChurnExplanation, line: number, format: ResponseFormat): string {
  const { card, asOf, customerId, profile, churnProbability, typicalProbability, trainedNow, contact } =
    explanation;
  const horizon = plural('horizon_days' in card.details ? card.details.horizon_days : 0, 'day');
  const who = [customerId, contact?.name, contact?.email].flatMap((part) =>
    part === undefined ? [] : [inertMarkdown(String(part))],
  );
  const risk = `Customer ${who.join(', ')}: ${formatPercent(churnProbability, 0)} likely not to order in the ${horizon} after ${asOf}; the typical active customer is at ${formatPercent(typicalProbability, 0)}.`;
  if (format === 'concise') return [risk, mainReason(explanation), ordersLine(explanation, line)].join('\n');
  return [
    ...(trainedNow ? [`There was no forward model yet, so ${card.version} was trained first.`, ''] : []),
    risk,
    `${plural(profile.totalOrders, 'order')} from ${profile.firstOrderDate} to ${profile.lastOrderDate}, ${formatAmount(profile.totalSpent)} in all, ${formatAmount(profile.averageOrderValue)} each.`,
    '',
    ...directionLines('Against the typical active customer, the risk is raised by:', explanation, 1),
    ...directionLines('It is lowered by:', explanation, -1),
    '',
    ...similarLines(explanation),
    ordersLine(explanation, line),
    'The figures say how the model reasons from past orders, not what caused anything; risk is not persuadability.',
    `Model: ${card.model} ${card.version}, ROC-AUC ${formatScore(card.metrics.roc_auc)} on ${card.evaluation === 'later_slice' ? 'a later period' : 'customers set aside'}.`,
  ].join('\n');
}

function mainReason({ reasons, profile }: ChurnExplanation): string {
  const [first] = reasons.filter(({ contribution }) => contribution > SLIGHT);
  return first === undefined
    ? 'Nothing raises it much above that.'
    : `What raises it most: ${reasonText(first.theme, profile)}.`;
}

/** Log-odds that nobody would notice: less than a twentieth more or less. */
const SLIGHT = 0.05;

/** Odds are what contributions multiply, and a factor is what a person can picture. */
function directionLines(title: string, { reasons, profile }: ChurnExplanation, sign: 1 | -1): string[] {
  const lines = reasons
    .filter(({ contribution }) => contribution * sign > SLIGHT)
    .map(({ theme, contribution }) => {
      const factor = Math.exp(Math.abs(contribution)).toFixed(1);
      return `- ${reasonText(theme, profile)} (odds ${sign > 0 ? '×' : '÷'} ${factor})`;
    });
  return lines.length === 0 ? [`${title} nothing.`] : [title, ...lines];
}

function similarLines({ similar }: ChurnExplanation): string[] {
  if (similar === undefined) return [];
  return [
    `Of ${formatCount(similar.count)} customers who were given about ${formatPercent(similar.predicted, 0)} in the evaluation, ${formatPercent(similar.observed, 0)} left.`,
  ];
}

function ordersLine({ churnProbability, afterOrders }: ChurnExplanation, line: number): string {
  const below = formatPercent(line, 0);
  const last = afterOrders.at(-1);
  if (last === undefined) return `The risk is below ${below} as it is.`;
  const orders = afterOrders.length === 1 ? 'One order' : `${formatCount(afterOrders.length)} orders`;
  const outcome = `${orders} of the usual value now would bring it from ${formatPercent(churnProbability, 0)} to ${formatPercent(last, 0)}`;
  return last < line ? `${outcome}, below ${below}.` : `${outcome}, still not below ${below}.`;
}
