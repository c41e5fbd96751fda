import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { bytesOf, type TextBytes, type TextEncoding } from './text-scan.ts';

/** Writes a text in another encoding as UTF-8, uncompressed; the engine then reads each file in one way. */
export async function copyAsUtf8(
  text: TextBytes,
  encoding: TextEncoding,
  copy: string,
  signal: AbortSignal | undefined,
): Promise<TextBytes> {
  await pipeline(Readable.from(decoded(text, encoding)), createWriteStream(copy), { signal });
  return { path: copy, name: text.name, compressed: false };
}

async function* decoded(text: TextBytes, encoding: TextEncoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of bytesOf(text)) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}
