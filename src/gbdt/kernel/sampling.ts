// The rows of a tree, four at a time: the same draw as gbdt/sampling.ts.
import { MIX_FACTORS, ROW_LANES } from './constants';
import { ParameterField } from './layout';
import { read } from './parameters';

/**
 * Takes the gradients and hessians of those rows from … to, a multiple of four rows, whose hash is above `mostHash`.
 * `ofTree` is the hash that a row's begins with.
 */
export function leaveOutRows(block: usize, ofTree: i32, mostHash: u32, from: usize, to: usize): void {
  const gradients = read(block, ParameterField.gradients);
  const hessians = read(block, ParameterField.hessians);
  const start = i32x4.splat(ofTree);
  const most = i32x4.splat(<i32>mostHash);
  for (let row = from; row < to; row += 4) {
    const rows = i32x4.add(i32x4.splat(<i32>row), v128.load(ROW_LANES));
    let hash = i32x4.mul(v128.xor(start, rows), v128.load(MIX_FACTORS));
    hash = v128.xor(hash, i32x4.shr_u(hash, 13));
    hash = i32x4.mul(hash, v128.load(MIX_FACTORS, 16));
    hash = v128.xor(hash, i32x4.shr_u(hash, 16));
    const isDrawn = i32x4.le_u(hash, most);
    const at = row << 2;
    v128.store(gradients + at, v128.and(v128.load(gradients + at), isDrawn));
    v128.store(hessians + at, v128.and(v128.load(hessians + at), isDrawn));
  }
}
