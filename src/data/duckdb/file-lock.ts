import { link, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DuckDBInstance } from '@duckdb/node-api';
import { asidePath } from '../../files/aside.ts';
import { exists } from '../../files/durable-files.ts';
import { makeFolder } from '../../files/folders.ts';
import { errnoOf, isMissing } from '../../files/system-error.ts';
import { isStorageError, messageOf, writeError } from './duckdb-errors.ts';
import { loadDuckDB } from './load-duckdb.ts';

/** Locks held by this process: the system's locks exclude other processes, but not other calls of the same process. */
const held = new Set<string>();

/**
 * Takes an exclusive lock on `file`, or returns undefined if it is taken. It is the lock that DuckDB puts on a
 * database it may write, so the system frees it when its holder ends in any way. If the file is no database (a full
 * disk left it, or it is damaged), it cannot be locked, and is replaced by a good one.
 *
 * @throws STORAGE if the file cannot be written
 */
export async function tryLock(file: string): Promise<AsyncDisposable | undefined> {
  if (held.has(file)) return undefined;
  held.add(file);
  try {
    const instance = await openLock(file);
    if (instance === undefined) {
      held.delete(file);
      return undefined;
    }
    return {
      async [Symbol.asyncDispose]() {
        instance.closeSync();
        held.delete(file);
      },
    };
  } catch (error) {
    held.delete(file);
    throw writeError(error);
  }
}

/** What is known of a lock without keeping it. A damaged one is free: the next who wants it makes it anew. */
export async function stateOfLock(file: string): Promise<'missing' | 'free' | 'held' | 'damaged'> {
  if (held.has(file)) return 'held';
  if (!(await exists(file))) return 'missing';
  try {
    (await openDatabase(file)).closeSync();
    return 'free';
  } catch (error) {
    return isHeldElsewhere(error) ? 'held' : 'damaged';
  }
}

async function openLock(file: string): Promise<DuckDBInstance | undefined> {
  await makeFolder(dirname(file));
  if (!(await exists(file))) await placeNew(file);
  const { ino } = await stat(file);
  try {
    return await openDatabase(file);
  } catch (error) {
    if (isHeldElsewhere(error)) return undefined;
    if (isStorageError(messageOf(error))) throw error;
    await setAside(file, ino);
    await placeNew(file);
    return openAgain(file);
  }
}

/** Another process may also have replaced the file and taken the lock. */
async function openAgain(file: string): Promise<DuckDBInstance | undefined> {
  try {
    return await openDatabase(file);
  } catch (error) {
    if (isHeldElsewhere(error)) return undefined;
    throw error;
  }
}

/** Makes the database under another name, so that a kill leaves no part of one; the first of several processes wins. */
async function placeNew(file: string): Promise<void> {
  const aside = asidePath(dirname(file));
  try {
    (await openDatabase(aside)).closeSync();
    await linkOrRename(aside, file);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/** Some file systems have no links; there the last of several processes wins. */
async function linkOrRename(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(errnoOf(error) ?? '')) throw error;
    await rename(from, to);
  }
}

/** Moves the unusable file away, unless another process has put a good one in its place meanwhile. */
async function setAside(file: string, inode: number): Promise<void> {
  const aside = asidePath(dirname(file));
  try {
    await rename(file, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  const isUnusable = (await stat(aside)).ino === inode;
  if (!isUnusable) await link(aside, file).catch(() => undefined);
  await rm(aside, { recursive: true, force: true });
}

async function openDatabase(file: string): Promise<DuckDBInstance> {
  return loadDuckDB().DuckDBInstance.create(file, { threads: '1' });
}

/** DuckDB's message on Unix, and the one on Windows. */
function isHeldElsewhere(error: unknown): boolean {
  return /could not set lock on file|used by another process/i.test(messageOf(error));
}
