import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ChurnMcpError, throwIfAborted } from '../../errors.ts';
import { writeChecksum } from '../../files/checksum.ts';
import { renameDurably, syncFile } from '../../files/durable-files.ts';
import { makeFolder } from '../../files/folders.ts';
import { utcStamp } from '../../files/utc-stamp.ts';
import type { ProgressListener } from '../../progress.ts';
import type { DataSummary } from '../data-source.ts';
import { flipPointer, homeLayout, readPointer } from '../home-layout.ts';
import { loadSql } from '../load-sql.ts';
import { DEFAULT_THRESHOLDS, type SegmentThresholds } from '../segment-thresholds.ts';
import { createServingTableSql, SERVING_TABLES, servingValues } from '../serving-tables.ts';
import {
  createCustomerAttributesSql,
  createTableSql,
  type IdTypes,
  SHOP_TABLE_NAMES,
  TABLES_BESIDE,
} from '../shop-tables.ts';
import { attachUnfinished, type DuckDBConnection, openEngine, withConnection } from './duckdb-engine.ts';
import { writeError } from './duckdb-errors.ts';
import { withFlipTurn } from './flip-turn.ts';
import { buildingFolderName, sweepOldSnapshots, sweepStaleBuilds } from './snapshot-sweeper.ts';
import { summarise } from './summary.ts';

/** What code that fills a snapshot (an import, the demo shop, a test) works with. */
export interface SnapshotWriter {
  /** A connection to the database being built; schema `raw` exists, its tables once `createTables` was called. */
  readonly connection: DuckDBConnection;
  readonly snapshotId: string;
  /** A folder for temporary files, removed with the build. */
  readonly workFolder: string;
  /** Creates all shop tables, empty. Call once, before inserting. */
  createTables(ids: IdTypes): Promise<void>;
}

export interface BuildSnapshotOptions {
  readonly home: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** Fills the tables of schema `raw` with at least one order. */
  readonly fill: (writer: SnapshotWriter) => Promise<void>;
  /** Where the segments begin; by default those of the stored procedure. */
  readonly segmentThresholds?: SegmentThresholds | undefined;
  /** The snapshot that must still be current, or none (null); else this one is not made current. */
  readonly follows?: string | null | undefined;
  /** Called when the snapshot is complete and its file has its final name, before it becomes current. */
  readonly beforeFlip?: (snapshotId: string) => Promise<void>;
}

export interface BuiltSnapshot {
  readonly snapshotId: string;
  readonly summary: DataSummary;
}

/**
 * Builds the next snapshot aside, and makes it current in one step at the very end. If anything happens before (an
 * error, an abort, a kill, a full disk), the old snapshot stays current.
 *
 * @throws STORAGE if the home folder cannot be written, CANCELLED on abort, and errors of `fill`.
 */
export async function buildSnapshot(options: BuildSnapshotOptions): Promise<BuiltSnapshot> {
  return withBuild(options, async (build) => {
    const summary = await fillDatabase(build, options, buildServingTables);
    throwIfAborted(options.signal);
    await publish(build, options);
    return { snapshotId: build.snapshotId, summary };
  });
}

/**
 * Fills the tables as `buildSnapshot` does, and discards the result.
 *
 * @throws as `buildSnapshot` does
 */
export async function rehearseSnapshot(
  options: Omit<BuildSnapshotOptions, 'beforeFlip'>,
): Promise<DataSummary> {
  return withBuild(options, (build) => fillDatabase(build, options, async () => undefined));
}

async function withBuild<Result>(
  { home, signal }: BuildSnapshotOptions,
  work: (build: Build) => Promise<Result>,
): Promise<Result> {
  throwIfAborted(signal);
  try {
    const build = await prepareBuild(home);
    try {
      return await work(build);
    } finally {
      await rm(build.folder, { recursive: true, force: true }).catch(() => undefined);
    }
  } catch (error) {
    throw writeError(error, signal);
  }
}

interface Build {
  readonly snapshotId: string;
  readonly folder: string;
  readonly file: string;
}

async function prepareBuild(home: string): Promise<Build> {
  const layout = homeLayout(home);
  for (const folder of [layout.snapshots, layout.rejects, layout.building]) {
    await makeFolder(folder);
  }
  const snapshotId = newSnapshotId(new Date());
  const folder = join(layout.building, buildingFolderName(snapshotId));
  await mkdir(folder);
  await sweepStaleBuilds(home, folder);
  return { snapshotId, folder, file: join(folder, 'next.duckdb') };
}

/**
 * The id of a snapshot. Ids sort by time to the millisecond, because `doctor --repair` goes back to the newest whole
 * snapshot, and two imports that begin in the same millisecond get different ones: `YYYYMMDD_HHMMSS_`, three hex digits of
 * milliseconds, five random ones.
 */
export function newSnapshotId(now: Date): string {
  const millisecond = now.getUTCMilliseconds().toString(16).padStart(3, '0');
  return `${utcStamp(now)}_${millisecond}${randomBytes(3).toString('hex').slice(1)}`;
}

async function fillDatabase(
  build: Build,
  options: BuildSnapshotOptions,
  finish: typeof buildServingTables,
): Promise<DataSummary> {
  const { signal, onProgress, fill, segmentThresholds = DEFAULT_THRESHOLDS } = options;
  const instance = await openEngine(':memory:', { readOnly: false, spillIn: build.folder });
  try {
    return await withConnection(instance, signal, async (connection) => {
      await attachUnfinished(connection, build.file, 'next');
      await connection.run('use next');
      await connection.run('create schema raw');
      await connection.run('create schema interactive');
      for (const table of TABLES_BESIDE) await connection.run(loadSql(table));
      await fill({
        connection,
        snapshotId: build.snapshotId,
        workFolder: build.folder,
        createTables: (ids) => createShopTables(connection, ids),
      });
      throwIfAborted(signal);
      const summary = await summarise(connection, segmentThresholds);
      await finish(connection, summary, signal, onProgress);
      await connection.run('checkpoint');
      // Everything that lasts is written; staged rows are deleted with their file.
      await connection.run('pragma disable_checkpoint_on_shutdown');
      return summary;
    });
  } finally {
    instance.closeSync();
  }
}

async function createShopTables(connection: DuckDBConnection, ids: IdTypes): Promise<void> {
  for (const table of SHOP_TABLE_NAMES) await connection.run(createTableSql(table, ids));
  await connection.run(createCustomerAttributesSql(ids));
}

async function buildServingTables(
  connection: DuckDBConnection,
  summary: DataSummary,
  signal: AbortSignal | undefined,
  onProgress: ProgressListener | undefined,
): Promise<void> {
  for (const [done, table] of SERVING_TABLES.entries()) {
    throwIfAborted(signal);
    onProgress?.({
      phase: 'serving tables',
      done,
      total: SERVING_TABLES.length,
      message: `Building ${table.table.replaceAll('_', ' ')}`,
    });
    await connection.run(createServingTableSql(table), servingValues(table, summary.lastOrderDate, summary));
  }
}

/** @throws SNAPSHOT_MOVED if another build became current meanwhile: this one does not hold its rows */
async function requireCurrent(home: string, expected: string | null): Promise<void> {
  const current = (await readPointer(home))?.snapshot ?? null;
  if (current === expected) return;
  throw new ChurnMcpError('SNAPSHOT_MOVED', 'Other data became current while the log was folded in.', {
    hint: 'Nothing is lost; the next refresh begins with that data.',
  });
}

async function publish(build: Build, options: BuildSnapshotOptions): Promise<void> {
  const { home, beforeFlip } = options;
  await syncFile(build.file);
  await writeChecksum(homeLayout(home).snapshot(build.snapshotId), build.file);
  await renameDurably(build.file, homeLayout(home).snapshot(build.snapshotId));
  await beforeFlip?.(build.snapshotId);
  await withFlipTurn(home, async () => {
    if (options.follows !== undefined) await requireCurrent(home, options.follows);
    await flipPointer(home, build.snapshotId);
  });
  await rm(build.folder, { recursive: true, force: true });
  await sweepOldSnapshots(home);
}
