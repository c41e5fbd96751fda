// The bins of a column's rows: as binOf of gbdt/binning.ts, by a binary search without branches.
import { BLOCK_ROWS, GATHERED_PART_BYTES, GATHERED_VECTORS, PART_LANES, ParameterField } from './layout';
import { missingBin, read } from './parameters';

/**
 * Bins rows from … to of a column, whose values lie at `stagedValues`, the first one that of row `from`, into the matrix
 * that is named: `bins` or `validationBins`. Thresholds are padded with +infinity to 256 entries, so that eight halvings
 * always end at the number of thresholds ≤ value. A value that equals the one before it has its bin.
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
  let known = load<u32>(values) ^ 1;
  let bin = missing;
  for (let row = from; row < to; row++) {
    const bits = load<u32>(values + ((row - from) << 2));
    if (bits !== known) {
      known = bits;
      const value = reinterpret<f32>(bits);
      let low: usize = 0;
      for (let step: usize = 128; step > 0; step >>= 1) {
        low += load<f32>(thresholds + ((low + step - 1) << 2)) <= value ? step : 0;
      }
      // biome-ignore lint/suspicious/noGlobalIsNan: AssemblyScript has no other
      bin = isNaN<f32>(value) ? missing : low;
    }
    store<u8>(target, <u8>bin);
    target += rowStride;
  }
}

/**
 * Copies the bins of the tree's features of rows from … to, so that rows are routed and histograms are built by no others.
 * Sixteen bins at a time are picked from the bytes that they lie in; a byte at a time where those are too many.
 */
export function gatherBins(block: usize, from: usize, to: usize): void {
  const treeStride = read(block, ParameterField.treeStride);
  for (let start = from; start < to; start += BLOCK_ROWS) {
    const end = min(start + BLOCK_ROWS, to);
    for (let first: usize = 0; first < treeStride; first += PART_LANES) gatherPart(block, start, end, first);
  }
}

function gatherPart(block: usize, from: usize, to: usize, first: usize): void {
  const part = read(block, ParameterField.gatheredParts) + (first / PART_LANES) * GATHERED_PART_BYTES;
  const vectors = load<u32>(part, GATHERED_VECTORS * PART_LANES);
  if (vectors === 1) inline.always(pickBins(block, from, to, first, part, 1));
  else if (vectors === 2) inline.always(pickBins(block, from, to, first, part, 2));
  else if (vectors === 3) inline.always(pickBins(block, from, to, first, part, 3));
  else copyBins(block, from, to, first);
}

// `vectors` is a constant where this is inlined.
function pickBins(block: usize, from: usize, to: usize, first: usize, part: usize, vectors: i32): void {
  const rowStride = read(block, ParameterField.rowStride);
  const treeStride = read(block, ParameterField.treeStride);
  const isHalf = treeStride < first + PART_LANES;
  const offset = <usize>load<u32>(part, GATHERED_VECTORS * PART_LANES + 4);
  const lanes0 = v128.load(part);
  const lanes1 = v128.load(part, PART_LANES);
  const lanes2 = v128.load(part, 2 * PART_LANES);
  let source = read(block, ParameterField.bins) + from * rowStride + offset;
  let target = read(block, ParameterField.treeBins) + from * treeStride + first;
  for (let row = from; row < to; row++) {
    let picked = i8x16.swizzle(v128.load(source), lanes0);
    if (vectors > 1) picked = v128.or(picked, i8x16.swizzle(v128.load(source, PART_LANES), lanes1));
    if (vectors > 2) picked = v128.or(picked, i8x16.swizzle(v128.load(source, 2 * PART_LANES), lanes2));
    if (isHalf) v128.store64_lane(target, picked, 0);
    else v128.store(target, picked);
    source += rowStride;
    target += treeStride;
  }
}

function copyBins(block: usize, from: usize, to: usize, first: usize): void {
  const rowStride = read(block, ParameterField.rowStride);
  const treeStride = read(block, ParameterField.treeStride);
  const features = read(block, ParameterField.treeFeatures);
  const end = min(first + PART_LANES, read(block, ParameterField.treeFeatureCount));
  let source = read(block, ParameterField.bins) + from * rowStride;
  let target = read(block, ParameterField.treeBins) + from * treeStride;
  for (let row = from; row < to; row++) {
    for (let feature = first; feature < end; feature++) {
      store<u8>(target + feature, load<u8>(source + <usize>load<u32>(features + (feature << 2))));
    }
    source += rowStride;
    target += treeStride;
  }
}
