// Building this thread's histograms: rows are routed and listed block by block, and the listed ones added to the packed
// histograms of their nodes. Before a packed sum could overflow, all are moved to wide ones of doubles, and once more at the
// end; with few rows none could, and they stay packed.
import { BLOCK_ROWS, BYTES_PER_BIN, MAX_BINS, ParameterField, RoutingMode } from './layout';
import { addListedRows, addRows, MOST_PACKED_ROWS, unpack } from './packed-histogram';
import { histogramBytes, read } from './parameters';
import { routeOneByOne, routeVectors } from './routing';

/** Rows between two looks at how full the packed histograms are. */
const CHECK_ROWS: usize = 8192;

// Bins of one histogram over the tree's features.
function entriesOf(block: usize): usize {
  return read(block, ParameterField.treeFeatureCount) * MAX_BINS;
}

// Where a packed histogram of this thread begins: the tree's features come first in it, one after the other.
function packedHistogram(block: usize, histogram: usize): usize {
  return read(block, ParameterField.ownPackedHistograms) + histogram * (histogramBytes(block) >> 1);
}

// Where a wide histogram has the bins of the tree's feature of a given number: the place that the feature has among all.
function wideBins(block: usize, histogram: usize, treeFeature: usize): usize {
  const feature = <usize>load<u32>(read(block, ParameterField.treeFeatures) + (treeFeature << 2));
  const wide = read(block, ParameterField.ownHistograms) + histogram * histogramBytes(block);
  return wide + feature * (MAX_BINS * BYTES_PER_BIN);
}

// Where this thread says whether its histograms are wide.
function spill(block: usize): usize {
  return read(block, ParameterField.spills) + (read(block, ParameterField.thread) << 2);
}

function emptyHistograms(block: usize, count: usize): void {
  store<u32>(spill(block), 0);
  for (let histogram: usize = 0; histogram < count; histogram++) {
    memory.fill(packedHistogram(block, histogram), 0, entriesOf(block) << 3);
  }
}

// Before the first packed sums are moved: from now on the wide histograms hold what is to be read.
function startSpilling(block: usize, count: usize): void {
  if (load<u32>(spill(block)) !== 0) return;
  store<u32>(spill(block), 1);
  const features = read(block, ParameterField.treeFeatureCount);
  for (let histogram: usize = 0; histogram < count; histogram++) {
    for (let feature: usize = 0; feature < features; feature++) {
      memory.fill(wideBins(block, histogram, feature), 0, MAX_BINS * BYTES_PER_BIN);
    }
  }
}

// Once all rows are added, what is still packed is moved if anything was moved before; else it stays packed.
function finishSpilling(block: usize, count: usize): void {
  if (load<u32>(spill(block)) !== 0) unpackHistograms(block, 0, count);
}

// Moves the packed sums of `count` histograms, from the one of a given number, to the wide ones.
function unpackHistograms(block: usize, first: usize, count: usize): void {
  const features = read(block, ParameterField.treeFeatureCount);
  for (let histogram = first; histogram < first + count; histogram++) {
    const packed = packedHistogram(block, histogram);
    for (let feature: usize = 0; feature < features; feature++) {
      unpack(packed + feature * (MAX_BINS << 3), wideBins(block, histogram, feature), MAX_BINS);
    }
  }
}

/** Adds rows from … to to this thread's first histogram, emptied before. */
export function buildRoot(block: usize, from: usize, to: usize): void {
  emptyHistograms(block, 1);
  for (let start = from; start < to; start += MOST_PACKED_ROWS) {
    if (start > from) {
      startSpilling(block, 1);
      unpackHistograms(block, 0, 1);
    }
    addRows(block, start, min(start + MOST_PACKED_ROWS, to));
  }
  finishSpilling(block, 1);
}

/**
 * Moves rows from … to one level down and adds those of listed children to this thread's first `histogramCount`
 * histograms, emptied before. `childCounts` must be 0 at the start.
 */
export function buildLevel(
  block: usize,
  mode: RoutingMode,
  parentCount: usize,
  histogramCount: usize,
  from: usize,
  to: usize,
): void {
  if (read(block, ParameterField.nodeBytes) === 1)
    inline.always(build<u8>(block, mode, parentCount, histogramCount, from, to));
  else inline.always(build<u32>(block, mode, parentCount, histogramCount, from, to));
}

function build<Node>(
  block: usize,
  mode: RoutingMode,
  parentCount: usize,
  histogramCount: usize,
  from: usize,
  to: usize,
): void {
  emptyHistograms(block, histogramCount);
  const list = read(block, ParameterField.listedRows);
  // Either rows are counted by node and a full histogram is unpacked, or all are unpacked once as many rows are listed as
  // fill one: whichever costs less per listed row.
  const countsByNode = entriesOf(block) * histogramCount > 2 * MOST_PACKED_ROWS;
  let unchecked: usize = 0;
  let listed: usize = 0;
  for (let start = from; start < to; start += BLOCK_ROWS) {
    const count = min<usize>(BLOCK_ROWS, to - start);
    const end =
      mode === RoutingMode.vectors
        ? routeVectors(block, start, count, parentCount)
        : inline.always(routeOneByOne<Node>(block, start, count, parentCount, mode === RoutingMode.oneByOne));
    if (countsByNode) {
      inline.always(countRows<Node>(block, start, end));
    } else {
      const listedHere = (end - list) >> 1;
      listed += listedHere;
      if (listed > MOST_PACKED_ROWS) {
        startSpilling(block, histogramCount);
        unpackHistograms(block, 0, histogramCount);
        listed = listedHere;
      }
    }
    addListedRows<Node>(block, start, end);
    unchecked += count;
    if (!countsByNode || unchecked <= CHECK_ROWS - BLOCK_ROWS) continue;
    unchecked = 0;
    unpackFull(block, histogramCount);
  }
  finishSpilling(block, histogramCount);
}

// Counts the listed rows of the block of rows that begins at `start` by node.
function countRows<Node>(block: usize, start: usize, end: usize): void {
  const nodes = read(block, ParameterField.nodes) + start * sizeof<Node>();
  const counts = read(block, ParameterField.childCounts);
  for (let at = read(block, ParameterField.listedRows); at < end; at += 2) {
    const node = <usize>load<Node>(nodes + <usize>load<u16>(at) * sizeof<Node>());
    store<u32>(counts + (node << 2), load<u32>(counts + (node << 2)) + 1);
  }
}

// Unpacks the histograms that could overflow before the next look.
function unpackFull(block: usize, histogramCount: usize): void {
  const counts = read(block, ParameterField.childCounts);
  const children = read(block, ParameterField.histogramChildren);
  for (let histogram: usize = 0; histogram < histogramCount; histogram++) {
    const count = counts + ((<usize>load<u32>(children + (histogram << 2))) << 2);
    if (<usize>load<u32>(count) + CHECK_ROWS <= MOST_PACKED_ROWS) continue;
    store<u32>(count, 0);
    startSpilling(block, histogramCount);
    unpackHistograms(block, histogram, 1);
  }
}
