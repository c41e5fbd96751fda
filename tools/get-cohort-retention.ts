import { z } from 'zod';
import { groupedCohortText, retentionOf, retentionText } from '../src/mcp/cohort-text.ts';
import { cohortColumns, groupedCohortColumns } from '../src/mcp/list-columns.ts';
import { exportedSchema, exportSchema, writeList } from '../src/mcp/list-export.ts';
import { asOfSchema, filterOf, filterSchema, textSchema } from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import type { Cohort, GroupedCohorts, MonthOfChurn } from '../src/mcp/tool-context.ts';
import { plainText } from '../src/text/plain-text.ts';

export const getCohortRetention = defineTool({
  name: 'get_cohort_retention',
  title: 'How retention develops',
  description:
    'Churn by month: how many active customers lapsed, how many came back. And for each month of first orders what share of those customers ordered in each month since, and for how much; with by, groups side by side. Not for the risk of today’s customers.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: true,
  tellsFreshness: true,
  input: z.strictObject({
    filter: filterSchema.optional(),
    by: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('Compares groups: segment, customer_segment, or an attribute such as country.'),
    cohorts: z.int().min(1).max(36).default(12).describe('Latest months to show.'),
    as_of: asOfSchema.optional(),
    export: exportSchema,
  }),
  output: z.object({
    as_of: z.string().describe('Nothing after this day is seen.'),
    cohorts: z
      .array(
        z.object({
          month: z.string().describe('Of the first order, YYYY-MM.'),
          customers: z.int().describe('Whose first order it was.'),
          retention: z
            .array(z.number())
            .describe('Share who ordered in the month 0, 1, 2, … later; the last month may not be over.'),
          revenue: z.array(z.number()).describe('What they spent in it.'),
        }),
      )
      .describe('Oldest first; of the largest group if groups are compared.'),
    horizon_days: z.int().optional().describe('Without an order for so many days, a customer has lapsed.'),
    churn_by_month: z
      .array(
        z.object({
          month: z.string().describe('YYYY-MM.'),
          active_at_start: z.int().describe('Active customers when it began.'),
          lapsed: z.int().describe('Of those, no longer active at its end.'),
          won_back: z.int().describe('Lapsed when it began, active at its end.'),
        }),
      )
      .optional()
      .describe('Not with by. Oldest first; the last month may not be over.'),
    groups: z
      .array(
        z.object({
          name: z.string().describe('The group.'),
          customers: z.int().describe('In these cohorts.'),
          retention: z
            .array(z.number())
            .describe('Share who ordered in the month 1, 2, … later, over all cohorts for which it is over.'),
        }),
      )
      .optional()
      .describe('Only with by. Largest first.'),
    exported: exportedSchema,
    text: textSchema,
  }),
  async handler({ filter, by, cohorts: most, as_of, export: format }, context) {
    const { shop, signal, progress } = context;
    const conditions = filterOf(filter);
    const request = { filter: conditions, asOf: as_of, most };
    const call = { signal, onProgress: progress };
    if (by !== undefined) {
      const { asOf, groups } = await shop.cohortsBy({ ...request, by }, call);
      const list = { name: 'retention', asOf, columns: groupedCohortColumns(by, groups) };
      return {
        as_of: asOf,
        cohorts: cohortFieldsOf(groups.at(0)?.cohorts ?? []),
        groups: groups.map(groupFieldsOf),
        text: groupedCohortText(groups, { asOf, by, filter: conditions }),
        ...(format && (await writeList(context, list, format))),
      };
    }
    const { asOf, horizonDays, cohorts, churn } = await shop.cohorts(request, call);
    const list = { name: 'retention', asOf, columns: cohortColumns(cohorts) };
    return {
      as_of: asOf,
      cohorts: cohortFieldsOf(cohorts),
      horizon_days: horizonDays,
      churn_by_month: churn.map(churnFieldsOf),
      text: retentionText({ asOf, horizonDays, cohorts, churn }, conditions),
      ...(format && (await writeList(context, list, format))),
    };
  },
});

function cohortFieldsOf(cohorts: readonly Cohort[]) {
  return cohorts.map(({ month, customers, months }) => ({
    month,
    customers,
    retention: months.map((one) => one.customers / customers),
    revenue: months.map(({ revenue }) => revenue),
  }));
}

function churnFieldsOf({ month, activeAtStart, lapsed, wonBack }: MonthOfChurn) {
  return { month, active_at_start: activeAtStart, lapsed, won_back: wonBack };
}

function groupFieldsOf({ name, customers, cohorts }: GroupedCohorts) {
  const longest = Math.max(0, ...cohorts.map(({ months }) => months.length));
  const retention = Array.from({ length: longest }, (_, at) => retentionOf(cohorts, at + 1)?.share);
  return { name: plainText(name), customers, retention: retention.filter((share) => share !== undefined) };
}
