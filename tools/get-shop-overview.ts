import { z } from 'zod';
import { LAST_IMPORT, overviewText, segmentRule, USUAL_MONTHS } from '../src/mcp/overview-text.ts';
import {
  asOfSchema,
  filterOf,
  filterSchema,
  probabilityErrorSchema,
  responseFormatSchema,
  textSchema,
} from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import type { ShopOverview } from '../src/mcp/tool-context.ts';
import { probabilitiesAre } from '../src/mcp/trust-text.ts';
import { totalFieldsOf, totalOutlookSchema } from '../src/mcp/value-text.ts';
import { plainText } from '../src/text/plain-text.ts';

const groupSchema = z.object({
  name: z.string().describe('The segment.'),
  rule: z.string().optional().describe('Who is in it.'),
  customers: z.int().describe('Customers in it.'),
  total_spent: z.number().describe('What they have spent.'),
});
const moneyShape = {
  customers: z.int().describe('Active customers.'),
  value_at_risk: z.number().describe('Probability × what they would spend in the horizon, summed.'),
  value_low: z.number().describe('Lower end of its interval.'),
  value_high: z.number().describe('Upper end of it.'),
};

export const getShopOverview = defineTool({
  name: 'get_shop_overview',
  title: 'How the shop is doing',
  description:
    'How are we doing? Active customers, lapsed and won back since a week ago, any day or the last import, money at risk in all and by band, trade by month, which segments there are and how large. Not for lists of customers. Trains nothing.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: true,
  tellsFreshness: true,
  input: z.strictObject({
    filter: filterSchema.optional(),
    compare_with: z
      .string()
      .refine((text) => text === LAST_IMPORT || z.iso.date().safeParse(text).success, {
        error: 'is neither a day, written YYYY-MM-DD, nor last_import',
      })
      .optional()
      .describe('An earlier day (YYYY-MM-DD), or last_import: the data as the import before left it.'),
    months: z.int().min(1).max(60).default(USUAL_MONTHS).describe('Months of trade to show.'),
    as_of: asOfSchema.optional(),
    response_format: responseFormatSchema,
  }),
  output: z.object({
    as_of: z.string().describe('Nothing after this day is seen.'),
    compared_with: z.string().describe('The earlier day.'),
    horizon_days: z.int().describe('A customer without an order for so many days has lapsed.'),
    customers: z.int().describe('All who match and had ordered by the day.'),
    active_customers: z.int().describe('Those with an order within the horizon.'),
    lapsed_customers: z
      .int()
      .describe('Those in both segments of inactive customers: filter segment LAPSED.'),
    lapsed_after_days: z.int().describe('Days without an order after which a customer is in them.'),
    active_before: z.int().describe('The same as of the earlier day.'),
    newly_lapsed: z.int().describe('Active on the earlier day, and no longer.'),
    won_back: z.int().describe('Lapsed on the earlier day, and back since.'),
    new_customers: z.int().describe('First order since the earlier day.'),
    segments: z.array(groupSchema).describe('By segment, largest first.'),
    customer_segments: z.array(groupSchema).describe('By the shop’s own segment.'),
    months: z
      .array(
        z.object({
          month: z.string().describe('YYYY-MM.'),
          orders: z.int().describe('Orders.'),
          revenue: z.number().describe('Their totals.'),
          customers: z.int().describe('Who ordered.'),
          new_customers: z.int().describe('Who ordered for the first time.'),
        }),
      )
      .describe('Oldest first.'),
    risk: z
      .object({
        model: z.string().describe('The forecast.'),
        version: z.string().describe('Its version.'),
        total_value_at_risk: z.number().describe('Over all active customers who match.'),
        total_value_low: z.number().describe('Lower end of its interval.'),
        total_value_high: z.number().describe('Upper end of it.'),
        outlook: totalOutlookSchema,
        value_at_risk_before: z.number().describe('As of the earlier day, by the same model.'),
        value_low_before: z.number().describe('Lower end of its interval.'),
        value_high_before: z.number().describe('Upper end of it.'),
        probabilities_are: probabilityErrorSchema,
        more_likely_than_not: z.int().describe('Customers with a probability above a half.'),
        bands: z
          .array(
            z.object({
              band: z.enum(['high', 'medium', 'low']).describe('high: 50% or more.'),
              ...moneyShape,
            }),
          )
          .describe('By probability.'),
      })
      .nullable()
      .describe('Null if no forecast has been trained.'),
    text: textSchema,
  }),
  async handler({ filter, compare_with, months, as_of, response_format }, { shop, signal, progress }) {
    const conditions = filterOf(filter);
    const overview = await shop.overview(
      { filter: conditions, asOf: as_of, compareWith: compare_with, months },
      { signal, onProgress: progress },
    );
    return {
      as_of: overview.asOf,
      compared_with: overview.comparedWith,
      horizon_days: overview.horizonDays,
      customers: overview.customers,
      active_customers: overview.active,
      lapsed_customers: overview.lapsed,
      lapsed_after_days: overview.segmentThresholds.inactiveDays,
      active_before: overview.activeBefore,
      newly_lapsed: overview.newlyLapsed,
      won_back: overview.wonBack,
      new_customers: overview.newCustomers,
      segments: overview.segments.map((group) => ({
        ...groupFieldsOf(group),
        ...ruleFieldOf(group.name, overview),
      })),
      customer_segments: overview.customerSegments.slice(0, MOST_GROUPS).map(groupFieldsOf),
      months: overview.months.map(({ order_month, ...month }) => ({ month: order_month, ...month })),
      risk: riskFieldsOf(overview),
      text: overviewText(overview, { filter: conditions, format: response_format }),
    };
  },
});

/** Of the shop's own segments; a column with more values is none. */
const MOST_GROUPS = 50;

function groupFieldsOf({ name, customers, totalSpent }: ShopOverview['segments'][number]) {
  return { name: plainText(name), customers, total_spent: totalSpent };
}

function ruleFieldOf(segment: string, { segmentThresholds }: ShopOverview) {
  const rule = segmentRule(segment, segmentThresholds);
  return rule === undefined ? {} : { rule };
}

function riskFieldsOf({ risk }: ShopOverview) {
  if (risk === undefined) return null;
  const { card, now, worth, before, bands } = risk;
  return {
    model: card.model,
    version: card.version,
    total_value_at_risk: now.valueAtRisk,
    total_value_low: now.low,
    total_value_high: now.high,
    outlook: totalFieldsOf(worth),
    value_at_risk_before: before.valueAtRisk,
    value_low_before: before.low,
    value_high_before: before.high,
    probabilities_are: probabilitiesAre(card),
    more_likely_than_not: now.moreLikelyThanNot,
    bands: bands.map(({ band, customers, valueAtRisk, low, high }) => ({
      band,
      customers,
      value_at_risk: valueAtRisk,
      value_low: low,
      value_high: high,
    })),
  };
}
