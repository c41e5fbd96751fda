import { lstat, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { removePlainFile } from '../../files/durable-files.ts';
import { isAbandoned, thisOwner } from '../../files/owner.ts';
import { homeLayout, readPointer, SNAPSHOT_FILE_NAME, SNAPSHOT_ID } from '../home-layout.ts';

export const BUILDING_FOLDER = new RegExp(`^(?<id>${SNAPSHOT_ID})\\.(?<host>[0-9a-f]{8})\\.(?<pid>\\d+)$`);

/** The name tells the owner of the work: `<snapshot id>.<host>.<pid>`. */
export function buildingFolderName(snapshotId: string): string {
  const { host, pid } = thisOwner();
  return `${snapshotId}.${host}.${pid}`;
}

/**
 * Removes what killed imports left behind, but not the work of a running one. Best effort.
 *
 * @param fresh a folder that was just made there, to read the file system's own clock
 */
export async function sweepStaleBuilds(home: string, fresh: string): Promise<void> {
  const { building } = homeLayout(home);
  const now = (await stat(fresh)).mtimeMs;
  for (const name of await namesIn(building)) {
    const owner = BUILDING_FOLDER.exec(name)?.groups;
    const folder = join(building, name);
    const modified = await lstat(folder).catch(() => undefined);
    if (owner === undefined || !modified?.isDirectory()) continue;
    if (isAbandoned({ host: owner.host, pid: Number(owner.pid) }, modified.mtimeMs, now))
      await removeQuietly(folder);
  }
}

/**
 * Removes all our snapshots except the current one and the one before, and no file with another name. Best effort: a
 * system that cannot delete open files keeps them until a later import.
 *
 * The order of reading matters, because another import may be publishing now: its file appears first, its
 * building folder goes last, after the pointer was flipped. So a file that is listed, has no building folder *and
 * then* is not in the pointer is old.
 */
export async function sweepOldSnapshots(home: string): Promise<void> {
  const layout = homeLayout(home);
  const snapshots = await namesIn(layout.snapshots);
  const rejects = await namesIn(layout.rejects);
  const inProgress = await buildsIn(home);
  const pointer = await readPointer(home).catch(() => undefined);
  if (pointer === undefined) return;
  const kept = new Set([pointer.snapshot, pointer.previous, ...inProgress]);
  const isOld = (name: string) => {
    const id = SNAPSHOT_FILE_NAME.exec(name)?.groups?.id;
    return id !== undefined && !kept.has(id);
  };
  for (const name of snapshots.filter(isOld)) await removeFile(join(layout.snapshots, name));
  for (const name of rejects.filter(isOld)) await removeFile(join(layout.rejects, name));
}

/** The ids of snapshots that are being built, and of those whose work was killed and is not swept yet. */
export async function buildsIn(home: string): Promise<string[]> {
  const names = await namesIn(homeLayout(home).building);
  return names.flatMap((name) => BUILDING_FOLDER.exec(name)?.groups?.id ?? []);
}

/** Best effort. */
async function removeFile(path: string): Promise<void> {
  await removePlainFile(path).catch(() => undefined);
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function removeQuietly(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}
