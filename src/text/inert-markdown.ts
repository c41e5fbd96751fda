import { plainText } from './plain-text.ts';
import { applyRules, INERT_RULES } from './text-rules.ts';

/**
 * Untrusted text within an answer that a host may show as Markdown: cleaned, and nothing in it becomes a link, an image, a
 * heading, HTML or a block of code. Only characters that would begin one of these are escaped, so ordinary names stay as
 * they are.
 */
export function inertMarkdown(text: string, most?: number): string {
  return applyRules(plainText(text, most), INERT_RULES);
}
