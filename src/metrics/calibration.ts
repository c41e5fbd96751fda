import type { TieGroups } from './ranked-scores.ts';
import { sumOf } from './sum.ts';

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
export function calibrationBins({ scores, positives, counts }: TieGroups, bins = 10): CalibrationBin[] {
  const total = sumOf(counts);
  const table: CalibrationBin[] = [];
  let bin = { predicted: 0, positives: 0, count: 0 };
  let seen = 0;
  for (let group = counts.length - 1; group >= 0; group--) {
    bin.predicted += scores[group] * counts[group];
    bin.positives += positives[group];
    bin.count += counts[group];
    seen += counts[group];
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
