import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exists, removePlainFile, replaceFile, replaceWith } from './durable-files.ts';
import { isMissing } from './system-error.ts';

/**
 * A file that never changes may have its SHA-256 beside it, in `<file>.sha256`, in the format of
 * `sha256sum -c <file>.sha256`. The checksum finds damage. It is no signature: a person who can change the file can
 * change the checksum too.
 */

/** `unchecked`: an older version of churn-mcp wrote the file without a checksum. */
export type FileState = 'intact' | 'damaged' | 'missing' | 'unchecked';

export function checksumFileOf(file: string): string {
  return `${file}.sha256`;
}

function checksumLine(file: string, sha256: string): string {
  return `${sha256}  ${basename(file)}\n`;
}

/** SHA-256 of what is in memory, as 64 hex digits. */
export function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** SHA-256 of a file's bytes, as 64 hex digits. */
export async function sha256OfFile(file: string, signal?: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest('hex');
}

/** Writes the checksum of the file `bytes` as that of `file`, before `bytes` is renamed to `file`. */
export async function writeChecksum(file: string, bytes: string): Promise<void> {
  await replaceFile(checksumFileOf(file), checksumLine(file, await sha256OfFile(bytes)));
}

/** As `replaceWith`, with the checksum beside it. For files that never change: a reader may see the new checksum first. */
export async function writeWithChecksum(
  file: string,
  write: (aside: string) => Promise<void>,
): Promise<void> {
  await replaceWith(file, async (aside) => {
    await write(aside);
    await writeChecksum(file, aside);
  });
}

/** Compares a file with the checksum beside it. */
export async function stateOfFile(file: string, signal?: AbortSignal | undefined): Promise<FileState> {
  const line = await readFile(checksumFileOf(file), 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    return '';
  });
  if (!(await exists(file))) return 'missing';
  if (line === undefined) return 'unchecked';
  try {
    return checksumLine(file, await sha256OfFile(file, signal)) === line ? 'intact' : 'damaged';
  } catch (error) {
    if (signal?.aborted) throw error;
    return 'damaged';
  }
}

/** Removes a file and its checksum. */
export async function removeWithChecksum(file: string): Promise<void> {
  await removePlainFile(file);
  await removePlainFile(checksumFileOf(file));
}

/**
 * Copies a file, and compares what is read with the checksum beside it.
 *
 * @returns whether the copy is that of an intact file
 */
export async function copyIntact(
  file: string,
  copy: string,
  signal?: AbortSignal | undefined,
): Promise<boolean> {
  const line = await readFile(checksumFileOf(file), 'utf8').catch(() => undefined);
  const hash = createHash('sha256');
  const hashed = new Transform({
    transform(chunk: Uint8Array, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(
    createReadStream(file, CHUNKS),
    hashed,
    createWriteStream(copy, { ...CHUNKS, mode: 0o600 }),
    {
      signal,
    },
  );
  return checksumLine(file, hash.digest('hex')) === line;
}

const CHUNKS = { highWaterMark: 2 ** 20 };
