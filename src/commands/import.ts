import type {
  ImportTableReport,
  ImportTableRequest,
} from '../data/import/customer-table/import-feature-table.ts';
import { ChurnMcpError } from '../errors.ts';
import { formatCount, plural } from '../mcp/format.ts';
import { quoted } from '../text/quoted.ts';
import {
  assertOrdersAreLocal,
  type CommandEnvironment,
  type CommonFlags,
  withServices,
} from './command-context.ts';
import { type ShopImportFlags, shopRequestOf } from './import-flags.ts';
import { importText } from './import-text.ts';

export interface ImportFlags extends CommonFlags, ShopImportFlags {
  readonly features?: string;
  readonly id?: string;
  readonly target?: string;
  readonly positive?: string;
}

/** Imports a shop's files as the current data, and says what became of every row. */
export function runImport(flags: ImportFlags, environment: CommandEnvironment): Promise<number> {
  const table = tableRequestOf(flags);
  if (table !== undefined) return importTable(table, flags, environment);
  const request = shopRequestOf(flags);
  return withServices(environment, flags, async ({ config, signal, display, print }) => {
    assertOrdersAreLocal(config);
    const { importShop } = await import('../data/import/import-shop.ts');
    const report = await importShop(request, { home: config.home, signal, onProgress: display.listener });
    display.stop();
    print(flags.json === true ? JSON.stringify(report, null, 2) : importText(report));
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
