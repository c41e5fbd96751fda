import type { ParameterField, RoutingMode } from './kernel/layout.ts';

/**
 * The functions of the kernel that train, as TypeScript calls them. `block` is the address of a thread's parameter block
 * (`kernel-memory.ts`); rows are `from` … `to`, the last one left out. `kernel/exports.check.ts` holds this to the kernel.
 */
export interface KernelFunctions {
  /** `matrix` says which bins to write: `bins` or `validationBins`. */
  binColumn(block: number, matrix: ParameterField, feature: number, from: number, to: number): void;
  /** Sorts numbers at `sortedValues`; returns the address that they are at then. */
  sortFloats(block: number, count: number): number;
  computeGradients(block: number, scalePosWeight: number, from: number, to: number): void;
  leaveOutRows(block: number, ofTree: number, mostHash: number, from: number, to: number): void;
  quantizeGradients(
    block: number,
    gradientScale: number,
    hessianScale: number,
    from: number,
    to: number,
  ): void;
  gatherBins(block: number, from: number, to: number): void;
  /** Of one list, rows `from` … `to`: first the sum of its pushes, then, times a factor that follows from it, the gradients. */
  pushList(block: number, from: number, to: number): number;
  scaleList(block: number, from: number, to: number, factor: number): void;
  buildRoot(block: number, from: number, to: number): void;
  buildLevel(
    block: number,
    mode: RoutingMode,
    parentCount: number,
    histogramCount: number,
    from: number,
    to: number,
  ): void;
  searchSplits(block: number, pairCount: number): void;
  sumLeaves(
    block: number,
    nodeCount: number,
    gradientScale: number,
    hessianScale: number,
    from: number,
    to: number,
  ): void;
  addLeafValues(block: number, from: number, to: number): void;
}

/** Those that score (`kernel/walking.ts`): addresses in bytes, of one block of rows. */
export interface WalkFunctions {
  rankColumn(
    values: number,
    thresholds: number,
    half: number,
    missingRank: number,
    count: number,
    ranks: number,
  ): void;
  addLeaves(
    trees: number,
    treeCount: number,
    ranks: number,
    nodes: number,
    count: number,
    sums: number,
  ): void;
}
