import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing } from './system-error.ts';

/**
 * Makes a folder and its missing parents, for this user alone; returns the topmost folder it made, or undefined if all existed. Node's own
 * recursive `mkdir` never returns if the file system answers "no such folder" for a folder whose parent exists, as Linux
 * does under /proc.
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

/** Makes a folder and its missing parents, and flushes each new name. */
export async function makeFolderDurably(folder: string): Promise<void> {
  const firstMade = await makeFolder(folder);
  if (firstMade === undefined) return;
  for (let made = folder; made.length >= firstMade.length; made = dirname(made))
    await flushFolder(dirname(made));
}

/** Flushes a folder's list of names. Windows has no such call and does not need it. */
export async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function tryToMake(folder: string): Promise<unknown> {
  try {
    await mkdir(folder, 0o700);
    return undefined;
  } catch (error) {
    return error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
