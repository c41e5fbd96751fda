/** What the kernel exports; `gbdt/wasm-kernel.ts` calls it. */

export { binColumn } from './binning';
export { buildByteLevel, buildRoot, buildWordLevel } from './histogram';
export { addByteLeafValues, addWordLeafValues, sumByteLeaves, sumWordLeaves } from './leaves';
export { computeGradients, quantizeGradients } from './loss';
export { findBestSplit, reduce, subtract } from './splitting';

/** Where the kernel's own static data ends. */
export function staticEnd(): usize {
  return __heap_base;
}
