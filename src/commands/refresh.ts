import { readConfig } from '../config.ts';
import { type RefreshReport, refresh } from '../ingest/refresh.ts';
import { createProgressDisplay } from '../terminal/progress-display.ts';
import { plural } from '../text/format.ts';
import { openAlertChecks } from './alert-checks.ts';
import { assertOrdersAreLocal, type CommandEnvironment, type CommonFlags } from './command-context.ts';

/** Folds what is new in the log into the data, once. */
export async function runRefresh(
  flags: CommonFlags & { readonly json?: boolean; readonly rebuild?: boolean },
  { signal, stdout }: CommandEnvironment,
): Promise<number> {
  const config = readConfig(flags);
  assertOrdersAreLocal(config);
  const display = await createProgressDisplay(flags.quiet === true);
  try {
    const { home, segmentThresholds } = config;
    const mostNearby = flags.rebuild === true ? 0 : undefined;
    const onProgress = display.listener;
    const report = await refresh({ home, segmentThresholds, signal, onProgress, mostNearby });
    display.stop();
    stdout.write(`${flags.json === true ? refreshJson(report) : refreshText(report)}\n`);
    await using alerts = await openAlertChecks(config);
    if (typeof report !== 'string') await alerts.check();
    return 0;
  } finally {
    display.stop();
  }
}

export function refreshText(report: Awaited<ReturnType<typeof refresh>>): string {
  if (report === 'nothing new') return 'The data holds everything that is in the log.';
  if (report === 'another process refreshes') return 'Another process folds the log into the data now.';
  const { rows, summary } = report;
  const shop = `${plural(summary.orders, 'order')} of ${plural(summary.customers, 'customer')}, the last on ${summary.lastOrderDate}`;
  if (rows === 0) return `Brought the data of another version up to date: ${shop}.`;
  return `Folded ${plural(rows, 'row')} into the data, which now has ${shop}.`;
}

function refreshJson(report: Awaited<ReturnType<typeof refresh>>): string {
  return JSON.stringify(typeof report === 'string' ? { rows: 0, reason: report } : reportFields(report));
}

function reportFields({ rows, road, snapshotId, summary }: RefreshReport) {
  return { rows, road, snapshot: snapshotId, orders: summary.orders, last_order_date: summary.lastOrderDate };
}
