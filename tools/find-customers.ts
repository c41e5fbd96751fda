import { z } from 'zod';
import { findCustomersText } from '../src/mcp/find-customers-text.ts';
import { foundColumns } from '../src/mcp/list-columns.ts';
import { customerList, exportedSchema, exportSchema, writeList } from '../src/mcp/list-export.ts';
import { fittingRows, nextOffset } from '../src/mcp/result-size.ts';
import {
  asOfSchema,
  filterOf,
  filterSchema,
  idSchema,
  nextOffsetSchema,
  offsetSchema,
  textSchema,
} from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import type { CustomerPage, ToolContext } from '../src/mcp/tool-context.ts';
import { plainText } from '../src/text/plain-text.ts';

export const findCustomers = defineTool({
  name: 'find_customers',
  title: 'Customers by what they did',
  description:
    'Lists customers by facts of the past: who is in a segment, who bought a product or category, who spent or ordered how much, lapsed ones too. Not for who may leave (get_at_risk_customers) or who would buy (get_product_recommendations).',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: true,
  tellsFreshness: true,
  input: z.strictObject({
    filter: filterSchema.optional(),
    sort_by: z
      .enum(['total_spent', 'total_orders', 'days_since_last_order'])
      .default('total_spent')
      .describe('Most first.'),
    limit: z.int().min(1).max(1000).default(10).describe('Customers to list at most.'),
    offset: offsetSchema,
    as_of: asOfSchema.optional(),
    export: exportSchema,
  }),
  output: z.object({
    as_of: z.string().describe('Nothing after this day is seen.'),
    customers: z
      .array(
        z.object({
          customer_id: idSchema.describe('The shop’s own id.'),
          segment: z.string().describe('By orders and spend.'),
          customer_segment: z.string().nullable().describe('The shop’s own.'),
          total_spent: z.number().describe('All that was spent.'),
          total_orders: z.int().describe('All orders.'),
          first_order_date: z.string().describe('YYYY-MM-DD.'),
          last_order_date: z.string().describe('YYYY-MM-DD.'),
          days_since_last_order: z.int().describe('Up to as_of.'),
        }),
      )
      .describe('As sorted.'),
    total_customers: z.int().describe('All who match, listed or not.'),
    total_spent: z.number().describe('By all who match.'),
    next_offset: nextOffsetSchema,
    exported: exportedSchema,
    text: textSchema,
  }),
  async handler({ filter, sort_by, limit, offset, as_of, export: format }, context) {
    const { shop, signal, progress } = context;
    const conditions = filterOf(filter);
    const range = format === undefined ? { limit, offset } : { limit: Number.MAX_SAFE_INTEGER, offset: 0 };
    const found = await shop.find(
      { filter: conditions, sortBy: sort_by, ...range, asOf: as_of },
      { signal, onProgress: progress },
    );
    const file = format && (await writeList(context, await listOf(found, context), format));
    const page =
      format === undefined ? found : { ...found, customers: found.customers.slice(offset, offset + limit) };
    const answer = (rows: number) => {
      const customers = page.customers.slice(0, rows);
      return {
        as_of: page.asOf,
        customers: customers.map((customer) => ({
          customer_id: customer.customerId,
          segment: customer.segment,
          customer_segment: customer.customerSegment === null ? null : plainText(customer.customerSegment),
          total_spent: customer.totalSpent,
          total_orders: customer.totalOrders,
          first_order_date: customer.firstOrderDate,
          last_order_date: customer.lastOrderDate,
          days_since_last_order: customer.daysSinceLastOrder,
        })),
        total_customers: page.totalCustomers,
        total_spent: page.totalSpent,
        next_offset: nextOffset({ offset, rows, total: page.totalCustomers }),
        text: findCustomersText({ ...page, customers }, { filter: conditions, offset }),
        ...file,
      };
    };
    return answer(fittingRows(page.customers.length, answer));
  },
});

function listOf(found: CustomerPage, context: ToolContext) {
  const customerIds = found.customers.map(({ customerId }) => customerId);
  const list = { name: 'customers', asOf: found.asOf, customerIds, withOffers: true };
  return customerList(context, list, foundColumns(found));
}
