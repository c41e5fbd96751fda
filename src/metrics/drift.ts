/**
 * Drift: how far the distribution of a feature, or of the scores, has moved since training. The population stability
 * index compares shares by the training data's tenths: PSI = Σ (actual − expected) · ln(actual / expected).
 */
import type { Distribution } from '../registry/card-figures.ts';

/** The usual limits: below the first no drift, above the second the model should be retrained. */
export const SOME_DRIFT = 0.1;
export const MUCH_DRIFT = 0.25;

const BINS = 10;
/** Shares below this count as this, so that an empty bin gives a large but finite index. */
const SMALLEST_SHARE = 1e-4;

/** The tenths of the values, fewer if values repeat; NaN is missing. Edges are first values of their bins. */
export function distributionOf(values: Float32Array): Distribution {
  const present = values.filter((value) => !Number.isNaN(value)).sort();
  const edges: number[] = [];
  for (let bin = 1; bin < BINS; bin++) {
    const edge = present[Math.floor((bin * present.length) / BINS)];
    // Plus zero: -0 equals 0, and JSON, which cards are kept in, knows only one of them.
    if (edge !== undefined && edge > (edges.at(-1) ?? present[0])) edges.push(edge + 0);
  }
  return { edges, ...sharesOf(values, edges) };
}

export function populationStabilityIndex(expected: Distribution, values: Float32Array): number {
  const actual = sharesOf(values, expected.edges);
  const term = (then: number, now: number) => {
    const [e, a] = [Math.max(then, SMALLEST_SHARE), Math.max(now, SMALLEST_SHARE)];
    return (a - e) * Math.log(a / e);
  };
  return expected.shares.reduce(
    (sum, share, bin) => sum + term(share, actual.shares[bin]),
    term(expected.missing, actual.missing),
  );
}

function sharesOf(values: Float32Array, edges: readonly number[]): { shares: number[]; missing: number } {
  const counts = new Array<number>(edges.length + 1).fill(0);
  let missing = 0;
  for (const value of values) {
    if (Number.isNaN(value)) {
      missing++;
      continue;
    }
    let bin = 0;
    while (bin < edges.length && value >= edges[bin]) bin++;
    counts[bin]++;
  }
  const total = Math.max(1, values.length);
  return { shares: counts.map((count) => count / total), missing: missing / total };
}
