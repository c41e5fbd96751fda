/**
 * Binning: every feature value becomes one byte, the number of the quantile interval that holds it, so that
 * histograms have at most 256 entries per feature and a row's bins stand side by side in memory.
 *
 * A feature with thresholds t0 < t1 < … has value bins 0 … n, where bin(v) = the number of thresholds ≤ v.
 * "bin ≤ k" is therefore the same as "v < t_k" in float32: a split found on bins holds for raw values, to the bit.
 * The bin after the last value bin holds missing values (NaN).
 */

import { sortFloat32 } from '../dataset/radix-sort.ts';
import { MAX_BINS } from './kernel/layout.ts';
import type { RowRange } from './row-range.ts';

export { MAX_BINS };

/** Thresholds are found on at most this many rows, taken at even distances; more rows move them by less than a bin. */
export const BINNING_SAMPLE_ROWS = 1 << 18;

/** The thresholds of all features: those of feature f start at `f * MAX_BINS` of `binThresholds`. */
export interface BinMapper {
  readonly binThresholds: Float32Array;
  /** Thresholds per feature; feature f has `thresholdCounts[f] + 1` value bins. */
  readonly thresholdCounts: Int32Array;
}

/** The bins of all rows, row by row: row r has the bin of feature f at `r · rowStride + f`. */
export interface BinnedRows {
  readonly bins: Uint8Array;
  readonly rowStride: number;
  readonly featureCount: number;
}

export function missingBin(mapper: BinMapper, feature: number): number {
  return mapper.thresholdCounts[feature] + 1;
}

/**
 * Writes the thresholds of one feature into the mapper, for `maxBins` value bins (255 if it is 256: the missing bin
 * needs a byte too). With at most as many distinct values each gets a bin of its own and thresholds lie half way
 * between neighbours; else bins hold about equally many rows.
 */
export function findBinThresholds(
  { feature, values: column }: FeatureColumn,
  maxBins: number,
  mapper: BinMapper,
  sort = sortFloat32,
): void {
  const values = sampleOf(column);
  const thresholds = mapper.binThresholds.subarray(feature * MAX_BINS, (feature + 1) * MAX_BINS);
  const valueBins = Math.min(maxBins, MAX_BINS - 1);
  const distinct = distinctValues(values, valueBins);
  mapper.thresholdCounts[feature] =
    distinct === undefined
      ? quantileThresholds(sort(values), valueBins, thresholds)
      : thresholdsBetween(distinct, thresholds);
}

/** The bin of a value: binary search for the number of thresholds ≤ value; NaN has the missing bin. */
export function binOf(value: number, mapper: BinMapper, feature: number): number {
  const offset = feature * MAX_BINS;
  const count = mapper.thresholdCounts[feature];
  if (Number.isNaN(value)) return count + 1;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (mapper.binThresholds[offset + middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A column of a data set: the values of one feature, in the order of the rows. */
export interface FeatureColumn {
  readonly feature: number;
  readonly values: Float32Array;
}

/** Writes the bins of some rows of one column. */
export function binColumn(
  { feature, values }: FeatureColumn,
  mapper: BinMapper,
  { bins, rowStride }: BinnedRows,
  { from, to }: RowRange,
): void {
  for (let row = from; row < to; row++) bins[row * rowStride + feature] = binOf(values[row], mapper, feature);
}

/** Bytes of a row's bins: padded to 8, so that one 64-bit load brings eight bins. */
export function rowStrideOf(featureCount: number): number {
  return (featureCount + 7) & ~7;
}

/** The present values of the sampled rows; −0 counts as 0. */
function sampleOf(column: Float32Array): Float32Array {
  const rows = column.length;
  const step = rows > BINNING_SAMPLE_ROWS ? rows / BINNING_SAMPLE_ROWS : 1;
  const sample = new Float32Array(Math.min(rows, BINNING_SAMPLE_ROWS));
  let present = 0;
  for (let i = 0; i < sample.length; i++) {
    const value = column[step === 1 ? i : Math.floor(i * step)];
    if (!Number.isNaN(value)) sample[present++] = value + 0;
  }
  return sample.subarray(0, present);
}

/** Four places for each value that a column of few values has: a search for one ends soon. */
const DISTINCT_PLACES = 1024;
/** Multiplied by it, the upper bits of floats that differ in a few bits differ. */
const GOLDEN_RATIO = 0x9e3779b1;

/** The distinct values, ascending; undefined if there are more than `limit`. They need no sorting of all values. */
function distinctValues(values: Float32Array, limit: number): Float32Array | undefined {
  const places = new Float32Array(DISTINCT_PLACES).fill(Number.NaN);
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const distinct = new Float32Array(limit);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (i > 0 && value === values[i - 1]) continue;
    let place = Math.imul(bits[i], GOLDEN_RATIO) >>> 22;
    while (places[place] !== value && !Number.isNaN(places[place])) place = (place + 1) % DISTINCT_PLACES;
    if (places[place] === value) continue;
    if (count === limit) return undefined;
    places[place] = value;
    distinct[count++] = value;
  }
  return distinct.subarray(0, count).sort();
}

function thresholdsBetween(distinct: Float32Array, thresholds: Float32Array): number {
  for (let i = 1; i < distinct.length; i++) thresholds[i - 1] = midpoint(distinct[i - 1], distinct[i]);
  return Math.max(0, distinct.length - 1);
}

/**
 * Cuts at each multiple of rows / bins in the order of the values, always between two distinct values: before the value
 * that is there or, if its bin has begun already and it fills that bin alone, after it. A value with as many rows as two
 * bins meets two multiples, and so has a bin of its own: zero stays apart from the rest however many rows have zero.
 */
function quantileThresholds(sorted: Float32Array, valueBins: number, thresholds: Float32Array): number {
  const rows = sorted.length;
  let count = 0;
  let binStart = 0;
  for (let k = 1; k < valueBins; k++) {
    const position = Math.floor((k * rows) / valueBins);
    if (position < binStart) continue;
    const value = sorted[position];
    let start = position;
    while (start > binStart && sorted[start - 1] === value) start--;
    let cut = start;
    if (start === binStart) {
      while (cut < rows && sorted[cut] === value) cut++;
      const fillsBin = (cut - start) * valueBins >= rows;
      if (!fillsBin || cut === rows) continue;
    }
    thresholds[count++] = midpoint(sorted[cut - 1], sorted[cut]);
    binStart = cut;
  }
  return count;
}

/** A float32 threshold t with low < t ≤ high. */
function midpoint(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2);
  return middle > low && middle <= high ? middle : high;
}
