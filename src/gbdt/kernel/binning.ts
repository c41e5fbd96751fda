// The bins of a column's rows: as binOf of gbdt/binning.ts, by a branch-free binary search.

/**
 * Bins rows from … to of a column (`column` points at row `from`) into the row-major matrix. `thresholds` is padded
 * with +infinity to 256 entries, so that eight halvings always end at the number of thresholds ≤ value.
 */
export function binColumn(
  column: usize,
  thresholds: usize,
  thresholdCount: u32,
  bins: usize,
  rowStride: usize,
  feature: usize,
  from: usize,
  to: usize,
): void {
  let target = bins + from * rowStride + feature;
  for (let row = from; row < to; row++) {
    const value = load<f32>(column + ((row - from) << 2));
    let low: usize = 0;
    for (let step: usize = 128; step > 0; step >>= 1) {
      low += load<f32>(thresholds + ((low + step - 1) << 2)) <= value ? step : 0;
    }
    store<u8>(target, <u8>(value === value ? low : <usize>thresholdCount + 1));
    target += rowStride;
  }
}
