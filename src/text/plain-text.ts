/**
 * Text that was read from data or from a caller (names, ids, comments), as plain data: one line, bounded, with nothing in
 * it that a reader cannot see. Words and markdown stay as they are. The macro `clean_text` does the same in DuckDB and the
 * function `plain_text` in Snowflake; `test/text/fixtures.ts` holds the three to the same answers.
 */

const MOST_CHARACTERS = 120;

/** Code units that are looked at first, per character that may come out: a long text costs no more than a line. */
const LOOKED_AT = 16;

/** Line ends, control characters and all kinds of space, the blank braille cell among them. */
export const BREAKS_AND_SPACES = /[\p{Cc}\p{Z}\s\u2800]+/gu;

/** Direction marks, zero-width and filler characters, variation selectors and tags: they can hide text in a name. */
export const INVISIBLE = /[\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]+/gu;

/** No script puts more than four marks on a letter. More of them would cover the lines around. */
export const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;

/**
 * @param text any text
 * @param most how many characters (code points) may come out; a longer text ends in "…", which counts
 */
export function plainText(text: string, most = MOST_CHARACTERS): string {
  const start = cleaned(text.slice(0, most * LOOKED_AT));
  // A start that fills the bound decides the answer, whatever follows.
  const characters = start.length > most ? start : cleaned(text);
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
}

function cleaned(text: string): string[] {
  const line = text.replace(INVISIBLE, '').replace(BREAKS_AND_SPACES, ' ').replace(PILED_MARKS, '$1').trim();
  return [...line];
}
