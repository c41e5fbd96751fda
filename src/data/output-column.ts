import type { Id } from './data-source.ts';

/** A column to be written to a file. NaN stands for a missing number in typed arrays. */
export interface OutputColumn {
  readonly name: string;
  readonly values: Float32Array | Float64Array | Int32Array | readonly Id[] | readonly (string | null)[];
}
