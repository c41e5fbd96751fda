/**
 * What the kernel and the code that calls it agree on. AssemblyScript compiles this file and TypeScript imports it, so
 * it holds nothing but numbers and enums.
 */

/** Most bins a feature may have, the missing bin included: one byte per value. */
export const MAX_BINS = 256;
/** A bin of a node histogram: the sums of gradients and of hessians, a double each. */
export const BYTES_PER_BIN = 16;
/** Rows that are routed and listed before their bins are added: what they need stays in the first-level cache. */
export const BLOCK_ROWS = 512;
/** Entries in one byte table of routing rules: the widest level that rows are routed through by vectors. */
export const VECTOR_RULES = 64;
/**
 * A split candidate: gain, left gradients, left hessians, (feature · MAX_BINS + bin) · 2 + defaultLeft (−1 if no split is worth
 * it), and the node's gradients and hessians.
 */
export const CANDIDATE_LENGTH = 6;
/** What a split search is told of two siblings: `PairField`s, and after them four doubles, the sums of either. */
export const SEARCHED_PAIR_BYTES = 64;

/** Rows that are walked down all trees before the next ones: what they need stays in the cache. */
export const WALK_ROWS = 1024;
/** Ranks of values among the thresholds of a feature, as vectors compare them: signed bytes. */
export const LOWEST_RANK = -128;
export const HIGHEST_RANK = 127;
/** NDCG@10: pairs whose better row stands below the tenth place are left alone. */
export const RANKED_PLACES = 10;
/** What a thread needs of the list that it ranks, by row of the longest list. */
export const LIST_ROW_BYTES = 48;
/** Lanes of a vector of bytes: the tables of a level have as many entries, or a multiple. */
export const PART_LANES = 16;
/** Before each table of a tree or a level: four words. */
export const LEVEL_HEADER_BYTES = 16;

/** How the rows of a level are moved to the next one. */
export enum RoutingMode {
  /** Sixteen at a time, by the byte tables at `vectorRules`. */
  vectors,
  /** One at a time, by the tables at `ruleFeatures` and `ruleBins`. */
  oneByOne,
  /** Not at all: rows have been moved already and are only listed. */
  none,
}

/** Vectors of a row that sixteen of its bins are picked from, at most. */
export const GATHERED_VECTORS = 3;
/**
 * How sixteen bins are picked: for each of those vectors the lane that each bin has in it (255 if it lies in another); how
 * many vectors there are, or 0 if bins are copied one by one; and how many bytes after a row's start the first one begins.
 */
export const GATHERED_PART_BYTES = 64;

/** The parameter block of a thread: one 32-bit word per field, an address in bytes unless said otherwise. */
export enum ParameterField {
  /** Bytes from a row's bins to the next row's. */
  rowStride,
  featureCount,
  /** Bytes per entry of `nodes`: 1 or 4. */
  nodeBytes,
  /** Number of threads, and of node histograms that each of them builds at a time. */
  threads,
  nodesPerBatch,
  /** This thread's number. */
  thread,
  thresholdCounts,
  bins,
  validationBins,
  nodes,
  labels,
  /** 0 if all rows weigh the same. */
  weights,
  rawScores,
  gradients,
  hessians,
  packedGradients,
  /** All threads' histograms, and where this thread's begin. */
  threadHistograms,
  ownHistograms,
  packedHistograms,
  ownPackedHistograms,
  /** A word per thread: 1 if its histograms are wide, 0 if packed. */
  spills,
  nodeHistograms,
  candidates,
  /** This thread's part of the leaf sums. */
  leafSums,
  /** Two float32: the largest absolute gradient and the largest hessian of this thread's rows. */
  maxima,
  /** Values of the column that is being binned, and its thresholds, padded with +infinity to `MAX_BINS`. */
  stagedValues,
  thresholds,
  /** Numbers to be sorted, and room for as many. */
  sortedValues,
  /** The rows of a block to add to histograms, as 16-bit numbers within the block. */
  listedRows,
  /** For each pattern of eight bits, the numbers of those set (16 bits each), first to last. */
  laneNumbers,
  /** Four byte tables of `VECTOR_RULES` entries: the feature's place among the tree's, last left bin, left missing bin, listed side. */
  vectorRules,
  /** Per parent: the feature's place among the tree's (32 bits). */
  ruleFeatures,
  /** Per parent a byte: last left bins, and after them left missing bins. */
  ruleBins,
  /** Per child: the address of its packed histogram or 0; and the number of its rows added so far. */
  childHistograms,
  childCounts,
  /** Per histogram of the batch: the child that it is of. */
  histogramChildren,
  /** Leaf values (float32) by node of the last level. */
  leafValues,
  /** The numbers of a split search (see `SearchField`), and the siblings that are searched. */
  search,
  searchedPairs,
  /** `LIST_ROW_BYTES` for each of `listRoom` rows (not an address): keys, pushes, scores and places of a list. */
  lists,
  listRoom,
  /** What a wanted row at each place is worth, in float32; and a word that says where the sorted keys of the list are. */
  discounts,
  listOrder,
  /**
   * What rows are routed and histograms are built by: where row 0 has the bins of the tree's features one after the other, bytes from a row's to
   * the next row's, how many features (the last two no addresses), and the number of each in 32 bits.
   */
  treeBins,
  treeStride,
  treeFeatureCount,
  treeFeatures,
  /** How the tree's features are picked from a row, sixteen after sixteen: `GATHERED_PART_BYTES` each. */
  gatheredParts,
}

/** The numbers that a split search needs: one double per field. */
export enum SearchField {
  /** One over the scales that gradients and hessians were quantised with. */
  inverseGradientScale,
  inverseHessianScale,
  lambda,
  alpha,
  minChildWeight,
  minGain,
}

/** The words of two siblings, of which the second is there if `hasSibling`: 1 or 0. Indices are those of node histograms. */
export enum PairField {
  builtIndex,
  /** The number that the node has in its batch. */
  builtNumber,
  hasSibling,
  siblingIndex,
  siblingNumber,
  parentIndex,
  /** 0 at the root, whose sums are those of its histogram. */
  hasSums,
}

/** The first of the four doubles after them: gradients and hessians of the node that is built, then the sibling's. */
export const PAIR_SUMS = 4;
