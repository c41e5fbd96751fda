import { MOST_CHARACTERS } from '../../text/plain-text.ts';
import { INERT_RULES, type TextRule, VISIBLE_LINE_RULES } from '../../text/text-rules.ts';

/**
 * The body of the function `shown_text(t varchar)` in JavaScript, with the same result as `inertMarkdown`. Snowflake's own
 * regular expressions do not know classes of Unicode characters.
 */
export function shownTextBody(): string {
  return [
    'if (T === undefined) return undefined;',
    `const line = T${VISIBLE_LINE_RULES.map(replaced).join('')}.trim();`,
    'const characters = Array.from(line);',
    `const bounded = characters.length <= ${MOST_CHARACTERS} ? line : characters.slice(0, ${MOST_CHARACTERS - 1}).join('') + '\\u2026';`,
    `return bounded${INERT_RULES.map(replaced).join('')};`,
  ].join('\n');
}

function replaced({ pattern, replacement }: TextRule): string {
  return `\n  .replace(${String(pattern)}, ${JSON.stringify(replacement)})`;
}
