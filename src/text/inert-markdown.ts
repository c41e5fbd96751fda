import { plainText } from './plain-text.ts';

/**
 * Untrusted text within an answer that a host may show as Markdown: nothing in it becomes a link, an image, a heading, HTML
 * or a block of code. Only characters that would begin one of these are escaped, so ordinary names stay as they are.
 */
export function inertMarkdown(text: string, most?: number): string {
  return plainText(text, most)
    .replace(/\](?=[([])/g, ']\\')
    .replace(/<(?=[a-z/!?])/gi, '\\<')
    .replace(/^(?=#{1,6}(?: |$)|`{3}|~{3})/, '\\');
}
