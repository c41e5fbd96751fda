/** Rows `from` … `to`, the last one left out. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** One of `threads` threads that share the rows of a training. */
export interface ThreadNumber {
  readonly thread: number;
  readonly threads: number;
}

/** The part of `count` items that one thread works on. Parts are contiguous and begin at a multiple of `step`. */
export function shareOf(count: number, step: number, { thread, threads }: ThreadNumber): RowRange {
  const steps = Math.ceil(count / step);
  const boundary = (part: number) => Math.min(count, Math.floor((steps * part) / threads) * step);
  return { from: boundary(thread), to: boundary(thread + 1) };
}
