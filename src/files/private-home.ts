import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folders that we make in a home folder. The folder itself may have another owner and hold other files. */
export const HOME_FOLDERS = [
  'data',
  'registry',
  'table',
  'predictions',
  'campaigns',
  'exports',
  'offers',
  'scores',
  'jobs',
  'log',
  'alerts',
] as const;
const OURS = [
  ...HOME_FOLDERS,
  'training.lock',
  'training.json',
  'retraining.json',
  'retraining.lock',
  'answers.key',
];
const OTHERS = 0o077;

/**
 * Makes files private that earlier versions let other users of the machine read: customers, orders and models. Best
 * effort, because another user may own the files; symbolic links are left alone.
 *
 * @returns whether anything was readable by others before and is not any more
 */
export function makeHomePrivate(home: string): boolean {
  if (process.platform === 'win32') return false;
  // Below a folder that others cannot enter, modes do not matter, so checking the top folders is enough.
  const open = OURS.map((name) => join(home, name)).filter(isOpenToOthers);
  for (const path of open) closeToOthers(path);
  return open.length > 0 && !open.some(isOpenToOthers);
}

function isOpenToOthers(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isSymbolicLink() && (found.mode & OTHERS) !== 0;
}

/** The content comes first: if the process is killed, the folder is still open and the next run starts again. */
function closeToOthers(path: string): void {
  try {
    const { mode } = lstatSync(path);
    for (const entry of entriesOf(path)) if (!entry.isSymbolicLink()) closeToOthers(join(path, entry.name));
    chmodSync(path, mode & ~OTHERS & 0o7777);
  } catch {
    // It belongs to another user, or was removed meanwhile.
  }
}

function entriesOf(path: string) {
  return lstatSync(path).isDirectory() ? readdirSync(path, { withFileTypes: true }) : [];
}
