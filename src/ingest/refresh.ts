import type { DataSummary } from '../data/data-source.ts';
import { openEngine, withConnection } from '../data/duckdb/duckdb-engine.ts';
import { tryLock } from '../data/duckdb/file-lock.ts';
import { buildsIn } from '../data/duckdb/snapshot-sweeper.ts';
import { homeLayout, isOfThisVersion, readPointer, type SnapshotPointer } from '../data/home-layout.ts';
import { attachEarlier } from '../data/import/earlier-shop.ts';
import { ChurnMcpError } from '../errors.ts';
import { makeFolder } from '../files/folders.ts';
import { earlierPosition } from './fold-log.ts';
import { type FoldingOptions, foldIntoSnapshot, type Road } from './folding.ts';
import { hasRowsAfter, removeSegmentsUpTo } from './log-cursor.ts';
import { listSegments, logLayout } from './log-layout.ts';

export interface RefreshOptions extends Omit<FoldingOptions, 'now'> {
  /** Whether data of another version is brought up to date; true by default. Two servers of different versions would do so in turns for ever. */
  readonly rebuilds?: boolean | undefined;
  /** When the refresh begins; by default the clock's time. */
  readonly now?: Date | undefined;
}

export interface RefreshReport {
  readonly snapshotId: string;
  /** Rows of the log that were folded in. */
  readonly rows: number;
  readonly road: Road;
  readonly summary: DataSummary;
}

/** Why nothing was done: there is nothing new, or another process does it. */
export type NoRefresh = 'nothing new' | 'another process refreshes';

/**
 * Folds what is new in the log into the next snapshot, or brings a snapshot of another version up to date. The snapshot says up to where, so no row is folded twice and none
 * is lost, whatever is killed. Segments go once the current snapshot and the one before hold their rows, and no import is under way.
 *
 * @throws as an import does; the data that was current stays so
 */
export async function refresh(options: RefreshOptions): Promise<RefreshReport | NoRefresh> {
  const { home } = options;
  if ((await listSegments(home)).length === 0 && !needsNewTables(await readPointer(home)))
    return 'nothing new';
  await using lock = await tryLock(logLayout(home).refreshLock);
  if (lock === undefined) return 'another process refreshes';
  for (let attempt = 1; ; attempt++) {
    try {
      return await refreshOnce(options);
    } catch (error) {
      const isMoved = error instanceof ChurnMcpError && error.code === 'SNAPSHOT_MOVED';
      if (!isMoved || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

/** Imports that end during a refresh are rare. */
const MOST_ATTEMPTS = 3;

async function refreshOnce(options: RefreshOptions): Promise<RefreshReport | NoRefresh> {
  const { home, now = new Date() } = options;
  const pointer = await readPointer(home);
  if (options.rebuilds === false && needsNewTables(pointer)) throw ofAnotherVersion();
  const hasNews = needsNewTables(pointer) || (await hasRowsAfter(home, await positionOf(home)));
  if (!hasNews) return 'nothing new';
  const { log, ...built } = await foldIntoSnapshot(pointer, { ...options, now });
  await removeFoldedSegments(home, log.from.frame);
  return { ...built, rows: log.copied.rows };
}

/**
 * Removes the segments that no snapshot needs any more. The one before the current may become current again (doctor --repair), and
 * then needs what came after it. An import that began before other refreshes ends with the log as far as it was folded when
 * it began, and needs what came since: while anything is being built, all segments stay for a later refresh to remove.
 */
async function removeFoldedSegments(home: string, upTo: number): Promise<void> {
  if ((await buildsIn(home)).length === 0) await removeSegmentsUpTo(home, upTo);
}

function ofAnotherVersion(): ChurnMcpError {
  return new ChurnMcpError(
    'NO_DATA',
    'Another version of churn-mcp built the data. New rows stay in the log.',
    {
      hint: 'If this is the newer version, stop the others and run: churn-mcp refresh. Otherwise install the version that built the data.',
    },
  );
}

/** Whether another version of churn-mcp built the current snapshot: its rows can be read, and its tables must be made anew. */
function needsNewTables(pointer: SnapshotPointer | undefined): boolean {
  return pointer !== undefined && !isOfThisVersion(pointer);
}

/** The last frame of the log that the current snapshot holds. */
export async function positionOf(home: string): Promise<number> {
  await makeFolder(homeLayout(home).data);
  const instance = await openEngine(':memory:', { readOnly: false, spillIn: homeLayout(home).data });
  try {
    return await withConnection(instance, undefined, async (connection) => {
      const state = await attachEarlier(connection, home);
      return state === 'attached' ? (await earlierPosition(connection)).frame : 0;
    });
  } finally {
    instance.closeSync();
  }
}
