import { randomBytes } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFolderAside } from './aside.ts';
import { placeUnlessTaken, removePlainFile, syncFile } from './durable-files.ts';
import { isMissing } from './system-error.ts';

/** The names of files to be fetched end in 64 random bits: nobody can guess the name of somebody else's file. */
const FETCHED_NAME = /^[a-z0-9_-]{1,80}_[0-9a-f]{16}\.(?:csv|xlsx|parquet)$/;

/** Files to be fetched are kept so long. */
const KEPT_MS = 24 * 3_600_000;

export interface NewExport {
  /** Lower case letters, digits, dashes and underscores. */
  readonly name: string;
  /** Without its dot. */
  readonly ending: string;
  /** Whether a caller is told to fetch it, rather than where it is. */
  readonly isFetched: boolean;
  readonly now: Date;
}

/**
 * Writes a new file into a folder: no file that is there is replaced. The file appears complete or not at all.
 *
 * @param write makes the file under the path that it is given, which has the ending
 * @returns the path of the file
 */
export async function writeNewExport(
  folder: string,
  { name, ending, isFetched, now }: NewExport,
  write: (file: string) => Promise<void>,
): Promise<string> {
  return withFolderAside(folder, async (aside) => {
    if (isFetched) await removeOld(folder, now);
    const written = join(aside, `list.${ending}`);
    await write(written);
    await syncFile(written);
    // Each name that is taken meanwhile is one that another export was given.
    for (let number = isFetched ? 1 : await firstFree(folder, name, ending); ; number++) {
      const mark = isFetched ? `_${randomBytes(8).toString('hex')}` : number === 1 ? '' : `_${number}`;
      const file = join(folder, `${name}${mark}.${ending}`);
      if ((await placeUnlessTaken(written, file)) === 'placed') return file;
    }
  });
}

/** Files of one name are numbered: `list.csv`, `list_2.csv`. The number after the highest, so that none is given twice. */
async function firstFree(folder: string, name: string, ending: string): Promise<number> {
  const numbers = (await readdir(folder)).flatMap((file) => {
    if (!file.startsWith(name) || !file.endsWith(`.${ending}`)) return [];
    const mark = file.slice(name.length, -ending.length - 1);
    return mark === '' ? [1] : /^_\d{1,9}$/.test(mark) ? [Number(mark.slice(1))] : [];
  });
  return numbers.reduce((highest, number) => Math.max(highest, number), 0) + 1;
}

/** The bytes of a file that a caller was told to fetch; undefined if there is none of that name. */
export async function readExport(folder: string, name: string): Promise<Uint8Array | undefined> {
  if (!FETCHED_NAME.test(name)) return undefined;
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function removeOld(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!FETCHED_NAME.test(name)) continue;
    const file = join(folder, name);
    const found = await lstat(file).catch(() => undefined);
    if (found !== undefined && now.getTime() - found.mtimeMs > KEPT_MS) await removePlainFile(file);
  }
}
