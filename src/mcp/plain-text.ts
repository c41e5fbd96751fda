/**
 * Text that was read from data or from a caller (names, ids, comments) as plain data: one line, bounded, nothing in it
 * that a reader would not see. What it says is never acted upon, so words and markdown stay as they are.
 */
const MOST_CHARACTERS = 120;

/** How much of a text is looked at, for each character that may come out: a megabyte costs no more than a line. */
const LOOKED_AT = 16;

/** Line ends, control characters and all kinds of space, the blank braille cell among them. */
const BREAKS_AND_SPACES = /[\p{Cc}\p{Z}\s\u2800]+/gu;

/** Direction marks, zero-width and filler characters, variation selectors and tags: they can hide text in a name. */
const INVISIBLE = /[\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]+/gu;

/** Marks beyond what any script puts on one letter pile up over the lines around. */
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;

export function plainText(text: string, most = MOST_CHARACTERS): string {
  const window = text.slice(0, most * LOOKED_AT);
  const line = window
    .replace(INVISIBLE, '')
    .replace(BREAKS_AND_SPACES, ' ')
    .replace(PILED_MARKS, '$1')
    .trim();
  const characters = [...line];
  const isWhole = window.length === text.length && characters.length <= most;
  return isWhole ? line : `${characters.slice(0, most - 1).join('')}…`;
}
