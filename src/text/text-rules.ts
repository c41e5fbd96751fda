/** A replacement as data, so that TypeScript and the function in Snowflake apply the same rules. */
export interface TextRule {
  readonly pattern: RegExp;
  readonly replacement: string;
}

/** Rules that make one line without invisible characters. Apply them in order, then trim both ends. */
export const VISIBLE_LINE_RULES: readonly TextRule[] = [
  // Direction marks, zero-width and filler characters, variation selectors and tags: they can hide text in a name.
  {
    pattern: /[\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]+/gu,
    replacement: '',
  },
  // Line ends, control characters and all kinds of space, the blank braille cell among them.
  { pattern: /[\p{Cc}\p{Z}\s\u2800]+/gu, replacement: ' ' },
  // No script puts more than four marks on a letter. More would cover the lines above and below.
  { pattern: /(\p{M}{4})\p{M}+/gu, replacement: '$1' },
];

/** Rules that keep a line from becoming a link, an image, HTML, a heading or a block of code in Markdown. */
export const INERT_RULES: readonly TextRule[] = [
  { pattern: /\](?=[([])/g, replacement: ']\\' },
  // A backslash of the name itself would escape ours.
  { pattern: /(\\*)<(?=[a-z/!?])/gi, replacement: '$1$1\\<' },
  { pattern: /^(?=#{1,6}(?: |$)|`{3}|~{3}|\[[^\]]+\]:)/, replacement: '\\' },
];

export function applyRules(text: string, rules: readonly TextRule[]): string {
  return rules.reduce((line, { pattern, replacement }) => line.replace(pattern, replacement), text);
}
