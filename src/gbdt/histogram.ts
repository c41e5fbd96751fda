/**
 * A node's histogram: for every bin of every feature the sum of quantised gradients and hessians of its rows, as exact
 * integers in a Float64Array. Bin b of feature f has its gradients at `2 · (f · MAX_BINS + b)`, its hessians after them.
 */
import { type BinnedRows, MAX_BINS } from './binning.ts';

/** The bins of one feature in a histogram: the first `binCount` of `MAX_BINS`. */
export interface FeatureBins {
  readonly feature: number;
  readonly binCount: number;
}

/** Doubles in one histogram. */
export function histogramLength(featureCount: number): number {
  return featureCount * MAX_BINS * 2;
}

/** Adds one row to a histogram over `featureCount` features. */
export function addToHistogram(
  histogram: Float64Array,
  { bins, rowStride, featureCount }: BinnedRows,
  row: number,
  packedGradient: number,
): void {
  const gradient = packedGradient >> 16;
  const hessian = packedGradient & 0xffff;
  for (let feature = 0; feature < featureCount; feature++) {
    const entry = (feature * MAX_BINS + bins[row * rowStride + feature]) * 2;
    histogram[entry] += gradient;
    histogram[entry + 1] += hessian;
  }
}

/** Writes to `target` the sums of one feature over the histograms of all threads. */
export function reduceHistogram(
  parts: readonly Float64Array[],
  target: Float64Array,
  { feature, binCount }: FeatureBins,
): void {
  const from = feature * MAX_BINS * 2;
  const to = from + binCount * 2;
  target.set(parts[0].subarray(from, to), from);
  for (let part = 1; part < parts.length; part++) {
    const source = parts[part];
    for (let i = from; i < to; i++) target[i] += source[i];
  }
}

/** The subtraction trick for one feature: sibling = parent − built. `sibling` may be `parent` itself. */
export function subtractHistogram(
  parent: Float64Array,
  built: Float64Array,
  sibling: Float64Array,
  { feature, binCount }: FeatureBins,
): void {
  const from = feature * MAX_BINS * 2;
  const to = from + binCount * 2;
  for (let i = from; i < to; i++) sibling[i] = parent[i] - built[i];
}
