import { plainText } from '../text/plain-text.ts';
import type { Id } from './data-source.ts';

/** A column to be written to a file. NaN stands for a missing number in typed arrays. */
export interface OutputColumn {
  readonly name: string;
  readonly values: Float32Array | Float64Array | Int32Array | readonly Id[] | readonly (string | null)[];
}

/** A column of cleaned text; its name may come from data, too. */
export function textColumn<Row>(
  name: string,
  rows: readonly Row[],
  textOf: (row: Row) => string | null | undefined,
): OutputColumn {
  return {
    name: plainText(name),
    values: rows.map((row) => {
      const text = textOf(row);
      return text === undefined || text === null ? null : plainText(text);
    }),
  };
}
