// Reading the parameter block that gbdt/kernel-memory.ts writes.
import { BYTES_PER_BIN, MAX_BINS, ParameterField, SearchField } from './layout';

/** A field of a thread's parameter block. */
export function read(block: usize, field: ParameterField): usize {
  return <usize>load<u32>(block + ((<usize>field) << 2));
}

/** A field of the numbers for a split search. */
export function readSearch(search: usize, field: SearchField): f64 {
  return load<f64>(search + ((<usize>field) << 3));
}

/** Bytes in one histogram over all features. */
export function histogramBytes(block: usize): usize {
  return read(block, ParameterField.featureCount) * (MAX_BINS * BYTES_PER_BIN);
}

/** Where a feature's bins begin in the node histogram of a given index. */
export function nodeBins(block: usize, histogramIndex: usize, feature: usize): usize {
  const histograms = read(block, ParameterField.nodeHistograms);
  return histograms + histogramIndex * histogramBytes(block) + feature * (MAX_BINS * BYTES_PER_BIN);
}

/** The bin of a feature's missing values, which comes after its value bins. */
export function missingBin(block: usize, feature: usize): usize {
  return <usize>load<u32>(read(block, ParameterField.thresholdCounts) + (feature << 2)) + 1;
}
