import type { TieGroup } from './ranked-scores.ts';

export interface CalibrationBin {
  /** Mean predicted probability of the bin's rows. */
  readonly predicted: number;
  /** Share of positives among them. */
  readonly observed: number;
  readonly count: number;
}

/**
 * A reliability table: rows in bins of about equal size by predicted probability, lowest first. Rows of one
 * probability stay in one bin, so there may be fewer bins than asked for.
 */
export function calibrationBins(groups: readonly TieGroup[], bins = 10): CalibrationBin[] {
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  const table: CalibrationBin[] = [];
  let bin = { predicted: 0, positives: 0, count: 0 };
  let seen = 0;
  for (const { score, positives, count } of groups.toReversed()) {
    bin.predicted += score * count;
    bin.positives += positives;
    bin.count += count;
    seen += count;
    if (seen >= ((table.length + 1) * total) / bins || seen === total) {
      table.push({
        predicted: bin.predicted / bin.count,
        observed: bin.positives / bin.count,
        count: bin.count,
      });
      bin = { predicted: 0, positives: 0, count: 0 };
    }
  }
  return table;
}
