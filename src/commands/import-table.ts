import type {
  ImportTableReport,
  ImportTableRequest,
} from '../data/import/customer-table/import-feature-table.ts';
import { ChurnMcpError } from '../errors.ts';
import { formatCount, plural } from '../text/format.ts';
import { quoted } from '../text/quoted.ts';
import { type CommandEnvironment, type CommonFlags, withServices } from './command-context.ts';
import type { ShopImportFlags } from './import-flags.ts';
import { type WritingFlags, writingOf } from './writing-flags.ts';

/** Flags of an import of a table of customers. */
export interface TableImportFlags extends WritingFlags {
  readonly features?: string;
  readonly id?: string;
  readonly target?: string;
  readonly positive?: string;
  readonly weight?: string;
}

/** Undefined if the flags are those of an import of orders. */
export function tableRequestOf(flags: TableImportFlags & ShopImportFlags): ImportTableRequest | undefined {
  const { features, id, target, positive, weight } = flags;
  const ofOrders = (['orders', 'orderItems', 'products', 'customers'] as const).filter(
    (flag) => flags[flag] !== undefined,
  );
  if (features === undefined) {
    if (id === undefined && target === undefined && positive === undefined && weight === undefined) {
      return undefined;
    }
    throw new ChurnMcpError(
      'USAGE',
      '--id, --target, --positive and --weight belong to a table of customers, and no such table is named.',
      {
        hint: 'Name its file with --features FILE.',
      },
    );
  }
  if (ofOrders.length > 0 || (flags.map ?? []).length > 0) {
    throw new ChurnMcpError('USAGE', 'One call imports either orders or a table of customers.', {
      hint: 'Import the table by itself, with --features, --id and --target; then import the orders.',
    });
  }
  if (id === undefined || target === undefined) {
    throw new ChurnMcpError('USAGE', 'A table of customers needs --id COLUMN and --target COLUMN.', {
      hint: 'For example: churn-mcp import --features customers.csv --id customerID --target Churn',
    });
  }
  return { features, id, target, weight, ...(positive !== undefined && { positive }), ...writingOf(flags) };
}

export function importTable(
  request: ImportTableRequest,
  flags: CommonFlags,
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
    [badLines, 'cannot be split into columns (too few or too many columns, or an unclosed quote)'],
    [withoutId, 'have no id'],
    [withoutTarget, 'have no target'],
  ] as const;
  return [
    `Imported ${plural(summary.rows, 'customer')}, of whom ${formatCount(summary.churned)} churned (${quoted(summary.target)} is ${quoted(summary.positive)}).`,
    '',
    `${formatCount(rowsRead)} rows read, ${formatCount(summary.rows)} kept`,
    ...unused.flatMap(([count, what]) => (count > 0 ? [`  ${formatCount(count)} ${what}`] : [])),
    ...Object.keys(KIND_NAMES).flatMap(ofKind),
    ...unreadable.map(
      ({ column, cells }) =>
        `  ${plural(cells, 'cell')} of ${quoted(column)} cannot be read as a number, so it counts as missing`,
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
  day_first: 'days written day first',
  month_first: 'days written month first',
};
