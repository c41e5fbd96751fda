import type { SnapshotWriter } from '../duckdb/snapshot-builder.ts';
import { growSnapshot, MOST_NEARBY, type NoGrowth } from '../growth/grow-snapshot.ts';
import { homeLayout } from '../home-layout.ts';
import { addEarlierPersons, isEarlierDemo } from './earlier-shop.ts';
import { bytesOf, bytesOfFiles } from './files/file-bytes.ts';
import type { ImportReport } from './import-report.ts';
import type { ImportOptions, ImportRequest } from './import-request.ts';
import { ImportSteps } from './import-steps.ts';
import { createTemporary } from './log-rows.ts';
import type { SmallShop } from './small-shop.ts';

/** What rows of files are near to. */
const NEARBY = {
  told: 'duckdb/refresh/customers_of_files',
  renewed: 'duckdb/refresh/orders_renewed_by_files',
} as const;

/**
 * Adds the rows of files to a copy of the current snapshot, as a refresh adds those of the log. The files are read and checked
 * by themselves; which orders and customers their rows are about is known then. The rest of the import runs over the rows of
 * these customers, and its ledger over the whole result.
 *
 * @param follows the current snapshot
 * @returns why all tables have to be built: as a refresh says it. Files that are large beside the snapshot are not read first to
 * find that out
 */
export async function growByFiles(
  follows: string,
  request: ImportRequest,
  options: ImportOptions,
): Promise<ImportReport | NoGrowth> {
  if (await areLarge(request, follows, options)) return 'too many rows';
  const steps = new ImportSteps(request, options);
  const read = async (writer: SnapshotWriter) => {
    const { connection } = writer;
    const { earlier } = await steps.check(writer, 'of the files');
    if (earlier === undefined) return (await isEarlierDemo(connection)) ? 'demo shop' : 'damaged';
    await createTemporary(connection, 'log_touched_orders', 'duckdb/refresh/numbers_of_files');
    return { hasEarlierLog: false };
  };
  const fill = async (writer: SnapshotWriter, small: SmallShop) => {
    const { context, earlier } = steps.checked;
    // Persons of the rows nearby stay, too.
    await addEarlierPersons(context, earlier, 'all');
    await steps.fill(writer, small);
  };
  const { home, signal, onProgress, segmentThresholds, mostNearby } = options;
  const grown = await growSnapshot({
    ...{ home, signal, onProgress, segmentThresholds, mostNearby },
    ...{ follows, nearby: NEARBY, read, fill },
    count: () => steps.count(),
    beforeFlip: steps.beforeFlip,
    isRehearsal: request.dryRun,
  });
  if (typeof grown === 'string') return grown;
  return steps.report({ ...grown, snapshotId: request.dryRun === true ? undefined : grown.snapshotId });
}

/** Whether the files are so large that their rows are surely not a small share. */
async function areLarge(
  request: ImportRequest,
  follows: string,
  { home, mostNearby = MOST_NEARBY }: ImportOptions,
): Promise<boolean> {
  return (await bytesOfFiles(request)) > mostNearby * (await bytesOf(homeLayout(home).snapshot(follows)));
}
