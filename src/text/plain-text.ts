import { applyRules, VISIBLE_LINE_RULES } from './text-rules.ts';

/**
 * Text that was read from data or from a caller (names, ids, comments), as plain data: one bounded line without
 * invisible characters. Words and markdown stay as they are. The macro `clean_text` does the same in DuckDB and the
 * function `shown_text` in Snowflake; `test/text` holds the three to the same answers.
 */

export const MOST_CHARACTERS = 120;

/** Code units read per output character, so that a long text costs no more than a line. */
const LOOKED_AT = 16;

/**
 * @param text any text
 * @param most how many characters (code points) may come out; a longer text ends in "…", which counts
 */
export function plainText(text: string, most = MOST_CHARACTERS): string {
  const start = cleaned(text.slice(0, most * LOOKED_AT));
  // If the beginning fills the bound, the rest does not matter.
  const characters = start.length > most ? start : cleaned(text);
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
}

function cleaned(text: string): string[] {
  return [...applyRules(text, VISIBLE_LINE_RULES).trim()];
}
