import { tmpdir } from 'node:os';
import { sweepFolder, withFolderAside } from './aside.ts';

/**
 * Runs `work` with an empty folder of the system's folder for temporary files, which only this user can read, and removes it. Its
 * name tells its owner, so those of killed processes are removed too, and nothing of anybody else.
 */
export function withTemporaryFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  return withFolderAside(tmpdir(), work);
}

/** Removes the temporary folders of killed processes: they may hold customers. */
export function sweepTemporaryFolders(): Promise<void> {
  return sweepFolder(tmpdir());
}
