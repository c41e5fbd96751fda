/** Most bins a feature may have, as in gbdt/binning.ts. */
export const MAX_BINS: usize = 256;
/** Rows that are routed and listed before their bins are added: what they need stays in the first-level cache. */
export const BLOCK_ROWS: usize = 512;
