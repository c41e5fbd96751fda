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
  // Most columns repeat few texts, and cleaning one takes longer than finding it.
  const cleaned = new Map<string, string>();
  return {
    name: plainText(name),
    values: rows.map((row) => {
      const text = textOf(row) ?? null;
      if (text === null) return null;
      const known = cleaned.get(text) ?? plainText(text);
      cleaned.set(text, known);
      return known;
    }),
  };
}
