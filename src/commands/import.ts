import type { ImportReport, ImportRequest, TableReport } from '../data/import/import-report.ts';
import { ChurnMcpError } from '../errors.ts';
import { formatCount, plural } from '../mcp/format.ts';
import { plainText } from '../mcp/plain-text.ts';
import { type CommandEnvironment, type CommonFlags, withServices } from './command-context.ts';

export interface ImportFlags extends CommonFlags {
  readonly orders?: string;
  readonly orderItems?: string;
  readonly products?: string;
  readonly customers?: string;
  readonly map?: string[];
  readonly dateFormat?: string;
}

/** Imports a shop's files as the current data, and says what became of every row. */
export function runImport(flags: ImportFlags, environment: CommandEnvironment): Promise<number> {
  const request = requestOf(flags);
  return withServices(environment, flags, async ({ config, signal, display, print }) => {
    const { importShop } = await import('../data/import/import-shop.ts');
    const report = await importShop(request, { home: config.home, signal, onProgress: display.listener });
    display.stop();
    print(importText(report));
    return 0;
  });
}

function requestOf({ orders, orderItems, products, customers, map, dateFormat }: ImportFlags): ImportRequest {
  if (orders === undefined && orderItems === undefined) {
    throw new ChurnMcpError('USAGE', 'There is nothing to import.', {
      hint: 'Name a file of orders (--orders FILE) or of order lines (--order-items FILE).',
    });
  }
  return {
    ...(orders !== undefined && { orders }),
    ...(orderItems !== undefined && { orderItems }),
    ...(products !== undefined && { products }),
    ...(customers !== undefined && { customers }),
    ...(dateFormat !== undefined && { dateFormat: parseDateFormat(dateFormat) }),
    map: Object.fromEntries((map ?? []).map(parseMapping)),
  };
}

function parseDateFormat(text: string): 'ymd' | 'dmy' | 'mdy' {
  if (text === 'ymd' || text === 'dmy' || text === 'mdy') return text;
  throw new ChurnMcpError(
    'USAGE',
    '--date-format takes dmy (31/12/2026), mdy (12/31/2026) or ymd (2026-12-31).',
  );
}

/** `field=column` or `table.field=column`; the column's own name may hold "=". */
function parseMapping(text: string): [field: string, column: string] {
  const equals = text.indexOf('=');
  if (equals > 0 && equals < text.length - 1) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new ChurnMcpError('USAGE', `--map takes FIELD=COLUMN, not "${plainText(text, 60)}".`, {
    hint: 'For example: --map customer_id=Client --map total_amount="Net value"',
  });
}

function importText({ summary, tables, notes, rejectsFile }: ImportReport): string {
  const parts = [
    plural(summary.orders, 'order'),
    `${plural(summary.customers, 'customer')}`,
    ...(summary.hasItems ? [plural(summary.orderItems, 'order line')] : []),
    ...(summary.products > 0 ? [plural(summary.products, 'product')] : []),
  ];
  return [
    `Imported ${parts.join(', ')}, from ${summary.firstOrderDate} to ${summary.lastOrderDate}.`,
    ...tables.flatMap(tableLines),
    ...(notes.length > 0 ? ['', ...notes] : []),
    ...(rejectsFile === undefined ? [] : ['', `Rejected rows, with reasons: ${rejectsFile}`]),
    '',
    `Next: churn-mcp call get_at_risk_customers`,
  ].join('\n');
}

function tableLines({
  table,
  rowsRead,
  rowsKept,
  merged,
  rejected,
  columns,
  ignoredColumns,
}: TableReport): string[] {
  const mapping = Object.entries(columns).map(([field, column]) =>
    field === column ? field : `${field} from "${plainText(column, 60)}"`,
  );
  const ignored = ignoredColumns.map((column) => `"${plainText(column, 60)}"`);
  return [
    '',
    `${table}: ${formatCount(rowsRead)} rows read, ${formatCount(rowsKept)} kept${merged > 0 ? `, ${formatCount(merged)} merged with another row of the same id and content` : ''}`,
    ...rejected.map(({ reason, count }) => `  ${formatCount(count)} rejected: ${reason}`),
    `  columns: ${mapping.join(', ')}`,
    ...(ignored.length > 0 ? [`  not used: ${ignored.join(', ')}`] : []),
  ];
}
