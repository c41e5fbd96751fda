/**
 * A segment of the number line that a categorical split sends one way. XGBoost's rule (1.6 and later): a code, its
 * fraction cut off, goes right if it is one of the split's categories, and left if it is another, too large or negative.
 * So category `c` is the half-open interval `[c, c + 1)`, and the split is the union of its categories, exactly in float32.
 */
export interface Segment {
  /** Included; -Infinity at the first. */
  readonly from: number;
  /** Excluded; Infinity at the last, which includes it. */
  readonly to: number;
  readonly goesLeft: boolean;
}

/** What the splits above say about a categorical feature. */
export interface CategoryRange {
  readonly from: number;
  readonly to: number;
  readonly mayBeMissing: boolean;
  readonly mayHaveValue: boolean;
}

export const WHOLE_RANGE: CategoryRange = {
  from: Number.NEGATIVE_INFINITY,
  to: Number.POSITIVE_INFINITY,
  mayBeMissing: true,
  mayHaveValue: true,
};

/** The segments of the whole line that lie in `range`, ascending; neighbours go different ways. */
export function segmentsOf(categoriesGoingRight: readonly number[], range: CategoryRange): Segment[] {
  const segments: Segment[] = [];
  const add = (from: number, to: number, goesLeft: boolean) => {
    const clipped = { from: Math.max(from, range.from), to: Math.min(to, range.to), goesLeft };
    if (clipped.from < clipped.to) segments.push(clipped);
  };
  let from = Number.NEGATIVE_INFINITY;
  for (const [first, end] of runsOf(categoriesGoingRight)) {
    add(from, first, true);
    add(first, end, false);
    from = end;
  }
  add(from, Number.POSITIVE_INFINITY, true);
  return segments;
}

/** Consecutive categories as `[first, last + 1)`. */
function runsOf(categories: readonly number[]): [first: number, end: number][] {
  const runs: [number, number][] = [];
  for (const category of [...new Set(categories)].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === category) last[1] = category + 1;
    else runs.push([category, category + 1]);
  }
  return runs;
}
