import { z } from 'zod';
import { ChurnMcpError } from '../src/errors.ts';
import { explanationText } from '../src/mcp/explanation-text.ts';
import { offerFieldsOf, offerSchema } from '../src/mcp/offer-fields.ts';
import { profileFieldsOf } from '../src/mcp/profile-fields.ts';
import { tellReasons, typicalFiguresOf } from '../src/mcp/reason-text.ts';
import {
  asOfSchema,
  contactShape,
  idArgumentSchema,
  idSchema,
  labelFieldsOf,
  modelFieldsSchema,
  responseFormatSchema,
  textSchema,
  trainedNowSchema,
  versionSchema,
} from '../src/mcp/schemas.ts';
import { tableExplanationText } from '../src/mcp/table-explanation-text.ts';
import { tableReasonText } from '../src/mcp/table-reason-text.ts';
import {
  cellFieldsOf,
  isAboutTable,
  tableAttributesOf,
  tableLabelSchema,
  tableModelFieldsOf,
} from '../src/mcp/table-risk-answer.ts';
import { defineTool } from '../src/mcp/tool.ts';
import type { ToolContext } from '../src/mcp/tool-context.ts';
import { valueFieldsOf } from '../src/mcp/value-text.ts';
import { plainText } from '../src/text/plain-text.ts';

/** Products to offer. */
const OFFERS = 3;
/** A table may have thousands of columns, of which few move the risk of one customer. */
const MOST_TABLE_REASONS = 20;

const inputSchema = z.strictObject({
  customer_id: idArgumentSchema.describe('The shop’s own id of the customer.'),
  line: z
    .number()
    .min(0.01)
    .max(0.99)
    .optional()
    .describe('The risk below which more orders should bring them; by default at_risk_from.'),
  label: tableLabelSchema,
  as_of: asOfSchema.optional(),
  version: versionSchema.optional(),
  response_format: responseFormatSchema,
});
type Arguments = z.output<typeof inputSchema>;

export const explainChurnRisk = defineTool({
  name: 'explain_churn_risk',
  title: 'One customer in full',
  description:
    'One customer: history, risk of leaving, expected value over 12 months, next order, what speaks for leaving and staying, what happened to similar customers, how many orders would help, what to offer. Trains the forecast on its first call.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: true,
  tellsFreshness: true,
  input: inputSchema,
  output: modelFieldsSchema.extend({
    scored_as_of: z.string().describe('The day as of which the customer was scored.'),
    customer_id: idSchema.describe('The shop’s own id.'),
    ...contactShape,
    churn_probability: z.number().describe('Probability of no order in the horizon.'),
    typical_probability: z
      .number()
      .describe('Probability of the typical active customer, from which contributions are counted.'),
    at_risk_from: z
      .number()
      .describe('The risk from which get_at_risk_customers lists customers by default.'),
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
          .describe('Mean days between days with orders; null if there is only one such day.'),
        distinct_products: z.int().describe('Different products bought; 0 if none are known.'),
      })
      .optional()
      .describe('The customer’s history as of the day, in the shop’s currency; not of a table.'),
    orders: z
      .array(z.object({ day: z.string(), orders: z.int(), amount: z.number() }))
      .optional()
      .describe('Days with orders, oldest first, the latest 200. Left out of a concise answer.'),
    columns: z
      .array(z.object({ column: z.string(), value: z.string() }))
      .optional()
      .describe('What an imported table says of the customer.'),
    value: z.number().nullable().optional().describe('Of a table: the customer’s money.'),
    value_at_risk: z.number().nullable().optional().describe('Of a table: probability × that money.'),
    outlook: z
      .object({
        expected_value: z.number().describe('Expected spend in these days, in the shop’s currency.'),
        low: z.number().describe('Lower end of its 80% interval.'),
        high: z.number().describe('Upper end of it.'),
        days: z.int().describe('365, or fewer if the orders go back less far.'),
        order_probability: z.number().describe('Chance to order in these days.'),
        next_order: z
          .object({ expected: z.string(), early: z.string(), late: z.string() })
          .describe('Of those who order: the median day, and the days between which 80% lie.'),
      })
      .nullable()
      .optional()
      .describe('What the customer is worth from now on; null if too few customers came back.'),
    reasons: z
      .array(
        z.object({
          reason: z.string().describe('In words, with the customer’s own figures.'),
          contribution: z.number().describe('Log-odds; positive raises the risk.'),
        }),
      )
      .describe(
        'What a person can see in the figures, by theme, strongest first; contributions has the rest.',
      ),
    contributions: z
      .array(
        z.object({
          feature: z.string().describe('The model’s input.'),
          value: z.number().nullable().describe('The customer’s value; null if there is none.'),
          contribution: z.number().describe('Shapley value in log-odds; positive raises the risk.'),
        }),
      )
      .optional()
      .describe(
        'Every feature, strongest first. Their sum is raw_score minus that of the typical customer. Left out of a concise answer.',
      ),
    similar_customers: z
      .object({
        predicted: z.number().describe('Mean probability that the forecast gave them.'),
        left: z.number().describe('Share of them that left.'),
        count: z.int().describe('Number of these customers.'),
      })
      .nullable()
      .describe('Customers of the evaluation period with a similar score, and what happened to them.'),
    after_orders: z
      .array(z.number())
      .describe('Probability after 1, 2, … more orders of the usual value on scored_as_of, up to 3.'),
    offers: z.array(offerSchema).describe('Products to offer; none without a model of recommendations.'),
    trained_now: trainedNowSchema,
    text: textSchema,
  }),
  async handler(args, context) {
    if (await isAboutTable(args.label, context)) return explainFromTable(args, context);
    const { churn, recommendations, signal, progress, mayTrain } = context;
    const isDetailed = args.response_format === 'detailed';
    const explanation = await churn.explain(
      {
        customerId: args.customer_id,
        ...(!isDetailed && { withOrderDays: false }),
        ...(args.line !== undefined && { line: args.line }),
        ...(args.as_of !== undefined && { asOf: args.as_of }),
        ...(args.version !== undefined && { version: args.version }),
      },
      { signal, onProgress: progress, mayTrain },
    );
    const { card, profile, similar, contact, customerId, asOf } = explanation;
    const offers = await recommendations.offersIfAny(customerId, { nProducts: OFFERS, asOf }, { signal });
    return {
      model: card.model,
      version: card.version,
      ...labelFieldsOf(card),
      as_of: card.as_of,
      scored_as_of: asOf,
      customer_id: customerId,
      ...(contact?.name !== undefined && { name: plainText(contact.name) }),
      ...(contact?.email !== undefined && { email: plainText(contact.email) }),
      churn_probability: explanation.churnProbability,
      typical_probability: explanation.typicalProbability,
      raw_score: explanation.rawScore,
      profile: profileFieldsOf(profile),
      outlook: explanation.value ? valueFieldsOf(explanation.value) : null,
      at_risk_from: explanation.atRiskFrom,
      reasons: tellReasons(explanation.reasons, profile, typicalFiguresOf(card)).map(
        ({ text, contribution }) => ({ reason: text, contribution }),
      ),
      ...(isDetailed && {
        orders: [...explanation.orderDays],
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
      offers: offers.map(offerFieldsOf),
      trained_now: explanation.trainedNow,
      text: explanationText(explanation, { line: explanation.line, format: args.response_format, offers }),
    };
  },
});

/** The same of a customer of an imported table, whose columns are the reasons. */
async function explainFromTable(args: Arguments, { tables, signal, progress, mayTrain }: ToolContext) {
  tableAttributesOf({}, args.as_of);
  if (args.line !== undefined) {
    throw new ChurnMcpError(
      'INVALID_ARGUMENT',
      'A table of customers has no orders, so line does not apply.',
      {
        hint: 'Leave out line: it asks how many more orders would help.',
      },
    );
  }
  const explanation = await tables.explain(
    { customerId: args.customer_id, version: args.version },
    { signal, onProgress: progress, mayTrain },
  );
  const { reasons, similar, cells } = explanation;
  return {
    ...tableModelFieldsOf(explanation),
    customer_id: plainText(explanation.customerId),
    churn_probability: explanation.churnProbability,
    typical_probability: explanation.typicalProbability,
    raw_score: explanation.rawScore,
    at_risk_from: explanation.atRiskFrom,
    value: explanation.value ?? null,
    value_at_risk: explanation.valueAtRisk ?? null,
    columns: cellFieldsOf(cells),
    reasons: reasons
      .slice(0, MOST_TABLE_REASONS)
      .map((reason) => ({ reason: tableReasonText(reason), contribution: reason.contribution })),
    similar_customers: similar
      ? { predicted: similar.predicted, left: similar.observed, count: similar.count }
      : null,
    after_orders: [],
    offers: [],
    trained_now: explanation.trainedNow,
    text: tableExplanationText(explanation, args.response_format),
  };
}
