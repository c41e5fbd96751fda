import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Forces a file's bytes to the disk, so that a rename that follows never uncovers an empty file after a power cut. */
export async function syncFile(file: string): Promise<void> {
  await syncAndClose(await open(file, 'r+'));
}

/** Replaces `file` in one step: readers see the old text or the new, never half of one. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const aside = `${file}.${process.pid}.tmp`;
  const handle = await open(aside, 'w');
  try {
    await handle.writeFile(text);
  } finally {
    await syncAndClose(handle);
  }
  await renameDurably(aside, file);
}

/** Renames within one disk, and makes the new name survive a power cut. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  // Windows cannot open folders, and does not need it.
  if (process.platform !== 'win32') await syncAndClose(await open(dirname(to), 'r'));
}

/**
 * Makes a folder and those above it; returns the topmost that was made, or undefined where all were there. Node's own
 * recursive `mkdir` never returns where the file system answers "no such folder" for a folder whose parent exists, as
 * Linux does under /proc.
 */
export async function makeFolder(folder: string): Promise<string | undefined> {
  const problem = await tryToMake(folder);
  if (problem === undefined) return folder;
  if (await isFolder(folder)) return undefined;
  const parent = dirname(folder);
  if (!isMissing(problem) || parent === folder) throw problem;
  const madeAbove = await makeFolder(parent);
  const again = await tryToMake(folder);
  if (again !== undefined && !(await isFolder(folder))) throw again;
  return madeAbove ?? folder;
}

async function tryToMake(folder: string): Promise<unknown> {
  try {
    await mkdir(folder);
    return undefined;
  } catch (error) {
    return error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function syncAndClose(handle: FileHandle): Promise<void> {
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
