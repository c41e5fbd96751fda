// Routing rows one level down a tree, and listing those whose bins are to be added to a histogram.
//
// A row's node is its number within the level: the children of node n are 2n and 2n + 1, and a finished node sends all
// its rows to 2n. The rules of a level are either four byte tables of VECTOR_RULES entries, so that sixteen rows look
// theirs up at once (feature | last left bin | missing bin that goes left, or the last left bin again | side to list:
// 0 left, 255 right, else neither), or the first three of these for any number of nodes, with features in 32 bits. A feature
// is its place among those of the tree: the bins of these alone are read, which histograms are built from, too.
import { LANE_MASKS, PAIR_MASKS, PART_STARTS, SECOND_ROW } from './constants';
import { ParameterField, VECTOR_RULES } from './layout';
import { read } from './parameters';

// The entries of a 64-byte table for sixteen nodes; a lane beyond a 16-byte part gives 0 there, so parts add up.
function lookUp(table: usize, nodes: v128, parts: i32): v128 {
  let found = i8x16.swizzle(v128.load(table), nodes);
  if (parts > 1) {
    const second = i8x16.sub(nodes, v128.load(PART_STARTS));
    found = v128.or(found, i8x16.swizzle(v128.load(table, 16), second));
  }
  if (parts > 2) {
    const third = i8x16.sub(nodes, v128.load(PART_STARTS, 16));
    const fourth = i8x16.sub(nodes, v128.load(PART_STARTS, 32));
    found = v128.or(found, i8x16.swizzle(v128.load(table, 32), third));
    found = v128.or(found, i8x16.swizzle(v128.load(table, 48), fourth));
  }
  return found;
}

// The bytes of a 16-byte part that the lanes in `mask` name, 0 in the others.
function pick(part: usize, features: v128, mask: usize): v128 {
  return v128.and(i8x16.swizzle(v128.load(part), features), v128.load(mask));
}

function pickFour(part: usize, features: v128, mask: usize): v128 {
  const first = v128.or(
    inline.always(pick(part, features, mask)),
    inline.always(pick(part + 16, features, mask + 16)),
  );
  const second = v128.or(
    inline.always(pick(part + 32, features, mask + 32)),
    inline.always(pick(part + 48, features, mask + 48)),
  );
  return v128.or(first, second);
}

// The bins of sixteen rows of 8 bytes, each row's on the feature that its node splits on.
function gather8(rowBins: usize, nodeFeatures: v128): v128 {
  const features = i8x16.add(nodeFeatures, v128.load(SECOND_ROW));
  return v128.or(
    inline.always(pickFour(rowBins, features, PAIR_MASKS)),
    inline.always(pickFour(rowBins + 64, features, PAIR_MASKS + 64)),
  );
}

// The same for rows of 16 bytes.
function gather16(rowBins: usize, features: v128): v128 {
  const first = v128.or(
    inline.always(pickFour(rowBins, features, LANE_MASKS)),
    inline.always(pickFour(rowBins + 64, features, LANE_MASKS + 64)),
  );
  const second = v128.or(
    inline.always(pickFour(rowBins + 128, features, LANE_MASKS + 128)),
    inline.always(pickFour(rowBins + 192, features, LANE_MASKS + 192)),
  );
  return v128.or(first, second);
}

// The same for rows of any width: one byte is loaded for each row. A lane must be named by a literal.
function gatherWide(rowBins: usize, features: v128, stride: usize): v128 {
  let bins = rowBins;
  let found = v128.load_lane<u8>(bins + <usize>i8x16.extract_lane_u(features, 0), i8x16.splat(0), 0);
  bins += stride;
  found = v128.load_lane<u8>(bins + <usize>i8x16.extract_lane_u(features, 1), found, 1);
  bins += stride;
  found = v128.load_lane<u8>(bins + <usize>i8x16.extract_lane_u(features, 2), found, 2);
  bins += stride;
  found = v128.load_lane<u8>(bins + <usize>i8x16.extract_lane_u(features, 3), found, 3);
  bins += stride;
  found = v128.load_lane<u8>(bins + <usize>i8x16.extract_lane_u(features, 4), found, 4);
  bins += stride;
  found = v128.load_lane<u8>(bins + <usize>i8x16.extract_lane_u(features, 5), found, 5);
  bins += stride;
  found = v128.load_lane<u8>(bins + <usize>i8x16.extract_lane_u(features, 6), found, 6);
  bins += stride;
  found = v128.load_lane<u8>(bins + <usize>i8x16.extract_lane_u(features, 7), found, 7);
  bins += stride;
  found = v128.load_lane<u8>(bins + <usize>i8x16.extract_lane_u(features, 8), found, 8);
  bins += stride;
  found = v128.load_lane<u8>(bins + <usize>i8x16.extract_lane_u(features, 9), found, 9);
  bins += stride;
  found = v128.load_lane<u8>(bins + <usize>i8x16.extract_lane_u(features, 10), found, 10);
  bins += stride;
  found = v128.load_lane<u8>(bins + <usize>i8x16.extract_lane_u(features, 11), found, 11);
  bins += stride;
  found = v128.load_lane<u8>(bins + <usize>i8x16.extract_lane_u(features, 12), found, 12);
  bins += stride;
  found = v128.load_lane<u8>(bins + <usize>i8x16.extract_lane_u(features, 13), found, 13);
  bins += stride;
  found = v128.load_lane<u8>(bins + <usize>i8x16.extract_lane_u(features, 14), found, 14);
  bins += stride;
  found = v128.load_lane<u8>(bins + <usize>i8x16.extract_lane_u(features, 15), found, 15);
  return found;
}

// A bit for each of sixteen rows that would add something to a histogram: what a tree leaves out has no gradients.
function withGradients(packed: usize): u32 {
  const nothing = i32x4.splat(0);
  const low = i16x8.narrow_i32x4_s(
    i32x4.ne(v128.load(packed), nothing),
    i32x4.ne(v128.load(packed, 16), nothing),
  );
  const high = i16x8.narrow_i32x4_s(
    i32x4.ne(v128.load(packed, 32), nothing),
    i32x4.ne(v128.load(packed, 48), nothing),
  );
  return <u32>i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}

// Appends those of eight rows whose bit is set; returns the new end of the list.
function append(end: usize, laneNumbers: usize, pattern: u32, row: i32): usize {
  const numbers = v128.load(laneNumbers + ((<usize>pattern) << 4));
  v128.store(end, i16x8.add(numbers, i16x8.splat(<i16>row)));
  return end + ((<usize>popcnt(pattern)) << 1);
}

// Routes and lists the rows of a block, sixteen at a time. `width` (8 or 16 bytes, or 0 for any) and `parts` are constants where
// this is inlined. Wide rows take so long to add to a histogram that those that would add nothing are not listed.
function routeSixteens(block: usize, start: usize, count: usize, width: i32, parts: i32): usize {
  const stride = read(block, ParameterField.treeStride);
  const nodes = read(block, ParameterField.nodes) + start;
  const bins = read(block, ParameterField.treeBins) + start * stride;
  const packed = read(block, ParameterField.packedGradients) + (start << 2);
  const rules = read(block, ParameterField.vectorRules);
  const laneNumbers = read(block, ParameterField.laneNumbers);
  let end = read(block, ParameterField.listedRows);
  for (let row: usize = 0; row < count; row += 16) {
    const parents = v128.load(nodes + row);
    const features = inline.always(lookUp(rules, parents, parts));
    const found =
      width === 8
        ? inline.always(gather8(bins + (row << 3), features))
        : width === 16
          ? inline.always(gather16(bins + (row << 4), features))
          : inline.always(gatherWide(bins + row * stride, features, stride));
    const lastLeft = inline.always(lookUp(rules + VECTOR_RULES, parents, parts));
    const leftMissing = inline.always(lookUp(rules + VECTOR_RULES * 2, parents, parts));
    const left = v128.or(i8x16.eq(i8x16.min_u(found, lastLeft), found), i8x16.eq(found, leftMissing));
    const right = v128.not(left);
    v128.store(nodes + row, i8x16.sub(i8x16.add(parents, parents), right));
    const listedSides = inline.always(lookUp(rules + VECTOR_RULES * 3, parents, parts));
    let listed = <u32>i8x16.bitmask(i8x16.eq(right, listedSides));
    if (width === 0) listed &= inline.always(withGradients(packed + (row << 2)));
    end = inline.always(append(end, laneNumbers, listed & 0xff, <i32>row));
    end = inline.always(append(end, laneNumbers, listed >> 8, <i32>row + 8));
  }
  return end;
}

// With tables of as few 16-byte parts as have an entry for each parent.
function routeWidth(block: usize, start: usize, count: usize, parents: usize, width: i32): usize {
  if (parents <= 16) return inline.always(routeSixteens(block, start, count, width, 1));
  if (parents <= 32) return inline.always(routeSixteens(block, start, count, width, 2));
  return inline.always(routeSixteens(block, start, count, width, 4));
}

/**
 * Routes `count` rows (arrays are padded to whole sixteens), of one-byte nodes, from row `start` on, and lists those on the listed
 * side of their node, as numbers within the block. Returns the end of the list.
 */
export function routeVectors(block: usize, start: usize, count: usize, parents: usize): usize {
  const stride = read(block, ParameterField.treeStride);
  if (stride === 8) return inline.always(routeWidth(block, start, count, parents, 8));
  if (stride === 16) return inline.always(routeWidth(block, start, count, parents, 16));
  return inline.always(routeWidth(block, start, count, parents, 0));
}

/**
 * The same one row at a time, for any row width and any number of nodes, of the block of rows that begins at `start`. Rows
 * whose node has a histogram are listed, but for those that would add nothing to it: what a tree leaves out has no
 * gradients. If rows have been moved already (`moves` is false), they stay where they are.
 */
export function routeOneByOne<Node>(
  block: usize,
  start: usize,
  count: usize,
  parents: usize,
  moves: bool,
): usize {
  const rowStride = read(block, ParameterField.treeStride);
  const nodes = read(block, ParameterField.nodes) + start * sizeof<Node>();
  const bins = read(block, ParameterField.treeBins) + start * rowStride;
  const packed = read(block, ParameterField.packedGradients) + (start << 2);
  const features = read(block, ParameterField.ruleFeatures);
  const histograms = read(block, ParameterField.childHistograms);
  const lastLeftBins = read(block, ParameterField.ruleBins);
  const leftMissingBins = lastLeftBins + parents;
  let end = read(block, ParameterField.listedRows);
  for (let row: usize = 0; row < count; row++) {
    const at = nodes + row * sizeof<Node>();
    let node = <usize>load<Node>(at);
    if (moves) {
      const bin = load<u8>(bins + row * rowStride + <usize>load<u32>(features + (node << 2)));
      const isRightOfSplit = <usize>(<bool>(bin > load<u8>(lastLeftBins + node)));
      const isNotMissing = <usize>(<bool>(bin !== load<u8>(leftMissingBins + node)));
      node = (node << 1) + (isRightOfSplit & isNotMissing);
      store<Node>(at, <Node>node);
    }
    store<u16>(end, <u16>row);
    const hasHistogram = <usize>(<bool>(load<u32>(histograms + (node << 2)) !== 0));
    const hasGradients = <usize>(<bool>(load<u32>(packed + (row << 2)) !== 0));
    end += (hasHistogram & hasGradients) << 1;
  }
  return end;
}
