// What happens once a tree is grown: exact sums of the gradients a leaf, and raw scores.

import { INTEGER_MAGIC } from './constants';

// Gradient and hessian of a row side by side.
// @ts-expect-error: decorator
@inline
function sumLeaves<Node>(
  gradients: usize, hessians: usize, nodes: usize, gradientScale: f64, hessianScale: f64, sums: usize, from: usize, to: usize,
): void {
  const scales = f64x2.replace_lane(f64x2.splat(gradientScale), 1, hessianScale);
  const magic = v128.load(INTEGER_MAGIC);
  for (let row = from; row < to; row++) {
    const target = sums + ((<usize>load<Node>(nodes + row * sizeof<Node>())) << 4);
    const pair = v128.load_lane<f32>(hessians + (row << 2), v128.load32_zero(gradients + (row << 2)), 1);
    const scaled = f64x2.mul(f64x2.promote_low_f32x4(pair), scales);
    v128.store(target, i64x2.add(v128.load(target), i64x2.sub(f64x2.add(scaled, magic), magic)));
  }
}

/** Adds rows from … to into `sums` (two 64-bit integers a node: scaled gradients, hessians), emptied before. */
export function sumByteLeaves(
  gradients: usize, hessians: usize, nodes: usize, nodeCount: usize, gradientScale: f64, hessianScale: f64,
  sums: usize, from: usize, to: usize,
): void {
  memory.fill(sums, 0, nodeCount << 4);
  sumLeaves<u8>(gradients, hessians, nodes, gradientScale, hessianScale, sums, from, to);
}

export function sumWordLeaves(
  gradients: usize, hessians: usize, nodes: usize, nodeCount: usize, gradientScale: f64, hessianScale: f64,
  sums: usize, from: usize, to: usize,
): void {
  memory.fill(sums, 0, nodeCount << 4);
  sumLeaves<u32>(gradients, hessians, nodes, gradientScale, hessianScale, sums, from, to);
}

// @ts-expect-error: decorator
@inline
function addLeafValues<Node>(rawScores: usize, nodes: usize, values: usize, from: usize, to: usize): void {
  for (let row = from; row < to; row++) {
    const place = nodes + row * sizeof<Node>();
    const value = load<f32>(values + ((<usize>load<Node>(place)) << 2));
    const at = rawScores + (row << 2);
    store<f32>(at, load<f32>(at) + value);
  }
  memory.fill(nodes + from * sizeof<Node>(), 0, (to - from) * sizeof<Node>());
}

/** Adds the value of each row's node to its raw score, and sends the row back to the root. */
export function addByteLeafValues(rawScores: usize, nodes: usize, values: usize, from: usize, to: usize): void {
  addLeafValues<u8>(rawScores, nodes, values, from, to);
}

export function addWordLeafValues(rawScores: usize, nodes: usize, values: usize, from: usize, to: usize): void {
  addLeafValues<u32>(rawScores, nodes, values, from, to);
}
