// Routing rows one level down a tree, and listing those whose bins are to be added to a histogram.
//
// A row's node is its number within the level: the children of node n are 2n and 2n + 1, and a finished node sends all
// its rows to 2n. `rules` is either four byte tables of VECTOR_RULES entries, so that sixteen rows look theirs up at
// once (feature | last left bin | missing bin that goes left, or the last left bin again | side to list: 0 left, 255
// right, else neither), or the same first three for any number of nodes: features in 32 bits, then two byte tables.

import { LANE_MASKS, PAIR_MASKS, PART_STARTS, SECOND_ROW } from './constants';

/** Entries of one byte table: as many nodes as the vector path takes. */
const VECTOR_RULES: usize = 64;

// The entries of a 64-byte table for sixteen nodes; a lane beyond a 16-byte part gives 0 there, so parts add up.
// @ts-expect-error: decorator
@inline
function lookUp(table: usize, nodes: v128, parts: i32): v128 {
  let found = i8x16.swizzle(v128.load(table), nodes);
  if (parts > 1) found = v128.or(found, i8x16.swizzle(v128.load(table, 16), i8x16.sub(nodes, v128.load(PART_STARTS))));
  if (parts > 2) {
    found = v128.or(found, i8x16.swizzle(v128.load(table, 32), i8x16.sub(nodes, v128.load(PART_STARTS, 16))));
    found = v128.or(found, i8x16.swizzle(v128.load(table, 48), i8x16.sub(nodes, v128.load(PART_STARTS, 32))));
  }
  return found;
}

// The bytes of a 16-byte part that the lanes in `mask` name, 0 in the others.
// @ts-expect-error: decorator
@inline
function pick(part: usize, features: v128, mask: usize): v128 {
  return v128.and(i8x16.swizzle(v128.load(part), features), v128.load(mask));
}

// @ts-expect-error: decorator
@inline
function pickFour(part: usize, features: v128, mask: usize): v128 {
  return v128.or(
    v128.or(pick(part, features, mask), pick(part + 16, features, mask + 16)),
    v128.or(pick(part + 32, features, mask + 32), pick(part + 48, features, mask + 48)),
  );
}

// The bins of sixteen rows of 8 bytes, each row's on the feature its node splits on.
// @ts-expect-error: decorator
@inline
function gather8(rowBins: usize, nodeFeatures: v128): v128 {
  const features = i8x16.add(nodeFeatures, v128.load(SECOND_ROW));
  return v128.or(pickFour(rowBins, features, PAIR_MASKS), pickFour(rowBins + 64, features, PAIR_MASKS + 64));
}

// The same for rows of 16 bytes.
// @ts-expect-error: decorator
@inline
function gather16(rowBins: usize, features: v128): v128 {
  return v128.or(
    v128.or(pickFour(rowBins, features, LANE_MASKS), pickFour(rowBins + 64, features, LANE_MASKS + 64)),
    v128.or(pickFour(rowBins + 128, features, LANE_MASKS + 128), pickFour(rowBins + 192, features, LANE_MASKS + 192)),
  );
}

// Appends the rows of eight whose bit is set: `lanes` holds, for each of the 256 patterns, their numbers first.
// @ts-expect-error: decorator
@inline
function append(at: usize, lanes: usize, pattern: u32, row: i32): usize {
  v128.store(at, i16x8.add(v128.load(lanes + ((<usize>pattern) << 4)), i16x8.splat(<i16>row)));
  return at + ((<usize>popcnt(pattern)) << 1);
}

// @ts-expect-error: decorator
@inline
function routeSixteens(
  nodes: usize, bins: usize, isWide: bool, rules: usize, parts: i32, count: usize, list: usize, lanes: usize,
): usize {
  let at = list;
  for (let row: usize = 0; row < count; row += 16) {
    const parents = v128.load(nodes + row);
    const features = lookUp(rules, parents, parts);
    const found = isWide ? gather16(bins + (row << 4), features) : gather8(bins + (row << 3), features);
    const lastLeft = lookUp(rules + VECTOR_RULES, parents, parts);
    const leftMissing = lookUp(rules + VECTOR_RULES * 2, parents, parts);
    const left = v128.or(i8x16.eq(i8x16.min_u(found, lastLeft), found), i8x16.eq(found, leftMissing));
    const right = v128.not(left);
    v128.store(nodes + row, i8x16.sub(i8x16.add(parents, parents), right));
    const listed = <u32>i8x16.bitmask(i8x16.eq(right, lookUp(rules + VECTOR_RULES * 3, parents, parts)));
    at = append(at, lanes, listed & 0xff, <i32>row);
    at = append(at, lanes, listed >> 8, <i32>row + 8);
  }
  return at;
}

/**
 * Routes `count` rows of 8 or 16 bytes (arrays are padded to whole sixteens) by `parts` 16-byte parts of each table,
 * and lists those on the listed side of their node, as numbers within the block. Returns the end of the list.
 */
export function routeVector(
  parts: i32, nodes: usize, bins: usize, rowStride: usize, rules: usize, count: usize, list: usize, lanes: usize,
): usize {
  if (rowStride === 8) {
    if (parts === 1) return routeSixteens(nodes, bins, false, rules, 1, count, list, lanes);
    if (parts === 2) return routeSixteens(nodes, bins, false, rules, 2, count, list, lanes);
    return routeSixteens(nodes, bins, false, rules, 4, count, list, lanes);
  }
  if (parts === 1) return routeSixteens(nodes, bins, true, rules, 1, count, list, lanes);
  if (parts === 2) return routeSixteens(nodes, bins, true, rules, 2, count, list, lanes);
  return routeSixteens(nodes, bins, true, rules, 4, count, list, lanes);
}

/** The same one row at a time, for any row width and any number of nodes; rows of nodes with a pointer are listed. */
// @ts-expect-error: decorator
@inline
export function routeBlock<Node>(
  moves: bool, nodes: usize, bins: usize, rowStride: usize, rules: usize, parentCount: usize, pointers: usize, count: usize, list: usize,
): usize {
  const lastLeftBins = rules + (parentCount << 2);
  const leftMissingBins = lastLeftBins + parentCount;
  let at = list;
  for (let row: usize = 0; row < count; row++) {
    const place = nodes + row * sizeof<Node>();
    let node = <usize>load<Node>(place);
    if (moves) {
      const bin = load<u8>(bins + row * rowStride + <usize>load<u32>(rules + (node << 2)));
      const goesRight = <usize>(bin > load<u8>(lastLeftBins + node)) & <usize>(bin !== load<u8>(leftMissingBins + node));
      node = (node << 1) + goesRight;
      store<Node>(place, <Node>node);
    }
    store<u16>(at, <u16>row);
    at += (<usize>(load<u32>(pointers + (node << 2)) !== 0)) << 1;
  }
  return at;
}
