import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Packs what npm knows by a name and version, or a folder; no script of it runs.
 *
 * @returns the path of the tarball
 */
export function npmPack(what, folder) {
  const packed = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, what],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      // On Windows npm is a script of the shell.
      shell: process.platform === 'win32',
    },
  );
  const [{ filename }] = JSON.parse(packed);
  return join(folder, filename);
}
