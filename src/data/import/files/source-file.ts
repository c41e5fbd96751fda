import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ChurnMcpError, throwIfAborted } from '../../../errors.ts';
import { quoted } from '../../../text/quoted.ts';
import { type CsvHead, readCsvHead } from './csv-head.ts';

export type TextEncoding = 'utf-8' | 'utf-16' | 'latin-1';

/** A file as its first bytes show it, whatever its ending says. */
export type SourceFile = { readonly path: string; readonly name: string; readonly state: string } & (
  | { readonly format: 'parquet' }
  | { readonly format: 'ndjson' | 'json'; readonly compressed: boolean }
  | {
      readonly format: 'csv';
      readonly compressed: boolean;
      readonly encoding: TextEncoding;
      readonly head: CsvHead;
      /** Lines of the text, the header among them; undefined in UTF-16. */
      readonly lineCount: number | undefined;
    }
);

const HEAD_BYTES = 1 << 20;

/**
 * Looks at a file before the engine does, because the engine's guesses depend on a sample: format by content,
 * encoding over the whole text, and the header line.
 *
 * @throws IMPORT_REFUSED where the file is missing, a folder, empty, or no text or Parquet
 */
export async function inspectFile(path: string, signal: AbortSignal | undefined): Promise<SourceFile> {
  const file = { path: resolve(path), name: basename(path) };
  const state = await stateOf(file);
  const start = await readStart(file.path);
  if (start.length === 0) throw refuse(file.name, 'is empty');
  if (start.subarray(0, 4).toString('latin1') === 'PAR1') return { ...file, state, format: 'parquet' };
  if (start.subarray(0, 2).toString('latin1') === 'PK') {
    throw refuse(file.name, 'is a spreadsheet or an archive', 'Save the sheet as CSV, and import that.');
  }
  const compressed = start[0] === 0x1f && start[1] === 0x8b;
  return inspectText({ ...file, state }, compressed, signal);
}

async function inspectText(
  file: { path: string; name: string; state: string },
  compressed: boolean,
  signal: AbortSignal | undefined,
): Promise<SourceFile> {
  const { head, encoding, lineCount } = await scanText(file, compressed, signal);
  const text = decode(head, encoding);
  const first = text.trimStart()[0];
  if (first === undefined) throw refuse(file.name, 'is empty');
  if (first === '{' || first === '[') {
    if (encoding !== 'utf-8') throw refuse(file.name, 'is JSON, but not in UTF-8', 'Save it as UTF-8.');
    return { ...file, format: first === '{' ? 'ndjson' : 'json', compressed };
  }
  return { ...file, format: 'csv', compressed, encoding, head: readCsvHead(text), lineCount };
}

/**
 * Some formats are read more than once, and every look must find the same.
 *
 * @throws IMPORT_REFUSED where the file is not the one that was inspected
 */
export async function requireUnchanged(file: SourceFile): Promise<void> {
  if ((await stateOf(file)) === file.state) return;
  throw refuse(file.name, 'changed while it was read', 'Import it again when nothing writes to it.');
}

/** What tells one state of a file from another. */
async function stateOf(file: { path: string; name: string }): Promise<string> {
  const found = await stat(file.path).catch((cause: unknown) => {
    throw refuse(file.name, 'cannot be found or read', 'Check the name and the permissions.', cause);
  });
  if (!found.isFile()) throw refuse(file.name, 'is not a file', 'Give the file itself, not its folder.');
  return `${found.ino} ${found.size} ${found.mtimeMs}`;
}

async function readStart(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Reads the whole text once: a single byte far down may tell that it is not UTF-8. */
async function scanText(
  file: { path: string; name: string },
  compressed: boolean,
  signal: AbortSignal | undefined,
): Promise<{ head: Buffer; encoding: TextEncoding; lineCount: number | undefined }> {
  const headParts: Buffer[] = [];
  let headLength = 0;
  let carried: Buffer = Buffer.alloc(0);
  let utf8 = true;
  let lineEnds = 0;
  let endsInLine = false;
  for await (const piece of textStream(file, compressed)) {
    throwIfAborted(signal);
    if (headLength === 0 && isUtf16(piece)) return { head: piece, encoding: 'utf-16', lineCount: undefined };
    if (headLength < HEAD_BYTES) headParts.push(piece);
    headLength += piece.length;
    for (let at = piece.indexOf(0x0a); at >= 0; at = piece.indexOf(0x0a, at + 1)) lineEnds++;
    endsInLine = piece.at(-1) !== 0x0a;
    if (piece.includes(0)) throw refuse(file.name, 'holds binary data, not text', SUPPORTED);
    if (!utf8) continue;
    const bytes = carried.length === 0 ? piece : Buffer.concat([carried, piece]);
    // Up to the last line end, because a character may be cut at the end of a piece.
    const end = bytes.lastIndexOf(0x0a) + 1;
    utf8 = isUtf8(bytes.subarray(0, end));
    carried = bytes.subarray(end);
  }
  return {
    head: Buffer.concat(headParts),
    encoding: utf8 && isUtf8(carried) ? 'utf-8' : 'latin-1',
    lineCount: endsInLine ? lineEnds + 1 : lineEnds,
  };
}

async function* textStream(
  file: { path: string; name: string },
  compressed: boolean,
): AsyncGenerator<Buffer> {
  const raw = createReadStream(file.path, { highWaterMark: HEAD_BYTES });
  const stream: Readable = compressed ? raw.pipe(createGunzip()) : raw;
  raw.on('error', (error) => stream.destroy(error));
  try {
    for await (const piece of stream) yield Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece));
  } catch (cause) {
    const what = compressed ? 'is a damaged gzip file' : 'cannot be read';
    throw refuse(file.name, what, 'Make or download the file again.', cause);
  } finally {
    raw.destroy();
  }
}

function isUtf16(start: Buffer): boolean {
  return (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
}

function decode(bytes: Buffer, encoding: TextEncoding): string {
  if (encoding === 'latin-1') return bytes.toString('latin1');
  if (encoding === 'utf-8') return bytes.toString('utf8').replace(/^\ufeff/, '');
  return new TextDecoder(bytes[0] === 0xfe ? 'utf-16be' : 'utf-16le').decode(bytes);
}

const SUPPORTED = 'Files may be CSV, TSV, NDJSON (each also gzipped) or Parquet.';

export function refuse(name: string, what: string, hint = SUPPORTED, cause?: unknown): ChurnMcpError {
  return new ChurnMcpError('IMPORT_REFUSED', `The file ${quoted(name)} ${what}.`, { hint, cause });
}
