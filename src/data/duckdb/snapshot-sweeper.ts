import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { homeLayout, readPointer } from '../home-layout.ts';

/** Work of another machine (a home on a shared disk) cannot be asked whether it lives; this old, it does not. */
const ABANDONED_AFTER_MS = 48 * 3_600_000;
const BUILDING_FOLDER = /^(?<id>[0-9_a-f]+)\.(?<host>[0-9a-f]{8})\.(?<pid>\d+)$/;

/** The name says whose work it is: `<snapshot id>.<host>.<pid>`. */
export function buildingFolderName(snapshotId: string): string {
  return `${snapshotId}.${hostMark()}.${process.pid}`;
}

/** Removes what killed imports left behind, never the work of one that is running. Best effort. */
export async function sweepStaleBuilds(home: string): Promise<void> {
  const { building } = homeLayout(home);
  for (const name of await namesIn(building)) {
    const folder = join(building, name);
    if (await isAbandoned(name, folder)) await removeQuietly(folder);
  }
}

/**
 * Removes all snapshots but the current one and the one before. Best effort: a system that does not let go of open
 * files keeps them until a later import.
 *
 * The order of reading matters, for another import may be publishing right now: its file appears first, its
 * building folder goes last, after the pointer was flipped. So a file that is listed, has no building folder *and
 * then* is not in the pointer is old.
 */
export async function sweepOldSnapshots(home: string): Promise<void> {
  const layout = homeLayout(home);
  const snapshots = await namesIn(layout.snapshots);
  const rejects = await namesIn(layout.rejects);
  const inProgress = (await namesIn(layout.building)).flatMap(
    (name) => BUILDING_FOLDER.exec(name)?.groups?.id ?? [],
  );
  const pointer = await readPointer(home).catch(() => undefined);
  if (pointer === undefined) return;
  const kept = new Set([pointer.snapshot, pointer.previous, ...inProgress]);
  const isOld = (name: string) => !kept.has(name.replace(/\..*$/, ''));
  for (const name of snapshots.filter(isOld)) await removeQuietly(join(layout.snapshots, name));
  for (const name of rejects.filter(isOld)) await removeQuietly(join(layout.rejects, name));
}

async function isAbandoned(name: string, folder: string): Promise<boolean> {
  const owner = BUILDING_FOLDER.exec(name)?.groups;
  if (owner?.host === hostMark()) return !isAlive(Number(owner.pid));
  const modified = await stat(folder).catch(() => undefined);
  return modified !== undefined && Date.now() - modified.mtimeMs > ABANDONED_AFTER_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, as somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function hostMark(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function removeQuietly(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}
