import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ChurnMcpError, throwIfAborted } from '../../../errors.ts';
import { type LegacyEncoding, legacyEncodingOf } from './legacy-encoding.ts';
import { refuseFile } from './refused-file.ts';
import { requirePlausibleSize } from './unpacked-size.ts';

/** A text file, plain or gzipped. */
export interface TextBytes {
  readonly path: string;
  readonly name: string;
  readonly compressed: boolean;
}

/** An encoding by its name for `TextDecoder`. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | LegacyEncoding;

export interface TextScan {
  /** The first megabyte. */
  readonly head: Buffer;
  readonly encoding: TextEncoding;
  /** Lines of the text, including the header; 0 for UTF-16, which is read again anyway. */
  readonly lineCount: number;
}

const HEAD_BYTES = 1 << 20;

/** Unpacked bytes come in pieces of this size: each one is a turn of the event loop, and the library's own have 16 kB. */
const UNPACKED_BYTES = 1 << 18;

/** Reads the whole text once, because a single byte near the end may show that it is not UTF-8. */
export async function scanText(text: TextBytes, signal: AbortSignal | undefined): Promise<TextScan> {
  const headParts: Buffer[] = [];
  let headLength = 0;
  let carried: Buffer = Buffer.alloc(0);
  let utf8 = true;
  let lineEnds = 0;
  let returns = 0;
  let endsInLine = false;
  for await (const piece of bytesOf(text)) {
    throwIfAborted(signal);
    const utf16 = headLength === 0 ? utf16Of(piece) : undefined;
    if (utf16 !== undefined) return { head: piece, encoding: utf16, lineCount: 0 };
    if (headLength < HEAD_BYTES) headParts.push(piece);
    headLength += piece.length;
    for (let at = piece.indexOf(0x0a); at >= 0; at = piece.indexOf(0x0a, at + 1)) lineEnds++;
    // Old programs of Macs end lines with a carriage return alone.
    if (lineEnds === 0)
      for (let at = piece.indexOf(0x0d); at >= 0; at = piece.indexOf(0x0d, at + 1)) returns++;
    endsInLine = piece.at(-1) !== 0x0a && (lineEnds > 0 || piece.at(-1) !== 0x0d);
    if (piece.includes(0)) throw refuseFile(text.name, 'holds binary data, not text');
    if (!utf8) continue;
    const bytes = carried.length === 0 ? piece : Buffer.concat([carried, piece]);
    const end = startOfLastCharacter(bytes);
    utf8 = isUtf8(bytes.subarray(0, end));
    carried = bytes.subarray(end);
  }
  const head = Buffer.concat(headParts);
  return {
    head,
    encoding: utf8 && isUtf8(carried) ? 'utf-8' : legacyEncodingOf(head),
    lineCount: (lineEnds === 0 ? returns : lineEnds) + (endsInLine ? 1 : 0),
  };
}

/** A character may be cut at the end of a piece. It has at most four bytes, and only its first is none that continues one. */
function startOfLastCharacter(bytes: Uint8Array): number {
  const last = bytes.subarray(-4).findLastIndex((byte) => (byte & 0xc0) !== 0x80);
  return last < 0 ? bytes.length : Math.max(0, bytes.length - 4) + last;
}

/**
 * The bytes of a text, decompressed, in pieces of about a megabyte.
 *
 * @throws IMPORT_REFUSED if it cannot be read, is a damaged gzip file, or unpacks to far more than its size
 */
export async function* bytesOf({ path, name, compressed }: TextBytes): AsyncGenerator<Buffer> {
  const raw = createReadStream(path, { highWaterMark: HEAD_BYTES });
  const stream: Readable = compressed ? raw.pipe(createGunzip({ chunkSize: UNPACKED_BYTES })) : raw;
  raw.on('error', (error) => stream.destroy(error));
  try {
    let unpacked = 0;
    for await (const piece of stream) {
      const bytes = Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece));
      unpacked += bytes.length;
      requirePlausibleSize(name, raw.bytesRead, unpacked);
      yield bytes;
    }
  } catch (cause) {
    if (cause instanceof ChurnMcpError) throw cause;
    const what = compressed ? 'is a damaged gzip file' : 'cannot be read';
    throw refuseFile(name, what, 'Create or download the file again.', cause);
  } finally {
    raw.destroy();
  }
}

/** In Western text at least this share of the high bytes is zero; that of a euro sign is not. */
const ZERO_SHARE = 0.8;

/** Detects UTF-16 by its byte order mark, or by the zeros in nearly every other byte of Western text. */
function utf16Of(start: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const bytes = start.subarray(0, 200);
  if (bytes.length < 8) return undefined;
  const zeros = (odd: number) => bytes.filter((byte, at) => at % 2 === odd && byte === 0).length;
  const most = ZERO_SHARE * Math.floor(bytes.length / 2);
  if (zeros(1) >= most && zeros(0) === 0) return 'utf-16le';
  return zeros(0) >= most && zeros(1) === 0 ? 'utf-16be' : undefined;
}
