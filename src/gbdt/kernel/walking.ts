// Walking rows down complete trees. A value is first turned into its rank among the thresholds of its feature, one byte,
// so that sixteen rows are compared at a time. A node's number within its level leads to its children by arithmetic, and
// all that a step needs is looked up in byte tables of the level. `gbdt/complete-trees.ts` writes the tables.
import { LEVEL_HEADER_BYTES, LOWEST_RANK, WALK_ROWS } from './layout';

/**
 * Ranks a column's values: how many thresholds are at most as large, less 128, a byte each. Thresholds ascend, padded with
 * +infinity to one less than a power of two; `half` is half of that power. A missing value's rank is `missing`. A row with
 * the value of the row before has its rank: what is known of a customer stands in many rows.
 */
export function rankColumn(
  values: usize,
  thresholds: usize,
  half: usize,
  missing: i32,
  count: usize,
  ranks: usize,
): void {
  const first = half << 2;
  let known = load<u32>(values) ^ 1;
  let rank = missing;
  for (let row: usize = 0; row < count; row++) {
    const bits = load<u32>(values + (row << 2));
    if (bits !== known) {
      known = bits;
      const value = reinterpret<f32>(bits);
      let low: usize = 0;
      for (let step = first; step >= 4; step >>= 1) {
        low += step & (0 - <usize>(<bool>(load<f32>(thresholds + low + step - 4) <= value)));
      }
      // biome-ignore lint/suspicious/noGlobalIsNan: AssemblyScript has no other
      rank = isNaN<f32>(value) ? missing : <i32>(low >> 2) + LOWEST_RANK;
    }
    store<u8>(ranks + row, rank);
  }
}

// The entries of a table of 16 · `parts` bytes for sixteen nodes; a lane beyond a part gives 0 there, so parts add up.
function lookUpParts(table: usize, nodes: v128, parts: usize): v128 {
  let found = i8x16.swizzle(v128.load(table), nodes);
  let rest = nodes;
  for (let part: usize = 1; part < parts; part++) {
    rest = i8x16.sub(rest, i8x16.splat(16));
    found = v128.or(found, i8x16.swizzle(v128.load(table + (part << 4)), rest));
  }
  return found;
}

// One level down for 32 rows. `parts` is a constant where this is inlined.
function descend(level: usize, ranks: usize, nodes: usize, parts: usize): void {
  const lanes = <usize>load<u32>(level);
  const features = level + <usize>load<u32>(level, 4);
  const limits = features + (parts << 4);
  const node0 = v128.load(nodes);
  const node1 = v128.load(nodes, 16);
  let rank0: v128;
  let rank1: v128;
  let lane = level + LEVEL_HEADER_BYTES;
  const first = ranks + <usize>load<u32>(lane) * WALK_ROWS;
  rank0 = v128.load(first);
  rank1 = v128.load(first, 16);
  if (lanes > 1) {
    const feature0 = inline.always(lookUpParts(features, node0, parts));
    const feature1 = inline.always(lookUpParts(features, node1, parts));
    for (let number: usize = 1; number < lanes; number++) {
      lane += 4;
      const wanted = i8x16.splat(<i8>number);
      const at = ranks + <usize>load<u32>(lane) * WALK_ROWS;
      rank0 = v128.bitselect(v128.load(at), rank0, i8x16.eq(feature0, wanted));
      rank1 = v128.bitselect(v128.load(at, 16), rank1, i8x16.eq(feature1, wanted));
    }
  }
  const right0 = i8x16.gt_s(rank0, inline.always(lookUpParts(limits, node0, parts)));
  const right1 = i8x16.gt_s(rank1, inline.always(lookUpParts(limits, node1, parts)));
  v128.store(nodes, i8x16.sub(i8x16.add(node0, node0), right0));
  v128.store(nodes, i8x16.sub(i8x16.add(node1, node1), right1), 16);
}

/** Adds the leaves of all trees to the sums of `count` rows, in the order of the trees. */
export function addLeaves(
  trees: usize,
  treeCount: usize,
  ranks: usize,
  nodes: usize,
  count: usize,
  sums: usize,
): void {
  let tree = trees;
  for (let number: usize = 0; number < treeCount; number++) {
    const depth = <usize>load<u32>(tree);
    const leaves = tree + <usize>load<u32>(tree, 4);
    for (let row: usize = 0; row < count; row += 32) {
      const zero = i8x16.splat(0);
      v128.store(nodes, zero);
      v128.store(nodes, zero, 16);
      let level = tree + LEVEL_HEADER_BYTES;
      for (let below: usize = 0; below < depth; below++) {
        if (below < 5) inline.always(descend(level, ranks + row, nodes, 1));
        else if (below === 5) inline.always(descend(level, ranks + row, nodes, 2));
        else if (below === 6) inline.always(descend(level, ranks + row, nodes, 4));
        else inline.always(descend(level, ranks + row, nodes, 8));
        level += <usize>load<u32>(level, 8);
      }
      const sum = sums + (row << 2);
      for (let at: usize = 0; at < 32; at += 4) {
        const four = load<u32>(nodes + at);
        let values = v128.load32_zero(leaves + ((<usize>(four & 0xff)) << 2));
        values = v128.load_lane<u32>(leaves + ((<usize>((four >> 8) & 0xff)) << 2), values, 1);
        values = v128.load_lane<u32>(leaves + ((<usize>((four >> 16) & 0xff)) << 2), values, 2);
        values = v128.load_lane<u32>(leaves + ((<usize>(four >> 24)) << 2), values, 3);
        v128.store(sum + (at << 2), f32x4.add(v128.load(sum + (at << 2)), values));
      }
    }
    tree += <usize>load<u32>(tree, 8);
  }
}
