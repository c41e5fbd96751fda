import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import { checksumFileOf } from './checksum.ts';
import { exists, renameUnlessTaken } from './durable-files.ts';
import { makeFolderDurably } from './folders.ts';

/**
 * Moves a damaged file and its checksum into `<home>/set-aside`, where no code reads or removes them.
 *
 * @returns the new path
 */
export async function setAside(home: string, path: string): Promise<string> {
  const folder = join(home, 'set-aside', randomBytes(6).toString('hex'));
  await makeFolderDurably(folder);
  const target = join(folder, basename(path));
  await renameUnlessTaken(path, target);
  const checksum = checksumFileOf(path);
  if (await exists(checksum)) await renameUnlessTaken(checksum, checksumFileOf(target));
  return target;
}
