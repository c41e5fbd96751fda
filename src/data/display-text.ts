/** Text that came with the data, fit for a sentence: one line, no control or direction characters, bounded, quoted. */
export function quoted(text: string, maxLength = 60): string {
  const line = [...text.slice(0, maxLength * 4).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')];
  const bounded = line.length > maxLength ? `${line.slice(0, maxLength - 1).join('')}…` : line.join('');
  return `"${bounded.trim().replaceAll('"', "'")}"`;
}

/** A list of at most `maxItems` quoted names; the rest is counted. */
export function quotedList(names: readonly string[], maxItems = 30): string {
  const shown = names.slice(0, maxItems).map((name) => quoted(name, 40));
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
