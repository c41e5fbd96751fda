// Building histograms: for each listed row, one 64-bit addition a feature. The upper half of an entry sums gradients,
// the lower half hessians (gbdt/quantization.ts proves that 2^16 rows fit); before an entry could overflow, and at the
// end, the packed histogram is moved into a wide one of doubles.
import { BLOCK_ROWS, MAX_BINS } from './layout';
import { routeBlock, routeVector } from './routing';

/** Rows a packed histogram takes before its halves could overflow. */
const MOST_PACKED_ROWS: usize = 65536;
/** Rows between two looks at how full the packed histograms are. */
const CHECK_ROWS: usize = 8192;

// @ts-expect-error: decorator
@inline
function packedWord(packed: i32): i64 {
  return ((<i64>(packed >> 16)) << 32) + <i64>(packed & 0xffff);
}

// Adds up to eight features of a row. `count` is a constant where this is inlined, and the rest falls away. Bins are
// masked where they are needed, times eight, which saves an instruction a feature.
// @ts-expect-error: decorator
@inline
function addGroup(histogram: usize, bins: u64, count: i32, word: i64): void {
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
// @ts-expect-error: decorator
@inline
function addRow(histogram: usize, bins: usize, count: i32, word: i64): void {
  addGroup(histogram, load<u64>(bins), count, word);
  if (count > 8) addGroup(histogram + 8 * (MAX_BINS * 8), load<u64>(bins, 8), count - 8, word);
}

// Rows from … to of one group of features, all into one histogram.
// @ts-expect-error: decorator
@inline
function addRange(histogram: usize, from: usize, to: usize, bins: usize, rowStride: usize, packed: usize, count: i32): void {
  for (let row = from; row < to; row++) {
    addRow(histogram, bins + row * rowStride, count, packedWord(load<i32>(packed + (row << 2))));
  }
}

// The listed rows of a block, each into the histogram of the node it is in.
// @ts-expect-error: decorator
@inline
function addList<Node>(
  list: usize, end: usize, bins: usize, rowStride: usize, packed: usize, nodes: usize, pointers: usize, group: usize, count: i32,
): void {
  for (let at = list; at < end; at += 2) {
    const row = <usize>load<u16>(at);
    const node = <usize>load<Node>(nodes + row * sizeof<Node>());
    const histogram = <usize>load<u32>(pointers + (node << 2)) + group;
    addRow(histogram, bins + row * rowStride, count, packedWord(load<i32>(packed + (row << 2))));
  }
}

// Up to sixteen features at a time: a row's gradients are unpacked once for all of them.
function addRangeGroups(histogram: usize, from: usize, to: usize, bins: usize, rowStride: usize, packed: usize, featureCount: usize): void {
  for (let first: usize = 0; first < featureCount; first += 16) {
    const target = histogram + first * (MAX_BINS * 8);
    const groupBins = bins + first;
    switch (<i32>min(featureCount - first, 16)) {
      case 1: { addRange(target, from, to, groupBins, rowStride, packed, 1); break; }
      case 2: { addRange(target, from, to, groupBins, rowStride, packed, 2); break; }
      case 3: { addRange(target, from, to, groupBins, rowStride, packed, 3); break; }
      case 4: { addRange(target, from, to, groupBins, rowStride, packed, 4); break; }
      case 5: { addRange(target, from, to, groupBins, rowStride, packed, 5); break; }
      case 6: { addRange(target, from, to, groupBins, rowStride, packed, 6); break; }
      case 7: { addRange(target, from, to, groupBins, rowStride, packed, 7); break; }
      case 8: { addRange(target, from, to, groupBins, rowStride, packed, 8); break; }
      case 9: { addRange(target, from, to, groupBins, rowStride, packed, 9); break; }
      case 10: { addRange(target, from, to, groupBins, rowStride, packed, 10); break; }
      case 11: { addRange(target, from, to, groupBins, rowStride, packed, 11); break; }
      case 12: { addRange(target, from, to, groupBins, rowStride, packed, 12); break; }
      case 13: { addRange(target, from, to, groupBins, rowStride, packed, 13); break; }
      case 14: { addRange(target, from, to, groupBins, rowStride, packed, 14); break; }
      case 15: { addRange(target, from, to, groupBins, rowStride, packed, 15); break; }
      default: { addRange(target, from, to, groupBins, rowStride, packed, 16); break; }
    }
  }
}

function addListGroups<Node>(
  list: usize, end: usize, bins: usize, rowStride: usize, packed: usize, nodes: usize, pointers: usize, featureCount: usize,
): void {
  for (let first: usize = 0; first < featureCount; first += 16) {
    const group = first * (MAX_BINS * 8);
    const groupBins = bins + first;
    switch (<i32>min(featureCount - first, 16)) {
      case 1: { addList<Node>(list, end, groupBins, rowStride, packed, nodes, pointers, group, 1); break; }
      case 2: { addList<Node>(list, end, groupBins, rowStride, packed, nodes, pointers, group, 2); break; }
      case 3: { addList<Node>(list, end, groupBins, rowStride, packed, nodes, pointers, group, 3); break; }
      case 4: { addList<Node>(list, end, groupBins, rowStride, packed, nodes, pointers, group, 4); break; }
      case 5: { addList<Node>(list, end, groupBins, rowStride, packed, nodes, pointers, group, 5); break; }
      case 6: { addList<Node>(list, end, groupBins, rowStride, packed, nodes, pointers, group, 6); break; }
      case 7: { addList<Node>(list, end, groupBins, rowStride, packed, nodes, pointers, group, 7); break; }
      case 8: { addList<Node>(list, end, groupBins, rowStride, packed, nodes, pointers, group, 8); break; }
      case 9: { addList<Node>(list, end, groupBins, rowStride, packed, nodes, pointers, group, 9); break; }
      case 10: { addList<Node>(list, end, groupBins, rowStride, packed, nodes, pointers, group, 10); break; }
      case 11: { addList<Node>(list, end, groupBins, rowStride, packed, nodes, pointers, group, 11); break; }
      case 12: { addList<Node>(list, end, groupBins, rowStride, packed, nodes, pointers, group, 12); break; }
      case 13: { addList<Node>(list, end, groupBins, rowStride, packed, nodes, pointers, group, 13); break; }
      case 14: { addList<Node>(list, end, groupBins, rowStride, packed, nodes, pointers, group, 14); break; }
      case 15: { addList<Node>(list, end, groupBins, rowStride, packed, nodes, pointers, group, 15); break; }
      default: { addList<Node>(list, end, groupBins, rowStride, packed, nodes, pointers, group, 16); break; }
    }
  }
}

// Counts the listed rows by node.
// @ts-expect-error: decorator
@inline
function countRows<Node>(list: usize, end: usize, nodes: usize, counters: usize): void {
  for (let at = list; at < end; at += 2) {
    const counter = counters + ((<usize>load<Node>(nodes + <usize>load<u16>(at) * sizeof<Node>())) << 2);
    store<u32>(counter, load<u32>(counter) + 1);
  }
}

/** Adds a packed histogram to the wide one and empties it. */
function flush(packedHistogram: usize, wide: usize, entries: usize): void {
  for (let i: usize = 0; i < entries; i++) {
    const word = load<i64>(packedHistogram + (i << 3));
    if (word === 0) continue;
    store<i64>(packedHistogram + (i << 3), 0);
    const target = wide + (i << 4);
    store<f64>(target, load<f64>(target) + <f64>(<i32>(word >> 32)));
    store<f64>(target, load<f64>(target, 8) + <f64>(<u32>word), 8);
  }
}

/** Rows from … to into one histogram, emptied before. */
export function buildRoot(
  bins: usize, rowStride: usize, featureCount: usize, packed: usize, from: usize, to: usize,
  packedHistogram: usize, wide: usize,
): void {
  const entries = featureCount * MAX_BINS;
  memory.fill(packedHistogram, 0, entries << 3);
  memory.fill(wide, 0, entries << 4);
  for (let start = from; start < to; start += MOST_PACKED_ROWS) {
    const end = min(start + MOST_PACKED_ROWS, to);
    if (rowStride === 8) addRangeGroups(packedHistogram, start, end, bins, 8, packed, featureCount);
    else addRangeGroups(packedHistogram, start, end, bins, rowStride, packed, featureCount);
    flush(packedHistogram, wide, entries);
  }
}

/**
 * How rows are moved and listed: by vectors (`VECTOR_1`, `_2`, `_4`: rules in as many 16-byte parts of each table), one
 * by one, or not moved and only listed.
 */
export const VECTOR_1: i32 = 1;
export const VECTOR_2: i32 = 2;
export const VECTOR_4: i32 = 4;
export const ONE_BY_ONE: i32 = 8;
export const LIST_ONLY: i32 = 9;

/**
 * Moves rows from … to one level down and adds those of listed children to their histograms, emptied before.
 *
 * `pointers[child]` is the address of a child's packed histogram or 0; `children` lists the numbers of the children
 * that have one, histogram by histogram; `counters` has an entry a child, all 0.
 */
export function buildLevel<Node>(
  mode: i32, bins: usize, rowStride: usize, featureCount: usize, packed: usize, from: usize, to: usize,
  nodes: usize, rules: usize, parentCount: usize, pointers: usize, counters: usize, children: usize, histogramCount: usize,
  packedHistograms: usize, wideHistograms: usize, list: usize, lanes: usize,
): void {
  const entries = featureCount * MAX_BINS;
  memory.fill(packedHistograms, 0, (entries << 3) * histogramCount);
  memory.fill(wideHistograms, 0, (entries << 4) * histogramCount);
  // Either rows are counted by node and a full histogram is flushed, or all are once as many rows are listed as fill one:
  // whichever costs a listed row less.
  const countsByNode = entries * histogramCount > 2 * MOST_PACKED_ROWS;
  let unchecked: usize = 0;
  let listed: usize = 0;
  for (let start = from; start < to; start += BLOCK_ROWS) {
    const count = min(BLOCK_ROWS, to - start);
    const blockNodes = nodes + start * sizeof<Node>();
    const blockBins = bins + start * rowStride;
    const end = mode < ONE_BY_ONE
      ? routeVector(mode, blockNodes, blockBins, rowStride, rules, count, list, lanes)
      : routeBlock<Node>(mode === ONE_BY_ONE, blockNodes, blockBins, rowStride, rules, parentCount, pointers, count, list);
    if (countsByNode) {
      countRows<Node>(list, end, blockNodes, counters);
    } else {
      const listedHere = (end - list) >> 1;
      listed += listedHere;
      if (listed > MOST_PACKED_ROWS) {
        flush(packedHistograms, wideHistograms, entries * histogramCount);
        listed = listedHere;
      }
    }
    const blockPacked = packed + (start << 2);
    if (rowStride === 8) addListGroups<Node>(list, end, blockBins, 8, blockPacked, blockNodes, pointers, featureCount);
    else addListGroups<Node>(list, end, blockBins, rowStride, blockPacked, blockNodes, pointers, featureCount);
    unchecked += count;
    if (!countsByNode || unchecked <= CHECK_ROWS - BLOCK_ROWS) continue;
    unchecked = 0;
    for (let i: usize = 0; i < histogramCount; i++) {
      const counter = counters + ((<usize>load<u32>(children + (i << 2))) << 2);
      if (load<u32>(counter) + CHECK_ROWS <= MOST_PACKED_ROWS) continue;
      store<u32>(counter, 0);
      flush(packedHistograms + (entries << 3) * i, wideHistograms + (entries << 4) * i, entries);
    }
  }
  flush(packedHistograms, wideHistograms, entries * histogramCount);
}

export function buildByteLevel(
  mode: i32, bins: usize, rowStride: usize, featureCount: usize, packed: usize, from: usize, to: usize,
  nodes: usize, rules: usize, parentCount: usize, pointers: usize, counters: usize, children: usize, histogramCount: usize,
  packedHistograms: usize, wideHistograms: usize, list: usize, lanes: usize,
): void {
  buildLevel<u8>(mode, bins, rowStride, featureCount, packed, from, to, nodes, rules, parentCount, pointers, counters,
    children, histogramCount, packedHistograms, wideHistograms, list, lanes);
}

export function buildWordLevel(
  mode: i32, bins: usize, rowStride: usize, featureCount: usize, packed: usize, from: usize, to: usize,
  nodes: usize, rules: usize, parentCount: usize, pointers: usize, counters: usize, children: usize, histogramCount: usize,
  packedHistograms: usize, wideHistograms: usize, list: usize, lanes: usize,
): void {
  buildLevel<u32>(mode, bins, rowStride, featureCount, packed, from, to, nodes, rules, parentCount, pointers, counters,
    children, histogramCount, packedHistograms, wideHistograms, list, lanes);
}
