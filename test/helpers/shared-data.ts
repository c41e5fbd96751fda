import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';

/**
 * A file or folder of the public data sets that live beside the repository, or undefined where they are absent:
 * tests that need them skip, visibly.
 */
export function sharedData(name: string): string | undefined {
  const given = process.env.SHARED_DATA_DIR;
  return [...(given ? [join(given, name)] : []), ...besides('data', name)].find((path) => existsSync(path));
}

/** A folder of cases (small inputs with the right result in a README), or undefined where they are absent. */
export function sharedCases(name: string): string | undefined {
  return besides('cases', name).find((path) => existsSync(path));
}

function besides(folder: string, name: string): string[] {
  return ['..', join('..', '..')].map((up) => join(packageRoot(), up, 'shared', folder, name));
}
