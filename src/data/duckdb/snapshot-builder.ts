import { throwIfAborted } from '../../errors.ts';
import type { ProgressListener } from '../../progress.ts';
import type { DataSummary } from '../data-source.ts';
import { loadSql } from '../load-sql.ts';
import { DEFAULT_THRESHOLDS, type SegmentThresholds } from '../segment-thresholds.ts';
import { SERVING_TABLES } from '../serving-tables.ts';
import {
  createCustomerAttributesSql,
  createTableSql,
  type IdTypes,
  SHOP_TABLE_NAMES,
  TABLES_BESIDE,
} from '../shop-tables.ts';
import { attachUnfinished, type DuckDBConnection, openEngine, withConnection } from './duckdb-engine.ts';
import { shopSums } from './fingerprint.ts';
import { createServingTable } from './serving-table.ts';
import { type Build, type PublishOptions, publish, withBuild } from './snapshot-build.ts';
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

export interface BuildSnapshotOptions extends PublishOptions {
  readonly onProgress?: ProgressListener | undefined;
  /** Fills the tables of schema `raw` with at least one order. */
  readonly fill: (writer: SnapshotWriter) => Promise<void>;
  /** Where the segments begin; by default those of the stored procedure. */
  readonly segmentThresholds?: SegmentThresholds | undefined;
  /** How many threads build it; by default as many as the machine has. */
  readonly threads?: number | undefined;
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

async function fillDatabase(
  build: Build,
  options: BuildSnapshotOptions,
  finish: typeof buildServingTables,
): Promise<DataSummary> {
  const { signal, onProgress, fill, threads, segmentThresholds = DEFAULT_THRESHOLDS } = options;
  const instance = await openEngine(':memory:', { readOnly: false, spillIn: build.folder, threads });
  try {
    return await withConnection(instance, signal, async (connection) => {
      await attachUnfinished(connection, build.file, 'next');
      await fill(await startWriting(connection, build));
      throwIfAborted(signal);
      const sums = await shopSums(connection);
      const counts = 'duckdb/snapshot/summary';
      const summary = await summarise(connection, { segmentThresholds, sums, counts });
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

/** Creates the schemas of the attached database `next`, and the tables that do not depend on the types of ids. */
export async function startWriting(connection: DuckDBConnection, build: Build): Promise<SnapshotWriter> {
  await connection.run('use next');
  await connection.run('create schema raw');
  await connection.run('create schema interactive');
  for (const table of TABLES_BESIDE) await connection.run(loadSql(table));
  return {
    connection,
    snapshotId: build.snapshotId,
    workFolder: build.folder,
    createTables: (ids) => createShopTables(connection, ids),
  };
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
    await createServingTable(connection, table, summary);
  }
}
