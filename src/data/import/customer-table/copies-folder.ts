import { withFolderAside } from '../../../files/aside.ts';
import { featureTableLayout } from '../../feature-table/feature-table-layout.ts';

/** Runs `work` with a folder of the home for copies of files, and removes it; those of killed imports too. */
export function withCopiesFolder<Result>(
  home: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  return withFolderAside(featureTableLayout(home).folder, work);
}
