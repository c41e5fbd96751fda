import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChurnMcpError } from './errors.ts';

let cachedRoot: string | undefined;

/**
 * The folder of churn-mcp's own package.json, which also holds `sql/`. It searches upwards from this file, because
 * the distance differs: `src/` under the tests, one bundle in `dist/` when installed.
 */
export function packageRoot(): string {
  cachedRoot ??= findPackageRoot(dirname(fileURLToPath(import.meta.url)));
  return cachedRoot;
}

function findPackageRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (isOurPackage(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) {
      throw new ChurnMcpError('INTERNAL', 'The installation of churn-mcp is incomplete.', {
        hint: 'Install churn-mcp again.',
      });
    }
  }
}

function isOurPackage(file: string): boolean {
  if (!existsSync(file)) return false;
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'name' in parsed && parsed.name === 'churn-mcp';
}
