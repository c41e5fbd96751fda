/**
 * A node's histogram: for every bin of every feature the sum of quantised gradients and hessians of its rows, as
 * exact integers in a Float64Array: `[2·(f·MAX_BINS + bin)]` the gradients, the entry after it the hessians.
 */
import { MAX_BINS } from './binning.ts';

/** Doubles in one histogram. */
export function histogramLength(featureCount: number): number {
  return featureCount * MAX_BINS * 2;
}

/** Adds one row, whose bins begin at `base`, to a histogram. */
export function addToHistogram(
  bins: Uint8Array,
  base: number,
  featureCount: number,
  packedGradient: number,
  histogram: Float64Array,
): void {
  const gradient = packedGradient >> 16;
  const hessian = packedGradient & 0xffff;
  for (let feature = 0; feature < featureCount; feature++) {
    const entry = (feature * MAX_BINS + bins[base + feature]) * 2;
    histogram[entry] += gradient;
    histogram[entry + 1] += hessian;
  }
}

/** Sums the threads' parts of one feature into `target`. */
export function reduceHistogram(
  parts: readonly Float64Array[],
  target: Float64Array,
  feature: number,
  binCount: number,
): void {
  const from = feature * MAX_BINS * 2;
  const to = from + binCount * 2;
  target.set(parts[0].subarray(from, to), from);
  for (let part = 1; part < parts.length; part++) {
    const source = parts[part];
    for (let i = from; i < to; i++) target[i] += source[i];
  }
}

/** sibling = parent − node, for one feature. `sibling` may be `parent` itself. */
export function subtractHistogram(
  parent: Float64Array,
  node: Float64Array,
  sibling: Float64Array,
  feature: number,
  binCount: number,
): void {
  const from = feature * MAX_BINS * 2;
  const to = from + binCount * 2;
  for (let i = from; i < to; i++) sibling[i] = parent[i] - node[i];
}
