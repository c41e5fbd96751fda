import { z } from 'zod';
import { groupSizesOf } from '../src/campaigns/campaign-course.ts';
import { planText } from '../src/mcp/campaign-text.ts';
import {
  asOfSchema,
  filterOf,
  filterSchema,
  responseFormatSchema,
  textSchema,
  trainedNowSchema,
} from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';

const MARGIN = 'is the share of revenue that is profit, such as 0.3 for 30%: give more than 0 and at most 1';

export const planCampaign = defineTool({
  name: 'plan_campaign',
  title: 'Plan a campaign',
  description:
    'Plans an offer to customers about to leave: whom it pays to contact, what that is expected to earn, and how many to leave uncontacted so that the result can be measured. Keeps the plan; contacts nobody.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  scope: 'churn:train',
  mayBecomeJob: true,
  tellsFreshness: true,
  input: z.strictObject({
    name: z.string().trim().min(1).max(80).default('Offer').describe('Name of the offer.'),
    contact_cost: z.number().min(0).describe('Cost of contacting one customer.'),
    offer_cost: z.number().min(0).describe('Cost of the offer per customer who takes it.'),
    margin: z
      .number({ error: MARGIN })
      .gt(0, MARGIN)
      .max(1, MARGIN)
      .describe('Share of revenue that is profit.'),
    currency: z.string().max(8).optional().describe('Such as EUR; only shown.'),
    success_rate: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('Share of leavers whom the offer keeps. Default: as past campaigns measured.'),
    min_probability: z.number().min(0).max(1).optional().describe('Default: as in get_at_risk_customers.'),
    filter: filterSchema.optional(),
    rank_by: z
      .enum(['risk', 'uplift'])
      .default('risk')
      .describe('uplift: whom past offers persuaded (train_uplift_model).'),
    max_customers: z
      .int()
      .min(2)
      .max(10_000_000)
      .optional()
      .describe('Customers at most, held-out included.'),
    smallest_effect: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .describe('Least difference in the share who order worth knowing. Default: the expected one.'),
    horizon_days: z
      .int()
      .min(7)
      .max(365)
      .optional()
      .describe('Days in which orders count. Default: the forecast’s.'),
    as_of: asOfSchema.optional(),
    seed: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .optional()
      .describe('Draws the held-out.'),
    response_format: responseFormatSchema,
  }),
  output: z.object({
    campaign_id: z.string().describe('For start_campaign.'),
    as_of: z.string().describe('The last day whose orders are known.'),
    horizon_days: z.int().describe('Days in which orders count.'),
    customers_to_contact: z.int().describe('Customers to contact.'),
    customers_held_out: z.int().describe('Customers to leave uncontacted.'),
    expected_profit: z.number().nullable().describe('After costs; null if the probabilities were too wrong.'),
    low: z.number().nullable().describe('Lower end of its 95% interval.'),
    high: z.number().nullable().describe('Upper end of it.'),
    profit_if_half: z.number().nullable().describe('If the offer keeps half as many.'),
    expected_difference: z.number().describe('In the share who order.'),
    visible_difference: z.number().describe('The smallest difference that will be seen.'),
    success_rate: z.number().describe('Share of those leaving whom the offer is taken to keep.'),
    success_rate_source: z.enum(['given', 'measured', 'assumed']).describe('Where it comes from.'),
    in_other_campaigns: z.int().describe('Left out: in campaigns that still run.'),
    trained_now: trainedNowSchema,
    text: textSchema,
  }),
  async handler(args, { campaigns, signal, progress, mayTrain }) {
    const { plan, trainedNow } = await campaigns.plan(
      {
        name: args.name,
        costs: { contactCost: args.contact_cost, offerCost: args.offer_cost, margin: args.margin },
        currency: args.currency,
        successRate: args.success_rate,
        filter: filterOf(args.filter),
        rankBy: args.rank_by,
        minProbability: args.min_probability,
        mostCustomers: args.max_customers,
        difference: args.smallest_effect,
        horizonDays: args.horizon_days,
        asOf: args.as_of,
        seed: args.seed,
      },
      { signal, onProgress: progress, mayTrain },
    );
    const { contacted, heldOut } = groupSizesOf(plan);
    return {
      campaign_id: plan.campaign_id,
      as_of: plan.as_of,
      horizon_days: plan.horizon_days,
      customers_to_contact: contacted,
      customers_held_out: heldOut,
      expected_profit: plan.profit?.expected ?? null,
      low: plan.profit?.low ?? null,
      high: plan.profit?.high ?? null,
      profit_if_half: plan.profit_if_half ?? null,
      expected_difference: plan.expected_difference,
      visible_difference: plan.visible_difference,
      success_rate: plan.success_rate.overall.rate,
      success_rate_source: plan.success_rate.source,
      in_other_campaigns: plan.in_other_campaigns,
      trained_now: trainedNow,
      text: planText(plan, args.response_format),
    };
  },
});
