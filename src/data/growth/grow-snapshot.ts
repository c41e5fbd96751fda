import { stat } from 'node:fs/promises';
import { throwIfAborted } from '../../errors.ts';
import { copyIntact } from '../../files/checksum.ts';
import type { ProgressListener } from '../../progress.ts';
import type { DataSummary } from '../data-source.ts';
import {
  attachUnfinished,
  type DuckDBConnection,
  openEngine,
  withConnection,
} from '../duckdb/duckdb-engine.ts';
import type { ShopSums } from '../duckdb/fingerprint.ts';
import { type Build, type PublishOptions, publish, withBuild } from '../duckdb/snapshot-build.ts';
import { type BuiltSnapshot, type SnapshotWriter, startWriting } from '../duckdb/snapshot-builder.ts';
import { readSummary, readSums, summarise } from '../duckdb/summary.ts';
import { homeLayout } from '../home-layout.ts';
import { isEarlierDemo } from '../import/earlier-shop.ts';
import type { SmallShop } from '../import/small-shop.ts';
import { loadSql } from '../load-sql.ts';
import { DEFAULT_THRESHOLDS, type SegmentThresholds } from '../segment-thresholds.ts';
import { changeLogRows, changeRows, RAW_LINES, RAW_TABLES, replaceTable } from './changed-rows.ts';
import { changedSums } from './changed-sums.ts';
import {
  addStayingOrders,
  bringOrdersOfRefunds,
  countRowsBeside,
  dropSmallShop,
  findNearbyCustomers,
  type Nearness,
  reachesFurther,
  takeLines,
  takeNearbyRows,
  takeNearbySums,
} from './nearby-rows.ts';
import { followLines } from './serving-changes.ts';
import { hasOutgrown, SORTED_TABLES, sortAgain } from './sortedness.ts';
import { bothOf, type Connections, followAll } from './two-connections.ts';

export interface GrowOptions extends PublishOptions {
  readonly onProgress?: ProgressListener | undefined;
  readonly segmentThresholds?: SegmentThresholds | undefined;
  /** The current snapshot; this version of churn-mcp built it. */
  readonly follows: string;
  /** The largest share of the shop's orders that may be worked on; with more, all tables are built anew. */
  readonly mostNearby?: number | undefined;
  /** The kinds of rows of the log, each with its key; if it is not the log that grows, its rows stay as they are. */
  readonly kinds?: readonly { readonly kind: string; readonly key: string }[] | undefined;
  /** What new rows are near to. */
  readonly nearby: Nearness;
  /** Attaches the snapshot as `earlier`, and reads the new rows: which orders they are about is in `log_touched_orders`. */
  readonly read: (writer: SnapshotWriter) => Promise<{ readonly hasEarlierLog: boolean } | NoGrowth>;
  /** Fills the tables of schema `raw`, and those of the log, from the new rows and from `earlier`. */
  readonly fill: (writer: SnapshotWriter, small: SmallShop) => Promise<void>;
  /** Called once the shop tables are whole, to count them: `raw` is that of the next snapshot, `staging` what `fill` left. */
  readonly count?: ((connection: DuckDBConnection) => Promise<void>) | undefined;
  /** Whether the result is discarded: no serving table is made and nothing becomes current. */
  readonly isRehearsal?: boolean | undefined;
}

/** Why all tables have to be built anew. */
export type NoGrowth =
  | 'demo shop'
  | 'too many rows'
  | 'an id written in another way'
  | 'other types of ids'
  | 'damaged'
  | 'outgrown';

/** The small shop is held in memory, and with more of the orders little would be spared. */
export const MOST_NEARBY = 0.2;

/**
 * Makes the next snapshot from a copy of the current one, in which only the rows are replaced that new rows change. The new rows and
 * all rows of their customers are a small shop; the import and the statements of the tables run over it as they do over
 * a whole one. So each table has one definition, and the result equals that of a full build.
 */
export async function growSnapshot(options: GrowOptions): Promise<BuiltSnapshot | NoGrowth> {
  return withBuild(options, async (build) => {
    const grown = await growDatabase(build, options);
    if (typeof grown === 'string') return grown;
    return { snapshotId: build.snapshotId, summary: grown };
  });
}

async function growDatabase(build: Build, options: GrowOptions): Promise<DataSummary | NoGrowth> {
  const instance = await openEngine(':memory:', { readOnly: false, spillIn: build.folder });
  try {
    return await withConnection(instance, options.signal, (connection) =>
      withConnection(instance, options.signal, async (beside) => {
        const grown = await growOn({ connection, beside }, build, options);
        if (typeof grown === 'string') return grown;
        throwIfAborted(options.signal);
        if (options.isRehearsal === true) return grown;
        // Memory is given back while the file is summed. What this leaves, the end of the instance gives back.
        await bothOf(
          publish(build, options),
          dropSmallShop(connection).catch(() => undefined),
        );
        return grown;
      }),
    );
  } finally {
    instance.closeSync();
  }
}

async function growOn(
  { connection, beside }: Connections,
  build: Build,
  options: GrowOptions,
): Promise<DataSummary | NoGrowth> {
  const { home, follows, mostNearby = MOST_NEARBY } = options;
  const current = homeLayout(home).snapshot(follows);
  const copying = copyIntact(current, build.file, options.signal);
  // It is awaited below, also if something else fails first: perhaps because of damage.
  copying.catch(() => undefined);
  try {
    const enter = stepsOf(options);
    enter('reading', 'Reading the new rows');
    await connection.run("attach ':memory:' as next");
    const writer = await startWriting(connection, build);
    const read = await options.read(writer);
    if (typeof read === 'string') return read;
    if (await isEarlierDemo(connection)) return 'demo shop';
    const before = await readSummary(connection);
    const sums = await readSums(connection);
    await findNearbyCustomers(connection, options.nearby);
    const hasLog = options.kinds !== undefined && read.hasEarlierLog;
    const nearby = await takeNearbyRows(connection, { ...options.nearby, current, hasLog });
    if (nearby > mostNearby * before.orders) return 'too many rows';
    enter('small shop', 'Importing the new rows beside those of their customers');
    await fillBeside({ connection, beside }, writer, options);
    await connection.run('detach current');
    if (await hasOtherTypes(connection)) return 'other types of ids';
    if (await reachesFurther(connection)) return 'an id written in another way';
    enter('copying', 'Copying the data');
    if (!(await copying)) return 'damaged';
    const { size } = await stat(build.file);
    await attachUnfinished(connection, build.file, 'whole');
    // One checkpoint at the end: each writes what it finds changed in all tables, and waits for the disk.
    await connection.run("set checkpoint_threshold = '1TB'");
    if (await hasOutgrown(connection, size)) return 'outgrown';
    enter('changed rows', 'Replacing what has changed');
    return await changeWhole({ connection, beside }, options, { before, sums });
  } catch (error) {
    if ((await copying.catch(() => undefined)) === false) return 'damaged';
    throw error;
  } finally {
    await copying.catch(() => undefined);
  }
}

/** Fills the tables of the small shop, and takes beside it what is first read later. */
async function fillBeside(
  { connection, beside }: Connections,
  writer: SnapshotWriter,
  { fill }: Pick<GrowOptions, 'fill'>,
): Promise<void> {
  const lines = takeLines({ connection, beside });
  const small: SmallShop = {
    bringOrdersOfRefunds: async () => {
      await lines;
      await bringOrdersOfRefunds(connection);
    },
    countRowsBeside: () => countRowsBeside(connection),
  };
  await bothOf(
    fill(writer, small),
    lines.then(() => takeNearbySums(beside)),
  );
}

interface Before {
  readonly before: DataSummary;
  readonly sums: ShopSums;
}

async function changeWhole(
  connections: Connections,
  { kinds, signal, segmentThresholds = DEFAULT_THRESHOLDS, count, isRehearsal }: GrowOptions,
  { before, sums }: Before,
): Promise<DataSummary> {
  const { connection, beside } = connections;
  const appended = new Map<string, number | undefined>();
  const changeShop = async () => {
    if (kinds !== undefined) {
      await changeLogRows(connection, kinds);
      await replaceTable(connection, 'ingest.position');
    }
    await replaceTable(connection, 'raw.currency');
    for (const changing of RAW_TABLES) {
      throwIfAborted(signal);
      appended.set(changing.table, await changeRows(connection, changing));
    }
    return await changedSums(connection, sums);
  };
  const changeLines = async () => {
    await changeRows(beside, RAW_LINES);
    await followLines(beside);
  };
  const [sumsNow] = await bothOf(changeShop(), changeLines());
  await connection.run('use whole');
  const now = await summarise(connection, {
    segmentThresholds,
    sums: sumsNow,
    counts: 'duckdb/refresh/summary',
    values: [before.customers],
  });
  await count?.(connection);
  if (isRehearsal === true) {
    await connection.run('pragma disable_checkpoint_on_shutdown');
    return now;
  }
  await addStayingOrders(connection);
  await followAll(connections, { before, now, signal, appended });
  for (const sorted of SORTED_TABLES) await sortAgain(connection, sorted, appended.get(sorted.table));
  await connection.run('checkpoint whole');
  await connection.run('use memory');
  await connection.run('detach whole');
  return now;
}

/** Ids of new rows may be the first that are no integers, and then all ids become text. */
async function hasOtherTypes(connection: DuckDBConnection): Promise<boolean> {
  const result = await connection.runAndReadAll(loadSql('duckdb/refresh/has_other_types'));
  return result.getRowsJson()[0]?.[0] !== false;
}

function stepsOf({ signal, onProgress }: GrowOptions) {
  return (phase: string, message: string) => {
    throwIfAborted(signal);
    onProgress?.({ phase, done: 0, total: 1, message });
  };
}
