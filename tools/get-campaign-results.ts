import { z } from 'zod';
import { groupSizesOf, statusOf } from '../src/campaigns/campaign-course.ts';
import type { Campaign } from '../src/campaigns/campaign-plan.ts';
import { campaignsText, resultsText } from '../src/mcp/campaign-results-text.ts';
import { fittingRows } from '../src/mcp/result-size.ts';
import { campaignIdSchema, responseFormatSchema, textSchema } from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import type { ToolContext } from '../src/mcp/tool-context.ts';
import { plainText } from '../src/text/plain-text.ts';

const groupSchema = z.object({
  customers: z.int().describe('Customers in the group.'),
  ordered: z.int().describe('Those of them who ordered.'),
  orders: z.int().describe('Their orders.'),
  spent: z.number().describe('What these came to.'),
  earned: z.number().describe('The margin on it.'),
});
const differenceSchema = z.object({
  value: z.number().describe('Contacted less held out.'),
  low: z.number().describe('Lower end of its interval.'),
  high: z.number().describe('Upper end of it.'),
});

export const getCampaignResults = defineTool({
  name: 'get_campaign_results',
  title: 'Results of a campaign',
  description:
    'Tells what a campaign earned after costs, from orders imported since: customers contacted against those held out at random, and whether it is too early to say. Without campaign_id it lists all campaigns.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: true,
  tellsFreshness: true,
  input: z.strictObject({
    campaign_id: campaignIdSchema.optional(),
    response_format: responseFormatSchema,
  }),
  output: z.object({
    campaigns: z
      .array(
        z.object({
          campaign_id: z.string().describe('Its id.'),
          name: z.string().describe('Name of the offer.'),
          status: z.enum(['planned', 'running', 'finished']).describe('How far it is.'),
          contacted: z.int().describe('Customers to contact.'),
          held_out: z.int().describe('Customers left uncontacted.'),
          ranked_by: z.enum(['risk', 'uplift']).optional().describe('Who was taken first.'),
        }),
      )
      .describe('Newest first; the one asked for if one was.'),
    verdict: z
      .enum(['too early', 'ahead', 'paid', 'lost', 'unclear', 'unusable'])
      .nullable()
      .describe('Of the campaign asked for.'),
    through: z.string().nullable().describe('The last day whose orders count.'),
    profit: differenceSchema.nullable().describe('After costs, over all contacted.'),
    order_share: differenceSchema.nullable().describe('Difference in the share who ordered.'),
    spent_per_customer: differenceSchema.nullable().describe('Difference in what a customer spent.'),
    contacted: groupSchema.nullable().describe('The contacted.'),
    held_out: groupSchema.nullable().describe('Those left uncontacted.'),
    course: z
      .array(
        z.object({
          day: z.string().describe('Orders up to it count.'),
          order_share: differenceSchema.nullable(),
          profit: differenceSchema.nullable(),
        }),
      )
      .optional()
      .describe('How it went, oldest first. Left out of a concise answer.'),
    problems: z.array(z.string()).describe('What is wrong with the data.'),
    text: textSchema,
  }),
  async handler({ campaign_id, response_format }, { campaigns, signal }) {
    if (campaign_id === undefined) return listCampaigns(campaigns);
    const withCourse = response_format === 'detailed';
    const measured = await campaigns.measure(campaign_id, { signal, withCourse });
    return {
      campaigns: [summaryOf(measured.campaign, measured.through)],
      verdict: measured.verdict,
      through: measured.through,
      profit: measured.results.profit ?? null,
      order_share: measured.results.orderShare ?? null,
      spent_per_customer: measured.results.spent ?? null,
      contacted: measured.results.contacted,
      held_out: measured.results.heldOut,
      ...(measured.course && {
        course: measured.course.map(({ day, orderShare, profit }) => ({
          day,
          order_share: orderShare ?? null,
          profit: profit ?? null,
        })),
      }),
      problems: measured.problems.map(({ kind }) => kind),
      text: resultsText(measured, response_format),
    };
  },
});

async function listCampaigns(service: ToolContext['campaigns']) {
  const { campaigns, damaged, today } = await service.list();
  const answer = (rows: number) => {
    const shown = campaigns.slice(0, rows);
    return {
      campaigns: shown.map((campaign) => summaryOf(campaign, today)),
      verdict: null,
      through: null,
      profit: null,
      order_share: null,
      spent_per_customer: null,
      contacted: null,
      held_out: null,
      problems: damaged.map(({ error }) => error.message),
      text: campaignsText({ campaigns: shown, damaged }, today),
    };
  };
  return answer(fittingRows(campaigns.length, answer));
}

function summaryOf(campaign: Campaign, today: string | undefined) {
  const { plan } = campaign;
  const { contacted, heldOut } = groupSizesOf(plan);
  return {
    campaign_id: plan.campaign_id,
    name: plainText(plan.name),
    status: statusOf(campaign, today),
    contacted,
    held_out: heldOut,
    ranked_by: plan.uplift_version === undefined ? ('risk' as const) : ('uplift' as const),
  };
}
