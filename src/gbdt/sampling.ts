/**
 * Row and column subsampling. A row's draw depends on seed, tree and row alone, never on which thread asks.
 */

const HASH_START = 0x9e3779b9;

/** The finaliser of MurmurHash3: applied to one integer after the other, it makes a well-mixed 32-bit hash of them. */
function mix(hash: number, value: number): number {
  let h = Math.imul(hash ^ value, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The rows of a tree: those whose hash, with the tree's as its start, is at most `mostHash`. */
export interface RowDraw {
  /** 32 bits, signed. */
  readonly ofTree: number;
  readonly mostHash: number;
}

/** A Bernoulli draw of each row with probability `subsample`; undefined if the tree trains on all. */
export function drawOfRows(seed: number, tree: number, subsample: number): RowDraw | undefined {
  if (subsample >= 1) return undefined;
  return { ofTree: mix(mix(HASH_START, seed), tree), mostHash: Math.ceil(subsample * 2 ** 32) - 1 };
}

export function isDrawn({ ofTree, mostHash }: RowDraw, row: number): boolean {
  return mix(ofTree, row) >>> 0 <= mostHash;
}

/** How many features a tree splits on, at most. */
export function sampledFeatureCount(featureCount: number, colsample: number): number {
  return Math.min(featureCount, Math.max(1, Math.round(featureCount * colsample)));
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
  const wanted = sampledFeatureCount(featureCount, colsample);
  // Order by hash, the feature's number breaking ties: a seeded shuffle without state.
  const ofTree = mix(mix(HASH_START, seed ^ 0x5bd1e995), tree);
  const draw = (feature: number) => mix(ofTree, feature) >>> 0;
  return features
    .sort((a, b) => draw(a) - draw(b) || a - b)
    .slice(0, wanted)
    .sort((a, b) => a - b);
}
