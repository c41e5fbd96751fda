import { z } from 'zod';
import { assertAgreed } from '../src/mcp/agreement.ts';
import { textSchema } from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import { plural } from '../src/text/format.ts';

export const makeDemoShop = defineTool({
  name: 'make_demo_shop',
  title: 'Make a demo shop',
  description:
    'Makes invented orders to try everything with, and makes them the current data in place of what was imported. Not for a shop with data of its own: import_data.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  scope: 'churn:admin',
  mayBecomeJob: true,
  lane: 'trainings',
  input: z.strictObject({
    customers: z.int().min(100).max(100_000).default(5000).describe('Customers to invent.'),
  }),
  output: z.object({
    customers: z.int().describe('Customers.'),
    orders: z.int().describe('Their orders.'),
    first_order_date: z.string().describe('YYYY-MM-DD.'),
    last_order_date: z.string().describe('YYYY-MM-DD.'),
    text: textSchema,
  }),
  async handler({ customers }, { data, ask, signal, progress }) {
    const replaces = await data.holdsOwnShop();
    if (replaces) await assertAgreed(ask, QUESTION, 'No demo shop was made');
    const { summary } = await data.makeDemoShop({ customers }, { signal, onProgress: progress });
    return {
      customers: summary.customers,
      orders: summary.orders,
      first_order_date: summary.firstOrderDate,
      last_order_date: summary.lastOrderDate,
      text: `The demo shop has ${plural(summary.orders, 'order')} of ${plural(summary.customers, 'customer')}, from ${summary.firstOrderDate} to ${summary.lastOrderDate}. All of them are invented.${replaces ? REPLACED : ''} Next: get_shop_overview, or get_at_risk_customers.`,
    };
  },
});

const QUESTION =
  'Make a demo shop in place of your own? Answers are then about invented customers. To go back, import your orders again.';

const REPLACED = ' It took the place of the orders imported before; to go back, import them again.';
