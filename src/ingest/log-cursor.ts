import { appendFile } from 'node:fs/promises';
import { ChurnMcpError } from '../errors.ts';
import { removePlainFile } from '../files/durable-files.ts';
import { STATE } from './frame.ts';
import { listSegments, logLayout } from './log-layout.ts';
import type { RowKind } from './row-kinds.ts';
import { logDamaged, type ReadFrame, readFrames } from './segment-reader.ts';

/** Rows of the log after a frame, as files of one kind each. */
export interface CopiedRows {
  /** The last frame that was copied. */
  readonly frame: number;
  readonly rows: number;
  readonly files: ReadonlyMap<RowKind, string>;
}

/** Whether the log holds rows after a frame; reads no more than it must. */
export async function hasRowsAfter(home: string, frame: number): Promise<boolean> {
  for await (const _ of framesOfRows(home, frame)) return true;
  return false;
}

/**
 * Copies the rows after a frame to files, in their order. If the log is long, a part of it: the rest follows at the next
 * refresh.
 *
 * @param fileOf where the rows of a kind go; the file does not exist yet
 */
export async function copyRowsAfter(
  home: string,
  after: number,
  fileOf: (kind: RowKind) => string,
): Promise<CopiedRows> {
  const files = new Map<RowKind, string>();
  let [frame, rows] = [after, 0];
  for await (const found of framesOfRows(home, after)) {
    for (const [at, part] of found.parts.entries()) {
      const content = found.contents[at];
      if (part.kind === STATE || content === undefined) continue;
      const file = fileOf(part.kind);
      files.set(part.kind, file);
      await appendFile(file, content);
      rows += part.rows;
    }
    frame = found.frame;
    if (rows >= MOST_ROWS) break;
  }
  return { frame, rows, files };
}

/** Bounds what one refresh works on. */
const MOST_ROWS = 5_000_000;

async function* framesOfRows(home: string, from: number, after = from) {
  const segments = await listSegments(home);
  let last = after;
  for (const [at, first] of segments.entries()) {
    const next = segments[at + 1];
    if (next !== undefined && next <= from + 1) continue;
    for await (const frame of framesOfSegment(home, first, last)) {
      if (frame.frame > from && frame.parts.some(({ kind, rows }) => kind !== STATE && rows > 0)) yield frame;
      last = Math.max(last, frame.frame);
    }
  }
}

/**
 * @param last the last frame that is in the data, or was read before
 * @throws LOG_DAMAGED if a frame is damaged, or frames are missing before this segment
 */
function framesOfSegment(home: string, first: number, last: number): AsyncGenerator<ReadFrame> {
  if (first <= last + 1) return readFrames(logLayout(home).segment(first));
  const missing = first === last + 2 ? `Batch ${last + 1} is` : `The batches ${last + 1} to ${first - 1} are`;
  throw logDamaged(`${missing} missing in the log of the home folder.`);
}

export interface LogDamage {
  readonly error: ChurnMcpError;
  /** The damaged segment, or the one before which batches are missing, and all later ones: nobody can go on after them. */
  readonly files: readonly string[];
}

/** @param after the last frame that is in the data */
export async function damageOfLog(home: string, after: number): Promise<LogDamage | undefined> {
  const segments = await listSegments(home);
  let last = after;
  for (const [at, first] of segments.entries()) {
    try {
      for await (const { frame } of framesOfSegment(home, first, last)) last = Math.max(last, frame);
    } catch (error) {
      if (!(error instanceof ChurnMcpError)) throw error;
      return { error, files: segments.slice(at).map((each) => logLayout(home).segment(each)) };
    }
  }
  return undefined;
}

/**
 * How many rows are after a frame. It reads all of the log.
 *
 * @throws LOG_DAMAGED if any frame is damaged or missing
 */
export async function countRows(home: string, after: number): Promise<{ all: number; waiting: number }> {
  const counts = { all: 0, waiting: 0 };
  for await (const { frame, parts } of framesOfRows(home, 0, after)) {
    const rows = parts.reduce((sum, part) => sum + part.rows, 0);
    counts.all += rows;
    if (frame > after) counts.waiting += rows;
  }
  return counts;
}

/** Removes segments whose frames are all folded. The last one stays: it holds the tokens of all channels. */
export async function removeSegmentsUpTo(home: string, frame: number): Promise<void> {
  const segments = await listSegments(home);
  for (const [at, first] of segments.entries()) {
    const next = segments[at + 1];
    if (next === undefined || next > frame + 1) return;
    await removePlainFile(logLayout(home).segment(first)).catch(() => undefined);
  }
}
