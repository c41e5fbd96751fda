import { z } from 'zod';
import { quoted } from '../../../text/quoted.ts';
import { refuseUnlessAccepted } from '../acceptable-refusal.ts';
import type { ShopFiles } from '../columns/shop-files.ts';
import type { ImportContext } from '../import-context.ts';
import { viewRejectRows } from '../reject-rows.ts';
import { readRow } from '../staging/relations.ts';
import type { RejectedRows, TableReport } from '../table-report.ts';
import { requireLastingIds } from './lasting-ids.ts';

/** With a smaller share of usable rows, the import would not represent the file. */
const LEAST_USABLE = 0.9;
/** With a smaller share of matching keys, two files are of different shops, or write a key differently. */
const LEAST_MATCHED = 0.5;
/** A customer with this many orders, and this many times those of the next customer, is not one person. */
const DOMINANT = { share: 0.1, orders: 30, timesSecond: 5 };

/**
 * Refuses an import whose result cannot match the shop's books, unless the user accepts the failed check.
 *
 * @returns how many keys match those of other files; undefined if no file of customers or products was given
 * @throws IMPORT_REFUSED with the number, an example and the flag that accepts
 */
export async function requirePlausible(
  context: ImportContext,
  shop: ShopFiles,
  tables: readonly TableReport[],
): Promise<Matches | undefined> {
  for (const table of tables) {
    requireMatchedLines(context, table);
    await requireUsableRows(context, table);
    requireFewLaterOrders(context, table);
  }
  const matches = await requireMatchedFiles(context, shop);
  await requirePersons(context);
  await requireCustomers(context, shop);
  return matches;
}

function countOf({ rejected }: TableReport, matches: (rows: RejectedRows) => boolean): number {
  return rejected.filter(matches).reduce((sum, { count }) => sum + count, 0);
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(whole, 1)).toFixed(part / Math.max(whole, 1) < 0.1 ? 1 : 0)} %`;
}

function requireMatchedLines(context: ImportContext, table: TableReport): void {
  const unknown = countOf(table, ({ reason }) => reason === 'unknown order');
  if (unknown <= (1 - LEAST_USABLE) * table.rowsRead) return;
  refuseUnlessAccepted(context, 'unmatched-lines', {
    message: `${unknown} of ${table.rowsRead} order lines (${percent(unknown, table.rowsRead)}) name an order that is not in the orders file.`,
    hint: 'Check that both files cover the same time and write order ids in the same way, or name the column with --map order_items.order_id=COLUMN.',
  });
}

async function requireUsableRows(context: ImportContext, table: TableReport): Promise<void> {
  const { rowsRead, rejected } = table;
  const unusable = countOf(table, ({ reason, isUnderstood }) => !isUnderstood && reason !== 'unknown order');
  if (unusable <= (1 - LEAST_USABLE) * rowsRead) return;
  const reasons = rejected.filter(({ isUnderstood }) => !isUnderstood);
  const listed = reasons.slice(0, 3).map(({ reason, count }) => `${count} × ${reason}`);
  const example = await exampleOf(context, table, reasons[0]?.reason ?? '');
  refuseUnlessAccepted(context, 'unusable-rows', {
    message: `Only ${rowsRead - unusable} of ${rowsRead} rows of ${table.table} can be used (${percent(rowsRead - unusable, rowsRead)}): ${listed.join(', ')}.`,
    hint: `${example}Correct the file, or name the right columns with --map FIELD=COLUMN.`,
  });
}

const exampleSchema = z.object({
  line: z.string().nullable(),
  row: z.string().nullable(),
  content: z.string().nullable(),
});

async function exampleOf(
  { connection }: ImportContext,
  { table }: TableReport,
  reason: string,
): Promise<string> {
  await viewRejectRows(connection);
  const row = exampleSchema.safeParse(
    await readRow(connection, 'duckdb/import/reject_example', [table, reason]),
  );
  if (!row.success) return '';
  const { line, row: number, content } = row.data;
  const at = line === null ? `row ${number}` : `line ${line}`;
  return `The first is ${at}: ${valuesOf(content ?? '')}. `;
}

/** The content of a row without its empty columns. */
function valuesOf(content: string): string {
  const values = rowSchema.safeParse(content);
  if (!values.success) return quoted(content, 200);
  const filled = Object.entries(values.data).filter(
    ([name, value]) => value !== null && name !== 'row_number',
  );
  return filled.map(([name, value]) => `${name} ${quoted(String(value), 40)}`).join(', ');
}

const rowSchema = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.union([z.string(), z.number(), z.null()])));

function requireFewLaterOrders(context: ImportContext, table: TableReport): void {
  const later = countOf(
    table,
    ({ reason }) => reason === 'later than today' || reason === 'date in the far future',
  );
  if (later <= (1 - LEAST_USABLE) * table.rowsRead) return;
  const today = context.now.toISOString().slice(0, 10);
  refuseUnlessAccepted(context, 'later-orders', {
    message: `${later} of ${table.rowsRead} rows of ${table.table} (${percent(later, table.rowsRead)}) are later than today, ${today}.`,
    hint: 'Check the column of dates (--map order_date=COLUMN, --date-format) and the clock of this machine. Orders that are later than today are left out.',
  });
}

const matchesSchema = z.object({
  customers: z.coerce.number(),
  customers_found: z.coerce.number(),
  products: z.coerce.number(),
  products_found: z.coerce.number(),
});
export type Matches = z.infer<typeof matchesSchema>;

async function requireMatchedFiles(context: ImportContext, shop: ShopFiles): Promise<Matches | undefined> {
  const has = (table: string) => shop.files.some((file) => file.table === table);
  if (!has('customers') && !has('product_catalog')) return undefined;
  const matches = matchesSchema.parse(await readRow(context.connection, 'duckdb/import/matches'));
  const { customers, customers_found, products, products_found } = matches;
  if (has('customers') && customers_found < LEAST_MATCHED * customers) {
    refuseUnlessAccepted(context, 'unmatched-customers', {
      message: `Only ${customers_found} of ${customers} customers who ordered (${percent(customers_found, customers)}) are in the customers file.`,
      hint: 'Check that both files write the ids in the same way, or name the column with --map customers.customer_id=COLUMN.',
    });
  }
  if (has('product_catalog') && products_found < LEAST_MATCHED * products) {
    refuseUnlessAccepted(context, 'unmatched-products', {
      message: `Only ${products_found} of ${products} products that were sold (${percent(products_found, products)}) are in the products file.`,
      hint: 'Check that both files write the ids in the same way, or name the column with --map products.product_id=COLUMN.',
    });
  }
  return matches;
}

const personsSchema = z.object({
  orders: z.coerce.number(),
  without_person: z.coerce.number(),
  example: z.string().nullable(),
});

/** If a shop gives people a new id with every order, an id that nobody explains would be one more customer. */
async function requirePersons(context: ImportContext): Promise<void> {
  const found = personsSchema.parse(await readRow(context.connection, 'duckdb/import/orders_without_person'));
  const { orders, without_person, example } = found;
  if (without_person <= (1 - LEAST_USABLE) * orders) return;
  refuseUnlessAccepted(context, 'unknown-persons', {
    message: `${without_person} of ${orders} orders (${percent(without_person, orders)}) are by customers whose person is not known, such as ${quoted(example ?? '')}: this shop gives people a new id with every order, so each would count as a new customer.`,
    hint: 'Give the file of customers that belongs to these orders: --customers FILE.',
  });
}

const customersSchema = z.object({
  orders: z.coerce.number(),
  customers: z.coerce.number(),
  most_orders: z.coerce.number().nullable(),
  most_frequent_customer: z.string().nullable(),
  second_most_orders: z.coerce.number(),
});

async function requireCustomers(context: ImportContext, shop: ShopFiles): Promise<void> {
  const found = customersSchema.parse(await readRow(context.connection, 'duckdb/import/single_orders'));
  const { orders, customers, most_frequent_customer, second_most_orders } = found;
  const most = found.most_orders ?? 0;
  if (customers === orders) await requireLastingIds(context, shop, customers);
  const { share, orders: least, timesSecond } = DOMINANT;
  if (most >= least && most >= share * orders && most >= timesSecond * second_most_orders && customers > 1) {
    refuseUnlessAccepted(context, 'dominant-customer', {
      message: `The customer ${quoted(most_frequent_customer ?? '')} has ${most} of ${orders} orders (${percent(most, orders)}), the next one ${second_most_orders}. These are probably guests without an account.`,
      hint: `If so, add --guest ${quoted(most_frequent_customer ?? '')}.`,
    });
  }
}
