import { z } from 'zod';
import { formatAmount, formatCount, formatPercent, formatScore, plural } from '../src/mcp/format.ts';
import { plainText } from '../src/mcp/plain-text.ts';
import { reasonText } from '../src/mcp/reason-text.ts';
import {
  asOfSchema,
  idSchema,
  labelFieldsOf,
  modelFieldsSchema,
  textSchema,
  trainedNowSchema,
  versionSchema,
} from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import type { AtRiskCustomer, AtRiskResult, Campaign } from '../src/mcp/tool-context.ts';

export const getAtRiskCustomers = defineTool({
  name: 'get_at_risk_customers',
  title: 'Customers about to leave',
  description:
    'Lists customers who still buy but are likely to stop, most money at stake first, with the probability that they leave, what they are expected to spend, and the main reasons. Always uses the forward model, and trains it on the first call where there is none.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: true,
  input: z.strictObject({
    limit: z.int().min(1).max(1000).default(10).describe('Customers to list at most.'),
    min_probability: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('Only customers who leave with at least this probability, 0 to 1.'),
    campaign: z
      .strictObject({
        contact_cost: z.number().min(0).describe('Cost of contacting one customer.'),
        offer_cost: z
          .number()
          .min(0)
          .describe('Cost of the offer, for each customer who takes it: whoever stays takes it.'),
        success_rate: z
          .number()
          .min(0)
          .max(1)
          .describe('Share of leaving customers whom the offer keeps, 0 to 1; from a test of your own.'),
      })
      .optional()
      .describe('Where given, the list holds the customers worth contacting, most profitable first.'),
    as_of: asOfSchema.optional(),
    version: versionSchema.optional(),
  }),
  output: modelFieldsSchema.extend({
    scored_as_of: z.string().describe('The day as of which customers were scored.'),
    customers: z
      .array(
        z.object({
          customer_id: idSchema.describe('The shop’s own id.'),
          churn_probability: z.number().describe('Probability of no order in the horizon.'),
          value_at_risk: z.number().describe('Probability × what the customer would spend in the horizon.'),
          expected_profit: z.number().optional().describe('Of contacting the customer; only with campaign.'),
          total_spent: z.number().describe('All that the customer has spent, in the shop’s currency.'),
          total_orders: z.int().describe('All orders of the customer.'),
          last_order_date: z.string().describe('Day of the last order, YYYY-MM-DD.'),
          days_since_last_order: z.int().describe('Days from the last order to scored_as_of.'),
          reasons: z
            .array(z.string())
            .describe(
              'Up to three things that raise this risk above the typical active customer’s, strongest first.',
            ),
        }),
      )
      .describe('Most value at risk first, then by id.'),
    campaign: z
      .object({
        customers: z.int().describe('Customers worth contacting, listed or not.'),
        expected_profit: z.number().describe('Of contacting all of them.'),
        low: z.number().describe('Lower end of the 95% interval of the profit.'),
        high: z.number().describe('Upper end of it.'),
      })
      .nullable()
      .describe('What the campaign is expected to earn; null without costs.'),
    active_customers: z
      .int()
      .describe('Customers considered: those with an order within the horizon before.'),
    trained_now: trainedNowSchema,
    text: textSchema,
  }),
  async handler(args, { churn, signal, progress }) {
    const result = await churn.atRisk(
      {
        limit: args.limit,
        ...(args.min_probability !== undefined && { minProbability: args.min_probability }),
        ...(args.as_of !== undefined && { asOf: args.as_of }),
        ...(args.version !== undefined && { version: args.version }),
        ...(args.campaign !== undefined && {
          costs: {
            contactCost: args.campaign.contact_cost,
            offerCost: args.campaign.offer_cost,
            successRate: args.campaign.success_rate,
          },
        }),
      },
      { signal, onProgress: progress },
    );
    const { card, asOf, customers, activeCustomers, campaign, trainedNow } = result;
    return {
      model: card.model,
      version: card.version,
      ...labelFieldsOf(card),
      as_of: card.as_of,
      scored_as_of: asOf,
      customers: customers.map((customer) => ({
        customer_id: customer.customerId,
        churn_probability: customer.churnProbability,
        value_at_risk: customer.valueAtRisk,
        ...(customer.expectedProfit !== undefined && { expected_profit: customer.expectedProfit }),
        total_spent: customer.profile.totalSpent,
        total_orders: customer.profile.totalOrders,
        last_order_date: customer.profile.lastOrderDate,
        days_since_last_order: customer.profile.daysSinceLastOrder,
        reasons: reasonTexts(customer),
      })),
      campaign: campaign
        ? {
            customers: campaign.customers,
            expected_profit: campaign.expectedProfit,
            low: campaign.low,
            high: campaign.high,
          }
        : null,
      active_customers: activeCustomers,
      trained_now: trainedNow,
      text: atRiskText(result),
    };
  },
});

function atRiskText(result: AtRiskResult): string {
  const { card, trainedNow, customers } = result;
  return [
    ...(trainedNow ? [`There was no forward model yet, so ${card.version} was trained first.`, ''] : []),
    ...(customers.length === 0 ? [nobodyText(result)] : customerLines(result)),
  ].join('\n');
}

function nobodyText({ card, asOf, activeCustomers, campaign }: AtRiskResult): string {
  if (campaign && activeCustomers > 0) {
    return `At these costs none of the ${plural(activeCustomers, 'active customer')} is worth contacting: the campaign would lose money on each.`;
  }
  if (activeCustomers > 0) {
    return `None of the ${plural(activeCustomers, 'active customer')} is that likely to leave. Lower min_probability to see more.`;
  }
  return `No customer ordered in the ${plural(horizonOf(card), 'day')} before ${asOf}, so there is nobody to keep. Choose an earlier as_of, or import newer orders.`;
}

function customerLines({ card, asOf, customers, activeCustomers, campaign }: AtRiskResult): string[] {
  const horizon = plural(horizonOf(card), 'day');
  const atStake = customers.reduce((sum, { valueAtRisk }) => sum + valueAtRisk, 0);
  return [
    ...(campaign
      ? campaignLines(campaign, customers.length)
      : [
          `${formatCount(customers.length)} of ${plural(activeCustomers, 'active customer')}, most value at risk first: ${formatAmount(atStake)} in all.`,
        ]),
    `Active: ordered in the ${horizon} before ${asOf}. Leaving: no order in the ${horizon} after it.`,
    '',
    ...customers.map(customerLine),
    '',
    `Value at risk = chance of leaving × what the customer would spend in ${horizon} at the pace so far. Risk is not persuadability: a high risk does not mean that an offer would keep them.`,
    `Model: ${card.model} ${card.version}, ROC-AUC ${formatScore(card.metrics.roc_auc)} on ${card.windows.evaluation === 'later_slice' ? 'a later period' : 'customers set aside'}.`,
  ];
}

function customerLine(customer: AtRiskCustomer, index: number): string {
  const { customerId, churnProbability, valueAtRisk, profile } = customer;
  const reasons = reasonTexts(customer);
  const profit =
    customer.expectedProfit === undefined
      ? ''
      : `, ${formatAmount(customer.expectedProfit)} expected from contacting them`;
  const why = reasons.length === 0 ? '' : ` Why: ${reasons.join('; ')}.`;
  return `${index + 1}. Customer ${plainText(String(customerId))}: ${formatPercent(churnProbability, 0)} likely to leave, ${formatAmount(valueAtRisk)} at risk${profit}; spent ${formatAmount(profile.totalSpent)} in ${plural(profile.totalOrders, 'order')}, last on ${profile.lastOrderDate} (${plural(profile.daysSinceLastOrder, 'day')} ago).${why}`;
}

function campaignLines({ customers, expectedProfit, low, high }: Campaign, listed: number): string[] {
  return [
    `${plural(customers, 'active customer')} worth contacting at these costs, the ${formatCount(listed)} most profitable listed. Contacting all is expected to earn ${formatAmount(expectedProfit)}, between ${formatAmount(low)} and ${formatAmount(high)} in 19 campaigns of 20 if the probabilities and the success rate are right.`,
  ];
}

function reasonTexts({ reasons, profile }: AtRiskCustomer): string[] {
  return reasons.map(({ theme }) => reasonText(theme, profile));
}

function horizonOf({ label }: AtRiskResult['card']): number {
  return 'horizon_days' in label ? label.horizon_days : 0;
}
