import { rm } from 'node:fs/promises';
import { makeFolderAside, sweepLeftovers } from '../../../files/aside.ts';
import { makeFolder } from '../../../files/folders.ts';
import { featureTableLayout } from '../../feature-table/feature-table-layout.ts';

/** Runs `work` with a folder of the home for copies of files, and removes it; those of killed imports too. */
export async function withCopiesFolder<Result>(
  home: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const { folder } = featureTableLayout(home);
  await makeFolder(folder);
  const copies = await makeFolderAside(folder);
  try {
    await sweepLeftovers(folder, copies);
    return await work(copies);
  } finally {
    await rm(copies, { recursive: true, force: true }).catch(() => undefined);
  }
}
