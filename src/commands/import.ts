import { importText } from '../mcp/import-text.ts';
import { watchAlertsIfAny } from './alert-checks.ts';
import {
  assertOrdersAreLocal,
  type CommandEnvironment,
  type CommonFlags,
  withServices,
} from './command-context.ts';
import { assertFilesHaveFlags, type ShopImportFlags, shopRequestOf } from './import-flags.ts';
import { importTable, type TableImportFlags, tableRequestOf } from './import-table.ts';

export type ImportFlags = CommonFlags & ShopImportFlags & TableImportFlags;

const NEXT = { afterDryRun: [], afterImport: ['', 'Next: churn-mcp call get_at_risk_customers'] };

/** Imports a shop's files as the current data, and says what became of every row. */
export function runImport(flags: ImportFlags, environment: CommandEnvironment): Promise<number> {
  assertFilesHaveFlags(flags);
  const table = tableRequestOf(flags);
  if (table !== undefined) return importTable(table, flags, environment);
  const request = shopRequestOf(flags);
  return withServices(environment, flags, async ({ config, signal, display, print, services, log }) => {
    assertOrdersAreLocal(config);
    await using alerts = await watchAlertsIfAny(config, services, log);
    const { importShop } = await import('../data/import/import-shop.ts');
    const report = await importShop(request, {
      home: config.home,
      segmentThresholds: config.segmentThresholds,
      signal,
      onProgress: display.listener,
    });
    display.stop();
    print(flags.json === true ? JSON.stringify(report, null, 2) : importText(report, NEXT));
    if (request.dryRun !== true) await alerts?.check();
    return 0;
  });
}
