import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let root: string | undefined;

/** The folder of this package, whether this code runs from `src/` or bundled in `dist/`. */
export function packageRoot(): string {
  root ??= findPackageRoot(dirname(fileURLToPath(import.meta.url)));
  return root;
}

function findPackageRoot(folder: string): string {
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest) && /"name":\s*"churn-mcp"/.test(readFileSync(manifest, 'utf8'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('churn-mcp is not inside its package folder');
  return findPackageRoot(parent);
}
