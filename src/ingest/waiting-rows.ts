import { sharedCall } from '../shared-call.ts';
import { STATE } from './frame.ts';
import { listSegments, logLayout } from './log-layout.ts';
import { readFrameHeads } from './segment-reader.ts';

/** A count may be so old: looking costs more than the rest of a short answer. */
const LOOKED_FOR_MS = 1000;

/**
 * Counts the rows of a home's log that are not in the data yet. It reads only the heads of frames, and each once: the next
 * count goes on where this one ended.
 */
export class WaitingRows {
  readonly #home: string;
  readonly #now: () => Date;
  #looked = { at: Number.NEGATIVE_INFINITY, hasLog: false };
  /** Up to where the log was read: the first frame of a segment, and a byte of it. */
  #read = { first: 0, at: 0 };
  /** The frames that were read and may not be in the data, in their order. */
  #frames: { readonly frame: number; readonly rows: number }[] = [];
  readonly #readOnce = sharedCall(() => this.#readOn());

  constructor(home: string, now: () => Date) {
    this.#home = home;
    this.#now = now;
  }

  /**
   * @param frame the last one that the data holds; it never decreases
   * @returns undefined if nothing was ever ingested
   */
  async countAfter(frame: number): Promise<number | undefined> {
    const now = this.#now().getTime();
    if (Math.abs(now - this.#looked.at) >= LOOKED_FOR_MS) {
      this.#looked = { at: now, hasLog: await this.#readOnce() };
    }
    if (!this.#looked.hasLog) return undefined;
    this.#frames = this.#frames.filter((each) => each.frame > frame);
    return this.#frames.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Whether there is a log. */
  async #readOn(): Promise<boolean> {
    const segments = await listSegments(this.#home);
    for (const first of segments.filter((each) => each >= this.#read.first)) {
      const from = first === this.#read.first ? this.#read.at : 0;
      this.#read = { first, at: from };
      for await (const { frame, parts, end } of readFrameHeads(logLayout(this.#home).segment(first), from)) {
        const rows = parts.reduce((sum, part) => sum + (part.kind === STATE ? 0 : part.rows), 0);
        if (rows > 0) this.#frames.push({ frame, rows });
        this.#read.at = end;
      }
    }
    return segments.length > 0;
  }
}
