import { z } from 'zod';
import { ChurnMcpError } from '../src/errors.ts';
import { assertAgreed } from '../src/mcp/agreement.ts';
import { importText } from '../src/mcp/import-text.ts';
import { textSchema } from '../src/mcp/schemas.ts';
import { tableImportText } from '../src/mcp/table-import-text.ts';
import { defineTool } from '../src/mcp/tool.ts';
import type { TableImportReport, TableImportRequest } from '../src/mcp/tool-context.ts';
import { plainText } from '../src/text/plain-text.ts';
import { quoted } from '../src/text/quoted.ts';

/** Characters of pasted rows. */
const MOST_PASTED = 1_000_000;

const pathSchema = z.string().min(1).max(4096).optional();

const columnSchema = z.string().min(1).max(300).optional();

const inputSchema = z.strictObject({
  orders: pathSchema.describe('Path of the file of orders: CSV, Excel, JSON or Parquet.'),
  order_items: pathSchema.describe('Path of the order lines; without orders they are derived from it.'),
  products: pathSchema.describe('Path of the product catalogue.'),
  customers: pathSchema.describe('Path of the customers.'),
  csv: z.string().max(MOST_PASTED).optional().describe('Pasted CSV rows with a header, instead of a path.'),
  csv_is: z
    .enum(['orders', 'order_items', 'features'])
    .default('orders')
    .describe('What the pasted rows are.'),
  features: pathSchema.describe(
    'Instead of orders: path of a table with one row per customer. Needs id and target.',
  ),
  id: columnSchema.describe('Its column with the customer’s id.'),
  target: columnSchema.describe('Its column that says who left.'),
  positive: columnSchema.describe('The value of target that means left, if unclear.'),
  value: columnSchema.describe('Its column of money lost with a customer, such as the monthly charge.'),
  map: z
    .array(z.string().max(300))
    .max(50)
    .optional()
    .describe('FIELD=COLUMN each, such as total_amount=Net value, if columns are not found by name.'),
  date_format: z.string().max(50).optional().describe('dmy, mdy or ymd, if unclear.'),
  decimal: z.enum(['comma', 'point']).optional().describe('Decimal mark, if unclear.'),
  append: z.boolean().default(false).describe('Add to what is there, rather than replace it.'),
  dry_run: z.boolean().default(true).describe('true shows the ledger alone; false imports.'),
});
type Arguments = z.output<typeof inputSchema>;

export const importData = defineTool({
  name: 'import_data',
  title: 'Import orders',
  description:
    'Imports a shop’s orders, or a table of customers (features), from files on the machine of the server or from pasted CSV. Shows first what the import would give, to hold against the shop’s books, and changes nothing; dry_run: false then imports. Without data of their own: make_demo_shop.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  scope: 'churn:admin',
  mayBecomeJob: true,
  lane: 'trainings',
  input: inputSchema,
  output: z.object({
    imported: z.boolean().describe('False after a dry run.'),
    customers: z.int().describe('Who placed the orders, or the rows of the table.'),
    orders: z.int().optional().describe('Orders that count.'),
    revenue: z.string().optional().describe('Net of refunds, with the digits of the files.'),
    first_order_date: z.string().optional().describe('YYYY-MM-DD.'),
    last_order_date: z.string().optional().describe('YYYY-MM-DD.'),
    churned: z.int().optional().describe('Of a table: customers who left.'),
    columns: z.array(z.string()).optional().describe('Of a table: what is learnt from.'),
    notes: z.array(z.string()).describe('What was decided; of a table, what was left out and why.'),
    text: textSchema,
  }),
  async handler(args, { data, ask, signal, progress }) {
    if (!args.dry_run) await assertAgreed(ask, QUESTION, 'Nothing was imported');
    const options = { signal, onProgress: progress };
    const table = tableRequestOf(args);
    if (table !== undefined) {
      return tableAnswerOf(await withArgumentsNamed(data.importTable(table, options)));
    }
    const { rejectsFile: _, ...report } = await withArgumentsNamed(data.importShop(requestOf(args), options));
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

/** The import's errors name flags of the command line: says which of them are arguments of this tool. */
async function withArgumentsNamed<Report>(imported: Promise<Report>): Promise<Report> {
  try {
    return await imported;
  } catch (error) {
    if (!(error instanceof ChurnMcpError) || error.hint === undefined) throw error;
    const { code, message, hint } = error;
    throw new ChurnMcpError(code, message, { hint: [hint, ...flagRemarks(hint)].join(' '), cause: error });
  }
}

function flagRemarks(hint: string): string[] {
  const flags = [...new Set(hint.match(/--[a-z][a-z-]*/g) ?? [])];
  const argumentOf = (flag: string) => flag.slice(2).replaceAll('-', '_');
  const isArgument = (flag: string) => Object.hasOwn(inputSchema.shape, argumentOf(flag));
  const others = flags.filter((flag) => !isArgument(flag));
  return [
    ...flags.filter(isArgument).map((flag) => `In import_data ${flag} is the argument ${argumentOf(flag)}.`),
    ...(others.length === 0
      ? []
      : [`${others.join(', ')} can be given at a terminal alone: churn-mcp import --orders FILE.`]),
  ];
}

const QUESTION =
  'Import the data? Answers are then about it. Data imported before is replaced, unless the new rows are added to it.';

const NEXT = {
  afterDryRun: ['', 'If these figures match the shop’s books, call import_data again with dry_run: false.'],
  afterImport: ['', 'Next: get_shop_overview, or get_at_risk_customers.'],
};

const NEXT_OF_TABLE = {
  afterDryRun: ['', 'If this is right, call import_data again with dry_run: false.'],
  afterImport: ['', 'Next: get_at_risk_customers with label "column".'],
};

function tableAnswerOf(report: TableImportReport) {
  const { isImported, summary } = report;
  return {
    imported: isImported,
    customers: summary.rows,
    churned: summary.churned,
    columns: summary.columns.map(({ name }) => plainText(name)),
    notes: summary.left_out.map(({ name, reason }) => `${plainText(name)}: ${reason}`),
    text: tableImportText(report, NEXT_OF_TABLE),
  };
}

/** Undefined if the call is about orders. */
function tableRequestOf(args: Arguments): TableImportRequest | undefined {
  const { features, id, target, positive, value, csv } = args;
  const pasted = args.csv_is === 'features' ? csv : undefined;
  if (features === undefined && pasted === undefined) {
    if ([id, target, positive, value].every((argument) => argument === undefined)) return undefined;
    throw new ChurnMcpError(
      'INVALID_ARGUMENT',
      'id, target, positive and value belong to a table of customers, and none is named.',
      { hint: 'Give the path of its file as features, or paste its rows as csv with csv_is "features".' },
    );
  }
  if ([args.orders, args.order_items, args.products, args.customers, args.map].some(Boolean) || args.append) {
    throw new ChurnMcpError('INVALID_ARGUMENT', 'One call imports either orders or a table of customers.', {
      hint: 'Import the table by itself, with features, id and target; then import the orders.',
    });
  }
  if (features !== undefined && csv !== undefined) {
    throw new ChurnMcpError('INVALID_ARGUMENT', 'Both features and csv are given.', {
      hint: 'Give either the path of a file or pasted rows.',
    });
  }
  if (id === undefined || target === undefined) {
    throw new ChurnMcpError('INVALID_ARGUMENT', 'A table of customers needs id and target.', {
      hint: 'Name the column with the customer’s id as id, and the column that says who left as target.',
    });
  }
  return {
    features: features ?? '',
    pasted,
    id,
    target,
    ...(positive !== undefined && { positive }),
    value,
    dateFormat: args.date_format,
    decimal: args.decimal,
    dryRun: args.dry_run,
  };
}

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
    decimal: args.decimal,
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
