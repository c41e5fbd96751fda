import type { OperatingPoint } from '../registry/card-figures.ts';
import { type TieGroups, tieGroupsOf } from './ranked-scores.ts';
import { sumOf } from './sum.ts';

/** Thresholds at every hundredth, as people set them. */
const HUNDREDTHS = Array.from({ length: 101 }, (_, i) => i / 100);
/** As many at quantiles of the scores: if all scores are small, hundredths would miss the curve. */
const QUANTILES = 100;

/**
 * True and false alarms of a classifier at up to 201 thresholds, highest first: enough to draw its
 * ROC and precision-recall curves and to move its threshold. A row is predicted positive above a threshold, not at it.
 * `labels` are 0 or 1. O(n log n).
 */
export function operatingPoints(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): OperatingPoint[] {
  const groups = tieGroupsOf(labels, probabilities);
  const thresholds = [...new Set([...HUNDREDTHS, ...quantilesOf(groups)])].sort((a, b) => b - a);
  const { scores, positives, counts } = groups;
  let [next, tp, fp] = [0, 0, 0];
  return thresholds.map((threshold) => {
    for (; next < counts.length && scores[next] > threshold; next++) {
      tp += positives[next];
      fp += counts[next] - positives[next];
    }
    return { threshold, tp, fp };
  });
}

/** Scores that 0 %, 1 %, … of all rows lie above. */
function quantilesOf({ scores, counts }: TieGroups): number[] {
  const rows = sumOf(counts);
  const quantiles: number[] = [];
  let above = 0;
  for (let group = 0; group < counts.length; group++) {
    above += counts[group];
    while (quantiles.length < QUANTILES && above * QUANTILES > quantiles.length * rows) {
      quantiles.push(scores[group]);
    }
  }
  return quantiles;
}
