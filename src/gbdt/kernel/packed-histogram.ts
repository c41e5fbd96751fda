// Packed histograms: one 64-bit word per bin, whose upper half sums gradients and whose lower half sums hessians, so that
// a row takes one addition per feature. gbdt/quantization.ts proves that MOST_PACKED_ROWS rows fit.
//
// The loops here are inlined with the number of features as a constant: a loop over features would cost as much as the
// additions. Rows of more than sixteen features are gone through once for every sixteen.
import { ParameterField } from './layout';
import { read } from './parameters';

/** Rows that a packed histogram takes before its halves could overflow. */
export const MOST_PACKED_ROWS: usize = 65536;
/** Bytes in one feature's part of a packed histogram. */
const FEATURE_BYTES: usize = 2048;

function packedWord(packed: i32): i64 {
  return ((<i64>(packed >> 16)) << 32) + <i64>(packed & 0xffff);
}

// Adds up to eight features of a row. Bins are masked where they are needed, times eight: an instruction less per feature.
function addEight(histogram: usize, bins: u64, count: i32, word: i64): void {
  let at = histogram + (<usize>(bins << 3) & 0x7f8);
  store<i64>(at, load<i64>(at) + word);
  if (count > 1) {
    at = histogram + (<usize>(bins >> 5) & 0x7f8);
    store<i64>(at, load<i64>(at, 2048) + word, 2048);
  }
  if (count > 2) {
    at = histogram + (<usize>(bins >> 13) & 0x7f8);
    store<i64>(at, load<i64>(at, 4096) + word, 4096);
  }
  if (count > 3) {
    at = histogram + (<usize>(bins >> 21) & 0x7f8);
    store<i64>(at, load<i64>(at, 6144) + word, 6144);
  }
  if (count > 4) {
    at = histogram + (<usize>(bins >> 29) & 0x7f8);
    store<i64>(at, load<i64>(at, 8192) + word, 8192);
  }
  if (count > 5) {
    at = histogram + (<usize>(bins >> 37) & 0x7f8);
    store<i64>(at, load<i64>(at, 10240) + word, 10240);
  }
  if (count > 6) {
    at = histogram + (<usize>(bins >> 45) & 0x7f8);
    store<i64>(at, load<i64>(at, 12288) + word, 12288);
  }
  if (count > 7) {
    at = histogram + (<usize>(bins >> 53) & 0x7f8);
    store<i64>(at, load<i64>(at, 14336) + word, 14336);
  }
}

// Adds up to sixteen features of a row, whose bins begin at `bins`.
function addRow(histogram: usize, bins: usize, packed: i32, count: i32): void {
  const word = inline.always(packedWord(packed));
  inline.always(addEight(histogram, load<u64>(bins), count, word));
  if (count > 8) inline.always(addEight(histogram + 8 * FEATURE_BYTES, load<u64>(bins, 8), count - 8, word));
}

// Rows from … to, all into one histogram. `bins` is where row 0 has the first of `count` features.
function addRange(
  histogram: usize,
  bins: usize,
  rowStride: usize,
  packed: usize,
  from: usize,
  to: usize,
  count: i32,
): void {
  for (let row = from; row < to; row++) {
    inline.always(addRow(histogram, bins + row * rowStride, load<i32>(packed + (row << 2)), count));
  }
}

/** Adds all features of rows from … to to this thread's first histogram. */
export function addRows(block: usize, from: usize, to: usize): void {
  const featureCount = read(block, ParameterField.treeFeatureCount);
  for (let first: usize = 0; first < featureCount; first += 16) {
    addFeaturesOfRows(block, from, to, first, <i32>min(featureCount - first, 16));
  }
}

function addFeaturesOfRows(block: usize, from: usize, to: usize, first: usize, count: i32): void {
  const stride = read(block, ParameterField.treeStride);
  const target = read(block, ParameterField.ownPackedHistograms) + first * FEATURE_BYTES;
  const bins = read(block, ParameterField.treeBins) + first;
  const packed = read(block, ParameterField.packedGradients);
  if (count === 1) inline.always(addRange(target, bins, stride, packed, from, to, 1));
  else if (count === 2) inline.always(addRange(target, bins, stride, packed, from, to, 2));
  else if (count === 3) inline.always(addRange(target, bins, stride, packed, from, to, 3));
  else if (count === 4) inline.always(addRange(target, bins, stride, packed, from, to, 4));
  else if (count === 5) inline.always(addRange(target, bins, stride, packed, from, to, 5));
  else if (count === 6) inline.always(addRange(target, bins, stride, packed, from, to, 6));
  else if (count === 7) inline.always(addRange(target, bins, stride, packed, from, to, 7));
  else if (count === 8) inline.always(addRange(target, bins, stride, packed, from, to, 8));
  else if (count === 9) inline.always(addRange(target, bins, stride, packed, from, to, 9));
  else if (count === 10) inline.always(addRange(target, bins, stride, packed, from, to, 10));
  else if (count === 11) inline.always(addRange(target, bins, stride, packed, from, to, 11));
  else if (count === 12) inline.always(addRange(target, bins, stride, packed, from, to, 12));
  else if (count === 13) inline.always(addRange(target, bins, stride, packed, from, to, 13));
  else if (count === 14) inline.always(addRange(target, bins, stride, packed, from, to, 14));
  else if (count === 15) inline.always(addRange(target, bins, stride, packed, from, to, 15));
  else inline.always(addRange(target, bins, stride, packed, from, to, 16));
}

// Listed rows, each into the histogram of the node that it is in: features `first` … `first + count` of them. The list
// holds numbers within the block of rows that begins at `start`.
function addFromList<Node>(block: usize, start: usize, end: usize, first: usize, count: i32): void {
  const rowStride = read(block, ParameterField.treeStride);
  const histograms = read(block, ParameterField.childHistograms);
  const bins = read(block, ParameterField.treeBins) + start * rowStride + first;
  const packed = read(block, ParameterField.packedGradients) + (start << 2);
  const nodes = read(block, ParameterField.nodes) + start * sizeof<Node>();
  const offset = first * FEATURE_BYTES;
  for (let at = read(block, ParameterField.listedRows); at < end; at += 2) {
    const row = <usize>load<u16>(at);
    const node = <usize>load<Node>(nodes + row * sizeof<Node>());
    const histogram = <usize>load<u32>(histograms + (node << 2)) + offset;
    inline.always(addRow(histogram, bins + row * rowStride, load<i32>(packed + (row << 2)), count));
  }
}

/** Adds all features of the listed rows, whose list ends at `end`, of the block of rows that begins at `start`. */
export function addListedRows<Node>(block: usize, start: usize, end: usize): void {
  const featureCount = read(block, ParameterField.treeFeatureCount);
  for (let first: usize = 0; first < featureCount; first += 16) {
    addFeaturesOfList<Node>(block, start, end, first, <i32>min(featureCount - first, 16));
  }
}

function addFeaturesOfList<Node>(block: usize, start: usize, end: usize, first: usize, count: i32): void {
  if (count === 1) inline.always(addFromList<Node>(block, start, end, first, 1));
  else if (count === 2) inline.always(addFromList<Node>(block, start, end, first, 2));
  else if (count === 3) inline.always(addFromList<Node>(block, start, end, first, 3));
  else if (count === 4) inline.always(addFromList<Node>(block, start, end, first, 4));
  else if (count === 5) inline.always(addFromList<Node>(block, start, end, first, 5));
  else if (count === 6) inline.always(addFromList<Node>(block, start, end, first, 6));
  else if (count === 7) inline.always(addFromList<Node>(block, start, end, first, 7));
  else if (count === 8) inline.always(addFromList<Node>(block, start, end, first, 8));
  else if (count === 9) inline.always(addFromList<Node>(block, start, end, first, 9));
  else if (count === 10) inline.always(addFromList<Node>(block, start, end, first, 10));
  else if (count === 11) inline.always(addFromList<Node>(block, start, end, first, 11));
  else if (count === 12) inline.always(addFromList<Node>(block, start, end, first, 12));
  else if (count === 13) inline.always(addFromList<Node>(block, start, end, first, 13));
  else if (count === 14) inline.always(addFromList<Node>(block, start, end, first, 14));
  else if (count === 15) inline.always(addFromList<Node>(block, start, end, first, 15));
  else inline.always(addFromList<Node>(block, start, end, first, 16));
}

/** Adds `entries` packed sums to the sums of doubles at `wide`, and empties them. */
export function unpack(packedHistogram: usize, wide: usize, entries: usize): void {
  for (let i: usize = 0; i < entries; i++) {
    const word = load<i64>(packedHistogram + (i << 3));
    if (word === 0) continue;
    store<i64>(packedHistogram + (i << 3), 0);
    const target = wide + (i << 4);
    store<f64>(target, load<f64>(target) + <f64>(<i32>(word >> 32)));
    store<f64>(target, load<f64>(target, 8) + <f64>(<u32>word), 8);
  }
}
