import { ChurnMcpError } from '../../errors.ts';
import type { DataSummary } from '../data-source.ts';
import { buildSnapshot, rehearseSnapshot, type SnapshotWriter } from '../duckdb/snapshot-builder.ts';
import { homeLayout, isOfThisVersion, readPointer, type SnapshotPointer } from '../home-layout.ts';
import { bytesOf, bytesOfFiles } from './files/file-bytes.ts';
import { growByFiles } from './grow-by-files.ts';
import type { ImportReport } from './import-report.ts';
import type { ImportOptions, ImportRequest } from './import-request.ts';
import { ImportSteps } from './import-steps.ts';
import { keepLog } from './kept-log.ts';
import type { SmallShop } from './small-shop.ts';

/** Imports and refreshes that end during an import are rare. */
const MOST_ATTEMPTS = 3;

/**
 * Imports a shop's files as the next snapshot. Files are read as text or as the types they have, then every column gets one way of
 * reading, every row is used or rejected with a reason, and ids get one type over all tables.
 *
 * @throws IMPORT_REFUSED if the files cannot be used as they are, STORAGE if the home cannot be written,
 * SNAPSHOT_MOVED if other data becomes current each time that rows are added, CANCELLED on abort. In each case the data that
 * was current stays so.
 */
export async function importShop(request: ImportRequest, options: ImportOptions): Promise<ImportReport> {
  if (request.mode !== 'append') return await build(request, options);
  for (let attempt = 1; ; attempt++) {
    try {
      return await append(request, options);
    } catch (error) {
      const isMoved = error instanceof ChurnMcpError && error.code === 'SNAPSHOT_MOVED';
      if (!isMoved || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

/** Adds rows to the current snapshot: in a copy of it if that can be, else in new tables. */
async function append(request: ImportRequest, options: ImportOptions): Promise<ImportReport> {
  const current = await readPointer(options.home).catch(() => 'damaged' as const);
  if (current === 'damaged') return await build(request, options);
  const follows = current?.snapshot ?? null;
  if (canGrow(current, options)) {
    const grown = await growByFiles(current.snapshot, request, options);
    if (typeof grown !== 'string') return grown;
  }
  return await build(request, options, follows);
}

function canGrow(
  current: SnapshotPointer | undefined,
  { mostNearby }: ImportOptions,
): current is SnapshotPointer {
  return current !== undefined && isOfThisVersion(current) && mostNearby !== 0;
}

/** Up to so many bytes of files, beside a snapshot of at most so many, two threads wait for each other more than they share. */
const SMALL = { files: 500_000, snapshot: 16_000_000 } as const;

/** @returns undefined: as many as the machine has */
async function threadsFor(request: ImportRequest, { home }: ImportOptions): Promise<1 | undefined> {
  if ((await bytesOfFiles(request)) > SMALL.files) return undefined;
  const current = await readPointer(home).catch(() => undefined);
  const before = current === undefined ? 0 : await bytesOf(homeLayout(home).snapshot(current.snapshot));
  return before <= SMALL.snapshot ? 1 : undefined;
}

/** Builds all tables. @param follows as for `buildSnapshot` */
async function build(
  request: ImportRequest,
  options: ImportOptions,
  follows?: string | null,
): Promise<ImportReport> {
  const { home, signal, onProgress, segmentThresholds } = options;
  const steps = new ImportSteps(request, options);
  const fill = async (writer: SnapshotWriter) => {
    const { context } = await steps.check(writer, 'all');
    await keepLog(context);
    await steps.fill(writer);
    await steps.count();
  };
  const threads = await threadsFor(request, options);
  const building = { home, signal, onProgress, segmentThresholds, threads, fill };
  const built: { readonly snapshotId: string | undefined; readonly summary: DataSummary } =
    request.dryRun === true
      ? { snapshotId: undefined, summary: await rehearseSnapshot(building) }
      : await buildSnapshot({ ...building, follows, beforeFlip: steps.beforeFlip });
  return steps.report(built);
}

/**
 * Fills a snapshot that is being built with rows of the log.
 *
 * @param small if `earlier` is no whole snapshot
 * @returns the file of rejected rows
 */
export async function fillFromLog(
  writer: SnapshotWriter,
  request: ImportRequest,
  { small, ...options }: ImportOptions & { readonly small?: SmallShop | undefined },
): Promise<string | undefined> {
  const steps = new ImportSteps(request, options);
  await steps.check(writer, 'all');
  return (await steps.fill(writer, small)).rejects;
}
