import { plainText } from './plain-text.ts';

const MOST_CHARACTERS = 60;
const MOST_CHARACTERS_IN_LIST = 40;
const MOST_NAMES = 30;

/** Untrusted text as a quotation within a sentence: `"Net value"`, cleaned, bounded, with no double quotes inside. */
export function quoted(text: string, most = MOST_CHARACTERS): string {
  return `"${plainText(text, most).replaceAll('"', "'")}"`;
}

/** `"a", "b" and 3 more`: at most `most` quoted names; the rest is counted. */
export function quotedList(names: readonly string[], most = MOST_NAMES): string {
  const shown = names.slice(0, most).map((name) => quoted(name, MOST_CHARACTERS_IN_LIST));
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}
