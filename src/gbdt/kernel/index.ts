/** What the kernel exports. `gbdt/kernel-functions.ts` has its types, `gbdt/wasm-kernel.ts` calls it. */

export { binColumn, gatherBins } from './binning';
export { buildLevel, buildRoot } from './histogram';
export { addLeafValues, sumLeaves } from './leaves';
export { pushList, scaleList } from './lists';
export { computeGradients, quantizeGradients } from './loss';
export { leaveOutRows } from './sampling';
export { sortFloats } from './sorting';
export { searchSplits } from './splitting';
export { addLeaves, rankColumn } from './walking';

/** The address after the kernel's own static data. */
export function staticEnd(): usize {
  return __heap_base;
}
