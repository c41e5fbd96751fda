/**
 * Row and column subsampling. A row's draw depends on seed, tree and row alone, never on which thread asks.
 */

/** A well-mixed 32-bit hash of three integers (the finaliser of MurmurHash3, applied to each in turn). */
function hash32(a: number, b: number, c: number): number {
  let h = 0x9e3779b9;
  for (const value of [a, b, c]) {
    h = Math.imul(h ^ value, 0x85ebca6b);
    h ^= h >>> 13;
    h = Math.imul(h, 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return h >>> 0;
}

/** Whether tree `tree` trains on row `row`: a Bernoulli draw with probability `subsample`. */
export function isRowSampled(seed: number, tree: number, row: number, subsample: number): boolean {
  return subsample >= 1 || hash32(seed, tree, row) < subsample * 2 ** 32;
}

/** The features of a tree, ascending: `round(count × colsample)` of them, at least one. */
export function sampleFeatures(
  seed: number,
  tree: number,
  featureCount: number,
  colsample: number,
): number[] {
  const features = Array.from({ length: featureCount }, (_, feature) => feature);
  if (colsample >= 1) return features;
  const wanted = Math.max(1, Math.round(featureCount * colsample));
  // Order by hash, the feature's number breaking ties: a seeded shuffle without state.
  const draw = (feature: number) => hash32(seed ^ 0x5bd1e995, tree, feature);
  return features
    .sort((a, b) => draw(a) - draw(b) || a - b)
    .slice(0, wanted)
    .sort((a, b) => a - b);
}
