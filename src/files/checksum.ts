import { createHash } from 'node:crypto';
import { chmod, constants, copyFile, type FileHandle, open, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { throwIfAborted } from '../errors.ts';
import { exists, removePlainFile, replaceFile, replaceWith, syncFile } from './durable-files.ts';
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

/** SHA-256 of a file's bytes, as 64 hex digits. @throws CANCELLED */
export async function sha256OfFile(file: string, signal?: AbortSignal | undefined): Promise<string> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    return await sha256OfHandle(handle, Math.min(MOST_READ, Math.max(1, size)), signal);
  } finally {
    await handle.close();
  }
}

const MOST_READ = 2 ** 20;

/** Two buffers in turns: one is summed while the other is read. A stream, with a new buffer for each part, takes twice as long. */
async function sha256OfHandle(
  handle: FileHandle,
  bytes: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = createHash('sha256');
  const read = (buffer: Buffer) => handle.read(buffer, 0, bytes);
  let [current, next] = [Buffer.allocUnsafe(bytes), Buffer.allocUnsafe(bytes)];
  for (let { bytesRead } = await read(current); bytesRead > 0; ) {
    throwIfAborted(signal);
    const reading = read(next);
    hash.update(current.subarray(0, bytesRead));
    ({ bytesRead } = await reading);
    [current, next] = [next, current];
  }
  return hash.digest('hex');
}

/**
 * Flushes the file `bytes` to the disk, and writes its checksum as that of `file`, before `bytes` is renamed to `file`. It is summed
 * while the disk writes.
 */
export async function writeChecksum(file: string, bytes: string): Promise<void> {
  const [sha256] = await Promise.all([sha256OfFile(bytes), syncFile(bytes)]);
  await replaceFile(checksumFileOf(file), checksumLine(file, sha256));
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
 * Copies a file as fast as the file system can, without a second set of blocks if it can share them, and compares the copy with the
 * checksum beside the file.
 *
 * @returns whether the copy is that of an intact file
 */
export async function copyIntact(
  file: string,
  copy: string,
  signal?: AbortSignal | undefined,
): Promise<boolean> {
  const line = await readFile(checksumFileOf(file), 'utf8').catch(() => undefined);
  await copyFile(file, copy, constants.COPYFILE_FICLONE);
  await chmod(copy, 0o600);
  return checksumLine(file, await sha256OfFile(copy, signal)) === line;
}
