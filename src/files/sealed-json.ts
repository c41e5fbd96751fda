import { z } from 'zod';
import { sha256Of } from './checksum.ts';

/**
 * Small JSON files that are replaced as a whole hold the SHA-256 of their own content: a flipped bit would else make a name
 * another name. It finds damage and edits by hand; it is no signature.
 */

/** The text of a file with this content. */
export function sealedJson(content: object): string {
  const sha256 = sha256Of(JSON.stringify(content));
  return `${JSON.stringify({ ...content, sha256 }, null, 2)}\n`;
}

const objectSchema = z.record(z.string(), z.unknown());

/**
 * The content of such a text. One without a checksum was written by an earlier version, and passes.
 *
 * @throws if the text is not what was written
 */
export function openSealedJson(text: string): Record<string, unknown> {
  const { sha256, ...content } = objectSchema.parse(JSON.parse(text));
  if (sha256 !== undefined && text !== sealedJson(content)) throw new Error('the checksum does not match');
  return content;
}
