import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolderDurably } from './folders.ts';
import { isAbandoned, thisOwner } from './owner.ts';

/** `.churn-mcp-<host>-<process id>-<random>.tmp`, and what the engine spills beside it. No other file has such a name. */
export const ASIDE_NAME = /^\.churn-mcp-(?<host>[0-9a-f]{8})-(?<pid>\d{1,10})-[0-9a-f]{12}\.tmp(?:\.spill)?$/;

/** A new path in `folder` for unfinished work. */
export function asidePath(folder: string): string {
  const { host, pid } = thisOwner();
  return join(folder, `.churn-mcp-${host}-${pid}-${randomBytes(6).toString('hex')}.tmp`);
}

/**
 * Runs `work` with an empty folder for unfinished work, on the same file system as its final place, and removes what is
 * left of it. Removes those of killed processes too. Makes `parent` if it is missing.
 */
export async function withFolderAside<Result>(
  parent: string,
  work: (aside: string) => Promise<Result>,
): Promise<Result> {
  await makeFolderDurably(parent);
  const aside = asidePath(parent);
  await mkdir(aside, 0o700);
  try {
    await sweepLeftovers(parent, aside);
    return await work(aside);
  } finally {
    await rm(aside, { recursive: true, force: true }).catch(() => undefined);
  }
}

/**
 * Removes unfinished files of killed processes from a folder. Best effort: another process may do the same at the same
 * time, and a leftover that cannot be removed does no harm.
 *
 * @param fresh a path that was just written there, to read the file system's own clock
 */
export async function sweepLeftovers(folder: string, fresh: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const now = (await stat(fresh)).mtimeMs;
  for (const name of names) {
    const owner = ASIDE_NAME.exec(name)?.groups;
    if (owner === undefined) continue;
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined);
    // We make no symbolic links, so one of such a name is not ours.
    if (found === undefined || found.isSymbolicLink()) continue;
    if (isAbandoned({ host: owner.host, pid: Number(owner.pid) }, found.mtimeMs, now)) {
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

/** Sweeps a folder in which nothing is being written now; nothing happens in one that cannot be written. */
export async function sweepFolder(folder: string): Promise<void> {
  const fresh = asidePath(folder);
  try {
    await writeFile(fresh, '', { flag: 'wx', mode: 0o600 });
    await sweepLeftovers(folder, fresh);
  } catch {
    // A home that may only be read.
  } finally {
    await rm(fresh, { force: true }).catch(() => undefined);
  }
}
