import type { ImportTableRequest } from '../data/import/customer-table/import-feature-table.ts';
import { ChurnMcpError } from '../errors.ts';
import { tableImportText } from '../mcp/table-import-text.ts';
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
  readonly value?: string;
  readonly dryRun?: boolean;
}

/** Undefined if the flags are those of an import of orders. */
export function tableRequestOf(flags: TableImportFlags & ShopImportFlags): ImportTableRequest | undefined {
  const { features, id, target, positive, weight, value, dryRun } = flags;
  const ofOrders = (['orders', 'orderItems', 'products', 'customers'] as const).filter(
    (flag) => flags[flag] !== undefined,
  );
  if (features === undefined) {
    if ([id, target, positive, weight, value].every((flag) => flag === undefined)) return undefined;
    throw new ChurnMcpError(
      'USAGE',
      '--id, --target, --positive, --weight and --value belong to a table of customers, and no such table is named.',
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
  const roles = { id, target, weight, value, ...(positive !== undefined && { positive }) };
  return { features, ...roles, dryRun, ...writingOf(flags) };
}

export function importTable(
  request: ImportTableRequest,
  flags: CommonFlags & { readonly json?: boolean },
  environment: CommandEnvironment,
): Promise<number> {
  return withServices(environment, flags, async ({ config, signal, display, print }) => {
    const { importFeatureTable } = await import('../data/import/customer-table/import-feature-table.ts');
    const options = { home: config.home, signal, onProgress: display.listener };
    const report = await importFeatureTable(request, options);
    display.stop();
    print(flags.json === true ? JSON.stringify(report, null, 2) : tableImportText(report, NEXT));
    return 0;
  });
}

const NEXT = {
  afterDryRun: [],
  afterImport: ['', 'Next: churn-mcp call get_at_risk_customers label=column'],
};
