import { z } from 'zod';
import { filterText } from '../src/customers/filter-text.ts';
import { type AtRiskPage, atRiskText, reasonTexts } from '../src/mcp/at-risk-text.ts';
import { atRiskColumns } from '../src/mcp/list-columns.ts';
import {
  customerList,
  type ExportedList,
  exportedSchema,
  exportSchema,
  writeList,
} from '../src/mcp/list-export.ts';
import { fittingRows } from '../src/mcp/result-size.ts';
import { atRiskFieldsOf, pageEnd, riskFieldsOf } from '../src/mcp/risk-fields.ts';
import {
  asOfSchema,
  contactShape,
  filterOf,
  filterSchema,
  idSchema,
  labelFieldsOf,
  modelFieldsSchema,
  nextOffsetSchema,
  offsetSchema,
  probabilityErrorSchema,
  responseFormatSchema,
  textSchema,
  trainedNowSchema,
  versionSchema,
} from '../src/mcp/schemas.ts';
import {
  isAboutTable,
  tableAttributesOf,
  tableLabelSchema,
  tableOrderOf,
  tableRiskAnswer,
  tableRiskColumns,
} from '../src/mcp/table-risk-answer.ts';
import { defineTool } from '../src/mcp/tool.ts';
import type { AtRiskResult, ToolContext } from '../src/mcp/tool-context.ts';
import { probabilitiesAre } from '../src/mcp/trust-text.ts';
import { totalFieldsOf, totalOutlookSchema } from '../src/mcp/value-text.ts';
import { formatCount } from '../src/text/format.ts';

const inputSchema = z.strictObject({
  limit: z.int().min(1).max(1000).default(10).describe('Fewer if it grows too long.'),
  offset: offsetSchema,
  min_probability: z.number().min(0).max(1).optional().describe('Least probability of leaving; 0 lists all.'),
  filter: filterSchema.optional(),
  band: z.enum(['high', 'medium', 'low']).optional().describe('high: 50% or more. medium: 25% to 50%.'),
  sort_by: z
    .enum([
      'value_at_risk',
      'churn_probability',
      'days_since_last_order',
      'total_spent',
      'expected_value',
      'uplift',
    ])
    .optional()
    .describe('Most first. Default value_at_risk.'),
  min_value_at_risk: z.number().min(0).optional().describe('Least money at stake.'),
  campaign: z
    .strictObject({
      contact_cost: z.number().min(0),
      offer_cost: z.number().min(0),
      success_rate: z.number().min(0).max(1),
      margin: z.number().gt(0).max(1),
    })
    .optional()
    .describe(
      'Whom it pays to contact: costs per contact and offer taken, share of leavers that the offer keeps, share of revenue that is profit.',
    ),
  label: tableLabelSchema,
  as_of: asOfSchema.optional(),
  version: versionSchema.optional(),
  export: exportSchema,
  response_format: responseFormatSchema,
});
type Arguments = z.output<typeof inputSchema>;

export const getAtRiskCustomers = defineTool({
  name: 'get_at_risk_customers',
  title: 'Customers about to leave',
  description:
    'Lists customers who still buy but are likely to stop, most money at stake first, with probability and reasons; totals are of all who match. Not for customers already gone (find_customers with segment LAPSED). Trains the forecast on its first call.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: true,
  tellsFreshness: true,
  input: inputSchema,
  output: modelFieldsSchema.extend({
    scored_as_of: z.string().describe('The day as of which customers were scored.'),
    customers: z
      .array(
        z.object({
          customer_id: idSchema.describe('The shop’s own id.'),
          ...contactShape,
          churn_probability: z.number().describe('Probability of no order in the horizon.'),
          value_at_risk: z
            .number()
            .nullable()
            .describe(
              'Probability × what the customer would spend in the horizon; of a table, × its column of money, null without one.',
            ),
          expected_value: z
            .number()
            .nullable()
            .optional()
            .describe('Expected spend over 12 months, or as far as the orders go back.'),
          next_order: z
            .string()
            .nullable()
            .optional()
            .describe('The median day of the next order, if one comes in that time.'),
          value: z.number().nullable().optional().describe('Of a table: the customer’s money.'),
          expected_profit: z
            .number()
            .optional()
            .describe('Expected profit of contacting the customer; only with campaign.'),
          uplift: z
            .number()
            .optional()
            .describe('By how much an offer raises the chance to order; only with sort_by uplift.'),
          total_spent: z
            .number()
            .optional()
            .describe('All that the customer has spent, in the shop’s currency.'),
          total_orders: z.int().optional().describe('All orders of the customer.'),
          last_order_date: z.string().optional().describe('Day of the last order, YYYY-MM-DD.'),
          days_since_last_order: z.int().optional().describe('Days from the last order to scored_as_of.'),
          reasons: z
            .array(z.string())
            .describe(
              'Up to three things that raise this risk above the typical active customer’s, strongest first.',
            ),
        }),
      )
      .describe('Most value at risk first, then by id.'),
    next_offset: nextOffsetSchema,
    campaign: z
      .object({
        customers: z.int().describe('Customers worth contacting, listed or not.'),
        expected_profit: z
          .number()
          .nullable()
          .describe(
            'Expected profit of contacting all of them; null if the latest probabilities were too wrong for a total.',
          ),
        low: z.number().nullable().describe('Lower end of the 95% interval of the profit.'),
        high: z.number().nullable().describe('Upper end of that interval.'),
      })
      .nullable()
      .describe('What the campaign is expected to earn; null without costs.'),
    active_customers: z.int().describe('Customers considered: those with an order in the horizon before.'),
    total_value_at_risk: z.number().nullable().describe('Over all active customers, listed or not.'),
    total_value_low: z
      .number()
      .nullable()
      .describe('Lower end of its interval, which contains the true value on nine of ten days.'),
    total_value_high: z.number().nullable().describe('Upper end of that interval.'),
    listed_customers: z.int().describe('On all pages of this list.'),
    listed_value_at_risk: z.number().nullable().describe('Over all of those.'),
    listed_value_low: z.number().nullable().describe('Lower end of its interval.'),
    listed_value_high: z.number().nullable().describe('Upper end of it.'),
    listed_outlook: totalOutlookSchema,
    more_likely_than_not: z.int().describe('Active customers with a probability above a half.'),
    least_probability: z.number().describe('No customer with a lower probability is listed.'),
    probabilities_are: probabilityErrorSchema,
    trained_now: trainedNowSchema,
    exported: exportedSchema,
    text: textSchema,
  }),
  async handler(args, context) {
    return (await isAboutTable(args.label, context)) ? tableAnswer(args, context) : shopAnswer(args, context);
  },
});

function shopAnswer(args: Arguments, context: ToolContext) {
  const { churn, signal, progress, mayTrain } = context;
  const costs = costsOf(args);
  return pageOrFile(args, context, {
    find: ({ limit, offset }) =>
      churn.atRisk(
        {
          limit,
          ...(offset > 0 && { offset }),
          ...(args.filter !== undefined && { filter: filterOf(args.filter) }),
          ...(args.band !== undefined && { band: args.band }),
          ...(args.min_value_at_risk !== undefined && { minValueAtRisk: args.min_value_at_risk }),
          ...(args.min_probability !== undefined && { minProbability: args.min_probability }),
          ...(args.as_of !== undefined && { asOf: args.as_of }),
          ...(args.version !== undefined && { version: args.version }),
          ...(args.sort_by !== undefined && { sortBy: args.sort_by }),
          ...(costs !== undefined && { costs }),
        },
        { signal, onProgress: progress, mayTrain },
      ),
    fileOf: (found) => listOf(found, context),
    answerOf,
  });
}

/** The same of an imported table of customers. */
function tableAnswer(args: Arguments, context: ToolContext) {
  const { tables, signal, progress, mayTrain } = context;
  return pageOrFile(args, context, {
    find: (range) =>
      tables.atRisk(
        {
          ...range,
          attributes: tableAttributesOf(filterOf(args.filter), args.as_of),
          minProbability: args.min_probability,
          band: args.band,
          minValueAtRisk: args.min_value_at_risk,
          costs: costsOf(args),
          sortBy: tableOrderOf(args.sort_by),
          version: args.version,
        },
        { signal, onProgress: progress, mayTrain },
      ),
    fileOf: async (found) => ({
      name: 'customers-at-risk',
      asOf: found.card.as_of,
      columns: tableRiskColumns(found),
    }),
    answerOf: tableRiskAnswer,
  });
}

interface Listing<Found, Answer> {
  readonly find: (range: { readonly limit: number; readonly offset: number }) => Promise<Found>;
  readonly fileOf: (found: Found) => Promise<ExportedList>;
  /** The first rows of what was found, as the whole answer. */
  readonly answerOf: (found: Found, rows: number, page: Omit<AtRiskPage, 'cutAt'>) => Answer;
}

/** A page of the list, as far as it fits into an answer. If the list is exported, all of it is found and written first. */
async function pageOrFile<Found extends { readonly customers: readonly unknown[] }, Answer extends object>(
  args: Arguments,
  context: ToolContext,
  { find, fileOf, answerOf }: Listing<Found, Answer>,
) {
  const { offset, limit, response_format: format } = args;
  const isWhole = args.export !== undefined;
  const found = await find(isWhole ? { limit: Number.MAX_SAFE_INTEGER, offset: 0 } : { limit, offset });
  const file = args.export && (await writeList(context, await fileOf(found), args.export));
  const shown = isWhole ? { ...found, customers: found.customers.slice(offset, offset + limit) } : found;
  const page = { offset, format, who: whoText(args), sortBy: args.sort_by };
  const answer = (rows: number) => ({ ...answerOf(shown, rows, page), ...file });
  return answer(fittingRows(shown.customers.length, answer));
}

function costsOf({ campaign }: Arguments) {
  return (
    campaign && {
      contactCost: campaign.contact_cost,
      offerCost: campaign.offer_cost,
      successRate: campaign.success_rate,
      margin: campaign.margin,
    }
  );
}

function listOf(found: AtRiskResult, context: ToolContext) {
  const customerIds = found.customers.map(({ customerId }) => customerId);
  const list = { name: 'customers-at-risk', asOf: found.asOf, customerIds, withOffers: true };
  return customerList(context, list, atRiskColumns(found));
}

/** The conditions of the call, to follow "customers". */
function whoText({ filter, min_value_at_risk }: Arguments): string {
  const stake =
    min_value_at_risk === undefined ? '' : ` with ${formatCount(min_value_at_risk)} or more at stake`;
  return `${filterText(filterOf(filter))}${stake}`;
}

/** The first rows of what was found, as the whole answer. */
function answerOf(found: AtRiskResult, rows: number, page: Omit<AtRiskPage, 'cutAt'>) {
  const { card, asOf, activeCustomers } = found;
  const isOff = probabilitiesAre(card);
  const customers = found.customers.slice(0, rows);
  const { cutAt, nextOffset } = pageEnd(found, page.offset, rows);
  return {
    model: card.model,
    version: card.version,
    ...labelFieldsOf(card),
    as_of: card.as_of,
    scored_as_of: asOf,
    customers: customers.map((customer) =>
      atRiskFieldsOf(customer, reasonTexts(customer, found, page.format)),
    ),
    next_offset: nextOffset,
    active_customers: activeCustomers,
    ...riskFieldsOf(found, (amount) => amount),
    listed_outlook: totalFieldsOf(found.listableOutlook),
    ...(isOff && { probabilities_are: isOff }),
    text: atRiskText({ ...found, customers }, { ...page, cutAt }),
  };
}
