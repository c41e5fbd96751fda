import { z } from 'zod';
import { cohortText } from '../src/mcp/cohort-text.ts';
import { cohortColumns } from '../src/mcp/list-columns.ts';
import { exportedSchema, exportSchema, writeList } from '../src/mcp/list-export.ts';
import { asOfSchema, filterOf, filterSchema, textSchema } from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';

export const getCohortRetention = defineTool({
  name: 'get_cohort_retention',
  title: 'How retention develops',
  description:
    'Shows for each month of first orders what share of those customers ordered in each month since, and for how much. Not for the risk of today’s customers.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: true,
  input: z.strictObject({
    filter: filterSchema.optional(),
    cohorts: z.int().min(1).max(36).default(12).describe('Latest months of first orders to show.'),
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
      .describe('Oldest first.'),
    exported: exportedSchema,
    text: textSchema,
  }),
  async handler({ filter, cohorts: most, as_of, export: format }, context) {
    const { shop, signal, progress } = context;
    const conditions = filterOf(filter);
    const { asOf, cohorts } = await shop.cohorts(
      { filter: conditions, asOf: as_of, most },
      { signal, onProgress: progress },
    );
    const list = { name: 'retention', asOf, columns: cohortColumns(cohorts) };
    return {
      as_of: asOf,
      cohorts: cohorts.map(({ month, customers, months }) => ({
        month,
        customers,
        retention: months.map((one) => one.customers / customers),
        revenue: months.map(({ revenue }) => revenue),
      })),
      text: cohortText(cohorts, { asOf, filter: conditions }),
      ...(format && (await writeList(context, list, format))),
    };
  },
});
