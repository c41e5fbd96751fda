import type {
  ImportTableReport,
  ImportTableRequest,
} from '../data/import/customer-table/import-feature-table.ts';
import type { ImportReport, ImportRequest, TableReport } from '../data/import/import-report.ts';
import { ChurnMcpError } from '../errors.ts';
import { formatCount, plural } from '../mcp/format.ts';
import { quoted } from '../text/quoted.ts';
import {
  assertOrdersAreLocal,
  type CommandEnvironment,
  type CommonFlags,
  withServices,
} from './command-context.ts';

export interface ImportFlags extends CommonFlags {
  readonly orders?: string;
  readonly orderItems?: string;
  readonly products?: string;
  readonly customers?: string;
  readonly map?: string[];
  readonly dateFormat?: string;
  readonly features?: string;
  readonly id?: string;
  readonly target?: string;
  readonly positive?: string;
}

/** Imports a shop's files as the current data, and says what became of every row. */
export function runImport(flags: ImportFlags, environment: CommandEnvironment): Promise<number> {
  const table = tableRequestOf(flags);
  if (table !== undefined) return importTable(table, flags, environment);
  const request = requestOf(flags);
  return withServices(environment, flags, async ({ config, signal, display, print }) => {
    assertOrdersAreLocal(config);
    const { importShop } = await import('../data/import/import-shop.ts');
    const report = await importShop(request, { home: config.home, signal, onProgress: display.listener });
    display.stop();
    print(importText(report));
    return 0;
  });
}

/** Undefined where it is orders that are imported. */
function tableRequestOf(flags: ImportFlags): ImportTableRequest | undefined {
  const { features, id, target, positive } = flags;
  const ofOrders = (['orders', 'orderItems', 'products', 'customers', 'dateFormat'] as const).filter(
    (flag) => flags[flag] !== undefined,
  );
  if (features === undefined) {
    if (id === undefined && target === undefined && positive === undefined) return undefined;
    throw new ChurnMcpError('USAGE', '--id, --target and --positive belong to a table of customers.', {
      hint: 'Name its file with --features FILE.',
    });
  }
  if (ofOrders.length > 0 || (flags.map ?? []).length > 0) {
    throw new ChurnMcpError('USAGE', 'Orders and a table of customers are imported one after the other.', {
      hint: 'Give --features, --id and --target alone.',
    });
  }
  if (id === undefined || target === undefined) {
    throw new ChurnMcpError('USAGE', 'A table of customers needs --id COLUMN and --target COLUMN.', {
      hint: 'For example: churn-mcp import --features customers.csv --id customerID --target Churn',
    });
  }
  return { features, id, target, ...(positive !== undefined && { positive }) };
}

function importTable(
  request: ImportTableRequest,
  flags: ImportFlags,
  environment: CommandEnvironment,
): Promise<number> {
  return withServices(environment, flags, async ({ config, signal, display, print }) => {
    const { importFeatureTable } = await import('../data/import/customer-table/import-feature-table.ts');
    const options = { home: config.home, signal, onProgress: display.listener };
    const report = await importFeatureTable(request, options);
    display.stop();
    print(tableText(report));
    return 0;
  });
}

function tableText(report: ImportTableReport): string {
  const { summary, rowsRead, badLines, withoutId, withoutTarget, unreadable } = report;
  const ofKind = (kind: string) => {
    const names = summary.columns
      .filter((column) => column.kind === kind)
      .map((column) => quoted(column.name));
    return names.length > 0 ? [`  ${KIND_NAMES[kind] ?? kind}: ${names.join(', ')}`] : [];
  };
  const unused = [
    [badLines, 'are no rows: too few or too many columns, or an open quote'],
    [withoutId, 'have no id'],
    [withoutTarget, 'have no target'],
  ] as const;
  return [
    `Imported ${plural(summary.rows, 'customer')}, of whom ${formatCount(summary.churned)} churned (${quoted(summary.target)} is ${quoted(summary.positive)}).`,
    '',
    `${formatCount(rowsRead)} rows read, ${formatCount(summary.rows)} kept`,
    ...unused.flatMap(([count, what]) => (count > 0 ? [`  ${formatCount(count)} ${what}`] : [])),
    ...['number', 'comma_number', 'category', 'day'].flatMap(ofKind),
    ...unreadable.map(
      ({ column, cells }) =>
        `  ${plural(cells, 'cell')} of ${quoted(column)} cannot be read as a number and counts as missing`,
    ),
    ...summary.left_out.map((column) => `  left out: ${quoted(column.name)}, ${column.reason}`),
    '',
    `Next: churn-mcp call train_churn_model '{"label": "column"}'`,
  ].join('\n');
}

const KIND_NAMES: Readonly<Record<string, string>> = {
  number: 'numbers',
  comma_number: 'numbers with a decimal comma',
  category: 'categories',
  day: 'days',
};

function requestOf({ orders, orderItems, products, customers, map, dateFormat }: ImportFlags): ImportRequest {
  if (orders === undefined && orderItems === undefined) {
    throw new ChurnMcpError('USAGE', 'There is nothing to import.', {
      hint: 'Name a file of orders (--orders FILE), of order lines (--order-items FILE), or a table of customers (--features FILE).',
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
  throw new ChurnMcpError('USAGE', `--map takes FIELD=COLUMN, not ${quoted(text)}.`, {
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
    field === column ? field : `${field} from ${quoted(column)}`,
  );
  const ignored = ignoredColumns.map((column) => quoted(column));
  return [
    '',
    `${table}: ${formatCount(rowsRead)} rows read, ${formatCount(rowsKept)} kept${merged > 0 ? `, ${formatCount(merged)} merged with another row of the same id and content` : ''}`,
    ...rejected.map(({ reason, count }) => `  ${formatCount(count)} rejected: ${reason}`),
    `  columns: ${mapping.join(', ')}`,
    ...(ignored.length > 0 ? [`  not used: ${ignored.join(', ')}`] : []),
  ];
}
