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
 * The content of such a text. One without a checksum was written by an earlier version, and passes; one with a field that
 * the schema does not know does not, because that may be the checksum's field with a flipped bit.
 *
 * @throws if the text is not what was written
 */
export function openSealedJson<Shape extends z.ZodRawShape>(
  text: string,
  schema: z.ZodObject<Shape>,
): z.output<z.ZodObject<Shape, z.core.$strict>> {
  const { sha256, ...content } = objectSchema.parse(JSON.parse(text));
  if (sha256 !== undefined && text !== sealedJson(content)) throw new Error('the checksum does not match');
  return schema.strict().parse(content);
}
