import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What we make in a home folder. The folder itself may be anybody's, and other things may lie there. */
const OURS = ['data', 'registry', 'table', 'predictions', 'training.lock', 'training.json'];
const OTHERS = 0o077;

/**
 * Takes from other users of the machine what earlier versions let them read: customers, orders and models. Best effort,
 * since the files may be another user's; symbolic links are left alone.
 *
 * @returns whether anything was readable by others before
 */
export function makeHomePrivate(home: string): boolean {
  if (process.platform === 'win32') return false;
  // The modes below a folder that others cannot enter do not matter, so one look at each of ours is enough.
  const open = OURS.map((name) => join(home, name)).filter(isOpenToOthers);
  for (const path of open) closeToOthers(path);
  return open.length > 0;
}

function isOpenToOthers(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isSymbolicLink() && (found.mode & OTHERS) !== 0;
}

/** What lies within goes first: a run that is killed leaves the folder open, and the next one begins again. */
function closeToOthers(path: string): void {
  try {
    const { mode } = lstatSync(path);
    for (const entry of entriesOf(path)) if (!entry.isSymbolicLink()) closeToOthers(join(path, entry.name));
    chmodSync(path, mode & ~OTHERS & 0o7777);
  } catch {
    // Another user's, or gone meanwhile.
  }
}

function entriesOf(path: string) {
  return lstatSync(path).isDirectory() ? readdirSync(path, { withFileTypes: true }) : [];
}
