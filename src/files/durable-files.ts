import { chmod, constants, copyFile, link, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asidePath, sweepLeftovers } from './aside.ts';
import { flushFolder } from './folders.ts';
import { errnoOf, isMissing } from './system-error.ts';

/**
 * Writes files so that they are whole or absent after a kill or a power cut at any moment: under a temporary name on the
 * same file system, flushed to the disk, then renamed.
 */

/**
 * Lets `write` make a file under a temporary name, and replaces `file` by it in one step: a reader sees the old content
 * or the new, never a part. If `write` throws, its file is removed.
 */
export async function replaceWith(file: string, write: (aside: string) => Promise<void>): Promise<void> {
  const aside = asidePath(dirname(file));
  try {
    await write(aside);
    await keepMode(file, aside);
    await syncFile(aside);
    await sweepLeftovers(dirname(file), aside);
    await renameDurably(aside, file);
  } finally {
    await rm(aside, { force: true }).catch(() => undefined);
  }
}

/** Keeps the mode of an existing file, which its owner has chosen. */
async function keepMode(file: string, aside: string): Promise<void> {
  const before = await stat(file).catch(() => undefined);
  if (before !== undefined) await chmod(aside, before.mode & 0o777);
}

/** Replaces a file's content in one step. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  await replaceWith(file, (aside) => writeNewFile(aside, content));
}

/** Writes a file that must not exist yet, readable by this user alone, and flushes it to the disk. */
export async function writeNewFile(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Flushes a file's bytes, so that a rename that follows never uncovers an empty file after a power cut. */
export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Renames within one disk, replaces a file of that name, and makes the new name survive a power cut. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await flushFolder(dirname(to));
}

/** Renames a folder that is not empty, durably, unless the name is taken. Other failures are thrown. */
export async function renameUnlessTaken(from: string, to: string): Promise<'renamed' | 'taken'> {
  // In POSIX a folder can only replace an *empty* folder.
  try {
    await rename(from, to);
  } catch (error) {
    if (await exists(to)) return 'taken';
    throw error;
  }
  await flushFolder(dirname(to));
  return 'renamed';
}

/** Gives a finished file a second name, durably, unless that name is taken. Other failures are thrown. */
export async function placeUnlessTaken(file: string, name: string): Promise<'placed' | 'taken'> {
  try {
    // A rename would replace a file of that name; a second name never does. Some file systems have none, so a copy is made.
    await link(file, name).catch((error: unknown) => {
      if (errnoOf(error) === 'EEXIST') throw error;
      return copyFile(file, name, constants.COPYFILE_EXCL);
    });
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return 'taken';
    throw error;
  }
  await flushFolder(dirname(name));
  return 'placed';
}

/** Removes a file if there is one. A folder or a symbolic link of that name is not ours, because we make files only. */
export async function removePlainFile(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isFile()) await rm(path, { force: true });
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
