import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';

/**
 * A file or folder of the public data sets that live beside the repository, or undefined where they are absent:
 * tests that need them skip, visibly.
 */
export function sharedData(name: string): string | undefined {
  const folders = [
    process.env.SHARED_DATA_DIR,
    join(packageRoot(), '..', 'shared', 'data'),
    join(packageRoot(), '..', '..', 'shared', 'data'),
  ];
  return folders.flatMap((folder) => (folder ? [join(folder, name)] : [])).find((path) => existsSync(path));
}
