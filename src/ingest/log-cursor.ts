import { appendFile } from 'node:fs/promises';
import { removePlainFile } from '../files/durable-files.ts';
import { STATE } from './frame.ts';
import { listSegments, logLayout } from './log-layout.ts';
import type { RowKind } from './row-kinds.ts';
import { readFrames } from './segment-reader.ts';

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

async function* framesOfRows(home: string, after: number) {
  const segments = await listSegments(home);
  for (const [at, first] of segments.entries()) {
    const next = segments[at + 1];
    if (next !== undefined && next <= after + 1) continue;
    for await (const frame of readFrames(logLayout(home).segment(first))) {
      if (frame.frame > after && frame.parts.some(({ kind, rows }) => kind !== STATE && rows > 0))
        yield frame;
    }
  }
}

/**
 * How many rows are after a frame. It reads all of the log.
 *
 * @throws LOG_DAMAGED if any frame is
 */
export async function countRows(home: string, after: number): Promise<{ all: number; waiting: number }> {
  const counts = { all: 0, waiting: 0 };
  for await (const { frame, parts } of framesOfRows(home, 0)) {
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
