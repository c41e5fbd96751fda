import { plainText } from './plain-text.ts';
import { applyRules, INERT_RULES } from './text-rules.ts';

/**
 * Cleans untrusted text in an answer that a host may show as Markdown, so that nothing in it becomes a link, an image, a
 * heading, HTML or a block of code. It escapes only characters that would begin one of these, so ordinary names do not
 * change.
 */
export function inertMarkdown(text: string, most?: number): string {
  return applyRules(plainText(text, most), INERT_RULES);
}
