import { rename } from 'node:fs/promises';
import { type BuiltSnapshot, buildSnapshot, type SnapshotWriter } from '../data/duckdb/snapshot-builder.ts';
import { growSnapshot, type NoGrowth } from '../data/growth/grow-snapshot.ts';
import { homeLayout, isOfThisVersion, type SnapshotPointer } from '../data/home-layout.ts';
import { fillFromLog } from '../data/import/import-shop.ts';
import type { SmallShop } from '../data/import/small-shop.ts';
import type { SegmentThresholds } from '../data/segment-thresholds.ts';
import { ChurnMcpError } from '../errors.ts';
import type { ProgressListener } from '../progress.ts';
import { foldLog, type ReadLog, readLog } from './fold-log.ts';
import { KINDS, ROW_KINDS } from './row-kinds.ts';

export interface FoldingOptions {
  readonly home: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  readonly segmentThresholds?: SegmentThresholds | undefined;
  /** When the refresh begins. */
  readonly now: Date;
  /** Called with the id of the whole snapshot before it becomes current. */
  readonly beforeCurrent?: ((snapshotId: string) => Promise<void>) | undefined;
  /** The largest share of the shop's orders for which only changed rows are replaced; 0: all tables are built anew. */
  readonly mostNearby?: number | undefined;
}

/** How a snapshot was made: only the rows that changed were replaced, or why all tables were built anew. */
export type Road = 'changed rows' | NoGrowth | 'first data' | 'another version' | 'as asked';

export interface FoldedSnapshot extends BuiltSnapshot {
  readonly log: ReadLog;
  readonly road: Road;
}

/** Folds what is new in the log into the next snapshot: into a copy of the current one if it can, else into new tables. */
export async function foldIntoSnapshot(
  current: SnapshotPointer | undefined,
  options: FoldingOptions,
): Promise<FoldedSnapshot> {
  if (current === undefined) return await rebuild(null, options, 'first data');
  if (!isOfThisVersion(current)) return await rebuild(current.snapshot, options, 'another version');
  if (options.mostNearby === 0) return await rebuild(current.snapshot, options, 'as asked');
  const grown = await grow(current.snapshot, options);
  return typeof grown === 'string' ? await rebuild(current.snapshot, options, grown) : grown;
}

/** What rows of the log are near to. */
const NEARBY = {
  told: 'duckdb/refresh/told_customers',
  renewed: 'duckdb/refresh/renewed_orders',
} as const;

async function grow(follows: string, options: FoldingOptions): Promise<FoldedSnapshot | NoGrowth> {
  const folding = new Folding(options);
  const { read, fill, beforeFlip } = folding;
  const kinds = ROW_KINDS.map((kind) => ({ kind, key: KINDS[kind].key }));
  const grown = await growSnapshot({ ...options, follows, kinds, nearby: NEARBY, read, fill, beforeFlip });
  return typeof grown === 'string' ? grown : { ...grown, log: folding.log, road: 'changed rows' };
}

async function rebuild(follows: string | null, options: FoldingOptions, road: Road): Promise<FoldedSnapshot> {
  const folding = new Folding(options);
  const fill = async (writer: SnapshotWriter) => {
    await folding.read(writer);
    await folding.fill(writer);
  };
  const built = await buildSnapshot({ ...options, follows, fill, beforeFlip: folding.beforeFlip });
  return { ...built, log: folding.log, road };
}

/** The steps of a refresh that both roads share. */
class Folding {
  readonly #options: FoldingOptions;
  readonly #today: string;
  #log: ReadLog | undefined;
  #rejects: string | undefined;

  constructor(options: FoldingOptions) {
    this.#options = options;
    this.#today = options.now.toISOString().slice(0, 10);
  }

  get log(): ReadLog {
    if (this.#log === undefined) throw new ChurnMcpError('INTERNAL', 'The log was not read.');
    return this.#log;
  }

  readonly read = async (writer: SnapshotWriter): Promise<ReadLog> => {
    this.#log = await readLog(writer, this.#options.home, this.#today);
    return this.#log;
  };

  readonly fill = async (writer: SnapshotWriter, small?: SmallShop): Promise<void> => {
    const request = await foldLog(writer, this.log, this.#today);
    this.#rejects = await fillFromLog(writer, request, { ...this.#options, small });
  };

  readonly beforeFlip = async (id: string): Promise<void> => {
    if (this.#rejects !== undefined)
      await rename(this.#rejects, homeLayout(this.#options.home).rejectsOf(id));
    await this.#options.beforeCurrent?.(id);
  };
}
