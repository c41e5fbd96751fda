import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../data/durable-file.ts';

/**
 * Files that are there whole or not at all, after a kill or a power cut at any moment: written aside under a temporary
 * name on the same file system, flushed to the disk, and renamed.
 */

/** `.tmp-<process id>-<random>`: never a version's name, so readers do not see it. */
const TEMPORARY_PATTERN = /^\.tmp-(\d+)-[0-9a-f]+$/;
/** No write takes this long; whatever is older and without a living owner was left by a killed process. */
const STALE_AFTER_MS = 10 * 60 * 1000;

export function temporaryName(): string {
  return `.tmp-${process.pid}-${randomBytes(6).toString('hex')}`;
}

/** Writes a new file and flushes it to the disk. */
export async function writeDurably(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Flushes a folder's list of names. Windows has no such thing, and keeps the list without it. */
export async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and those above it that are missing, and flushes each new name. */
export async function makeFolderDurably(folder: string): Promise<void> {
  const firstMade = await makeFolder(folder);
  if (firstMade === undefined) return;
  for (let made = folder; made.length >= firstMade.length; made = dirname(made))
    await flushFolder(dirname(made));
}

/** Replaces `folder/name`; a reader sees the old content or the new, never a part. */
export async function replaceFile(folder: string, name: string, content: string): Promise<void> {
  const aside = join(folder, temporaryName());
  try {
    await writeDurably(aside, content);
    await rename(aside, join(folder, name));
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await flushFolder(folder);
}

/** Makes an empty folder aside, beside where its content will be renamed to. */
export async function makeFolderAside(parent: string): Promise<string> {
  const aside = join(parent, temporaryName());
  await mkdir(aside);
  return aside;
}

/** True where the rename found the name taken; other failures are thrown. */
export async function renameUnlessTaken(from: string, to: string): Promise<'renamed' | 'taken'> {
  // POSIX lets a folder replace an *empty* folder only, and a version's folder is never empty.
  try {
    await rename(from, to);
    return 'renamed';
  } catch (error) {
    if (await exists(to)) return 'taken';
    throw error;
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Removes what killed processes left in a folder. Ages are measured against `fresh`, a path just made there: the file
 * system's clock with itself. An identifier of our own counts as dead, since in containers every run has the same one;
 * what this process is writing now is younger than that.
 */
export async function sweepLeftovers(folder: string, fresh: string): Promise<void> {
  const now = (await stat(fresh)).mtimeMs;
  for (const name of await readdir(folder)) {
    const owner = TEMPORARY_PATTERN.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const path = join(folder, name);
    const modified = await stat(path).catch(() => undefined);
    // Another process may be sweeping too, and a leftover that cannot be removed does no harm.
    if (modified && now - modified.mtimeMs > STALE_AFTER_MS) {
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

/** The system's error code, such as `ENOENT`, of what a file operation threw. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
