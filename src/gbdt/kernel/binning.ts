// The bins of a column's rows: as binOf of gbdt/binning.ts, by a binary search without branches.
import { ParameterField } from './layout';
import { missingBin, read } from './parameters';

/**
 * Bins rows from … to of a column, whose values lie at `stagedValues`, the first one that of row `from`, into the matrix
 * that is named: `bins` or `validationBins`. Thresholds are padded with +infinity to 256 entries, so that eight halvings
 * always end at the number of thresholds ≤ value.
 */
export function binColumn(
  block: usize,
  matrix: ParameterField,
  feature: usize,
  from: usize,
  to: usize,
): void {
  const values = read(block, ParameterField.stagedValues);
  const thresholds = read(block, ParameterField.thresholds);
  const rowStride = read(block, ParameterField.rowStride);
  const missing = missingBin(block, feature);
  let target = read(block, matrix) + from * rowStride + feature;
  for (let row = from; row < to; row++) {
    const value = load<f32>(values + ((row - from) << 2));
    let low: usize = 0;
    for (let step: usize = 128; step > 0; step >>= 1) {
      low += load<f32>(thresholds + ((low + step - 1) << 2)) <= value ? step : 0;
    }
    // biome-ignore lint/suspicious/noGlobalIsNan: AssemblyScript has no other
    store<u8>(target, <u8>(isNaN<f32>(value) ? missing : low));
    target += rowStride;
  }
}

/** Copies the bins of the tree's features of rows from … to, so that histograms are built of no others. */
export function gatherBins(block: usize, from: usize, to: usize): void {
  const rowStride = read(block, ParameterField.rowStride);
  const treeStride = read(block, ParameterField.treeStride);
  const features = read(block, ParameterField.treeFeatures);
  const count = read(block, ParameterField.treeFeatureCount);
  let source = read(block, ParameterField.bins) + from * rowStride;
  let target = read(block, ParameterField.treeBins) + from * treeStride;
  for (let row = from; row < to; row++) {
    for (let feature: usize = 0; feature < count; feature++) {
      store<u8>(target + feature, load<u8>(source + <usize>load<u32>(features + (feature << 2))));
    }
    source += rowStride;
    target += treeStride;
  }
}
