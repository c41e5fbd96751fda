import { type FileHandle, open, rename } from 'node:fs/promises';
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

async function syncAndClose(handle: FileHandle): Promise<void> {
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
