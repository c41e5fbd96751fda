/**
 * Text that was read from data (names, ids, comments) as plain data: one line, bounded, nothing invisible in it. What it
 * says is never acted upon, so nothing else is taken out.
 */
const MOST_CHARACTERS = 120;

export function plainText(text: string, most = MOST_CHARACTERS): string {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : line;
}
