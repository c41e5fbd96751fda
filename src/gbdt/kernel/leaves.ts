// Once a tree is grown: exact sums of the gradients per leaf, and the raw scores of the rows.
import { INTEGER_MAGIC } from './constants';
import { ParameterField } from './layout';
import { read } from './parameters';

/**
 * Sums the gradients and hessians of rows from … to by the node that each row is in: two 64-bit integers per node of the
 * last level, scaled gradients and scaled hessians, emptied before.
 */
export function sumLeaves(
  block: usize,
  nodeCount: usize,
  gradientScale: f64,
  hessianScale: f64,
  from: usize,
  to: usize,
): void {
  memory.fill(read(block, ParameterField.leafSums), 0, nodeCount << 4);
  const scales = f64x2.replace_lane(f64x2.splat(gradientScale), 1, hessianScale);
  if (read(block, ParameterField.nodeBytes) === 1) inline.always(addToLeafSums<u8>(block, scales, from, to));
  else inline.always(addToLeafSums<u32>(block, scales, from, to));
}

// A row's gradient and hessian are added side by side.
function addToLeafSums<Node>(block: usize, scales: v128, from: usize, to: usize): void {
  const gradients = read(block, ParameterField.gradients);
  const hessians = read(block, ParameterField.hessians);
  const nodes = read(block, ParameterField.nodes);
  const sums = read(block, ParameterField.leafSums);
  const magic = v128.load(INTEGER_MAGIC);
  for (let row = from; row < to; row++) {
    const target = sums + ((<usize>load<Node>(nodes + row * sizeof<Node>())) << 4);
    const pair = v128.load_lane<f32>(hessians + (row << 2), v128.load32_zero(gradients + (row << 2)), 1);
    const scaled = f64x2.mul(f64x2.promote_low_f32x4(pair), scales);
    v128.store(target, i64x2.add(v128.load(target), i64x2.sub(f64x2.add(scaled, magic), magic)));
  }
}

/** Adds the value of each row's node to its raw score, and sends the row back to the root. */
export function addLeafValues(block: usize, from: usize, to: usize): void {
  if (read(block, ParameterField.nodeBytes) === 1) inline.always(addValues<u8>(block, from, to));
  else inline.always(addValues<u32>(block, from, to));
}

function addValues<Node>(block: usize, from: usize, to: usize): void {
  const rawScores = read(block, ParameterField.rawScores);
  const nodes = read(block, ParameterField.nodes);
  const values = read(block, ParameterField.leafValues);
  for (let row = from; row < to; row++) {
    const value = load<f32>(values + ((<usize>load<Node>(nodes + row * sizeof<Node>())) << 2));
    const at = rawScores + (row << 2);
    store<f32>(at, load<f32>(at) + value);
  }
  memory.fill(nodes + from * sizeof<Node>(), 0, (to - from) * sizeof<Node>());
}
