import { z } from 'zod';
import { ChurnMcpError } from '../src/errors.ts';
import { importText } from '../src/mcp/import-text.ts';
import { textSchema } from '../src/mcp/schemas.ts';
import { defineTool } from '../src/mcp/tool.ts';
import { quoted } from '../src/text/quoted.ts';

/** Characters of pasted rows. */
const MOST_PASTED = 1_000_000;

const pathSchema = z.string().min(1).max(4096).optional();

const inputSchema = z.strictObject({
  orders: pathSchema.describe('Path of the file of orders: CSV, Excel, JSON or Parquet.'),
  order_items: pathSchema.describe('Path of the order lines; without orders they are derived from it.'),
  products: pathSchema.describe('Path of the product catalogue.'),
  customers: pathSchema.describe('Path of the customers.'),
  csv: z.string().max(MOST_PASTED).optional().describe('Pasted CSV rows with a header, instead of a path.'),
  csv_is: z.enum(['orders', 'order_items']).default('orders').describe('What the pasted rows are.'),
  map: z
    .array(z.string().max(300))
    .max(50)
    .optional()
    .describe('FIELD=COLUMN each, such as total_amount=Net value, if columns are not found by name.'),
  date_format: z.string().max(50).optional().describe('dmy, mdy or ymd, if the file does not tell.'),
  append: z.boolean().default(false).describe('Add to what is there, rather than replace it.'),
  dry_run: z.boolean().default(true).describe('true shows the ledger alone; false imports.'),
});
type Arguments = z.output<typeof inputSchema>;

export const importData = defineTool({
  name: 'import_data',
  title: 'Import orders',
  description:
    'Imports a shop’s orders from files on the machine of the server, or from pasted CSV. Shows first what the import would give, to hold against the shop’s books, and changes nothing; dry_run: false then imports. Without data of their own: make_demo_shop.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  scope: 'churn:admin',
  mayBecomeJob: true,
  lane: 'trainings',
  input: inputSchema,
  output: z.object({
    imported: z.boolean().describe('False after a dry run.'),
    orders: z.int().describe('Orders that count.'),
    customers: z.int().describe('Who placed them.'),
    revenue: z.string().describe('Net of refunds, with the digits of the files.'),
    first_order_date: z.string().describe('YYYY-MM-DD.'),
    last_order_date: z.string().describe('YYYY-MM-DD.'),
    notes: z.array(z.string()).describe('What was decided.'),
    text: textSchema,
  }),
  async handler(args, { data, signal, progress }) {
    const { rejectsFile: _, ...report } = await data.importShop(requestOf(args), {
      signal,
      onProgress: progress,
    });
    const { ledger, notes, snapshotId } = report;
    return {
      imported: snapshotId !== undefined,
      orders: ledger.orders,
      customers: ledger.customers,
      revenue: ledger.revenue,
      first_order_date: ledger.first_day,
      last_order_date: ledger.last_day,
      notes: [...notes],
      text: importText(report, NEXT),
    };
  },
});

const NEXT = {
  afterDryRun: ['', 'If these figures match the shop’s books, call import_data again with dry_run: false.'],
  afterImport: ['', 'Next: get_shop_overview, or get_at_risk_customers.'],
};

function requestOf(args: Arguments) {
  const { orders, products, customers, csv, dry_run: dryRun } = args;
  const orderItems = args.order_items;
  if (orders === undefined && orderItems === undefined && csv === undefined) {
    throw new ChurnMcpError('INVALID_ARGUMENT', 'No orders are named.', {
      hint: 'Give the path of a file as orders or order_items, or paste rows as csv. make_demo_shop makes a shop to try.',
    });
  }
  const table = args.csv_is === 'orders' ? 'orders' : 'orderItems';
  return {
    orders,
    orderItems,
    products,
    customers,
    pasted: csv === undefined ? undefined : ({ table, csv } as const),
    map: args.map && Object.fromEntries(args.map.map(parseMapping)),
    dateFormat: args.date_format,
    mode: args.append ? ('append' as const) : undefined,
    dryRun,
  };
}

function parseMapping(text: string): [string, string] {
  const at = text.indexOf('=');
  const [field, column] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at > 0 && column !== '') return [field, column];
  throw new ChurnMcpError('INVALID_ARGUMENT', `${quoted(text)} in map is not written FIELD=COLUMN.`, {
    hint: 'Write it as in customer_id=Client.',
  });
}
