// What happens once a tree is grown: exact sums of the gradients a leaf, and raw scores.

const ROUND_MAGIC: f64 = 6755399441055744;
const ROUND_MAGIC_BITS: i64 = 0x4338000000000000;

// Nearest integer, ties to even, of a number below 2^51: its low bits once 1.5 · 2^52 is added.
// @ts-expect-error: decorator
@inline
function toInteger(x: f64): i64 {
  return reinterpret<i64>(x + ROUND_MAGIC) - ROUND_MAGIC_BITS;
}

// @ts-expect-error: decorator
@inline
function sumLeaves<Node>(
  gradients: usize, hessians: usize, nodes: usize, gradientScale: f64, hessianScale: f64, sums: usize, from: usize, to: usize,
): void {
  for (let row = from; row < to; row++) {
    const target = sums + ((<usize>load<Node>(nodes + row * sizeof<Node>())) << 4);
    const gradient = toInteger(<f64>load<f32>(gradients + (row << 2)) * gradientScale);
    const hessian = toInteger(<f64>load<f32>(hessians + (row << 2)) * hessianScale);
    store<i64>(target, load<i64>(target) + gradient);
    store<i64>(target, load<i64>(target, 8) + hessian, 8);
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
