import { symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Bundles a TypeScript file of the repository, for a process of its own, into `folder`; returns the script's path. */
export async function bundleFile(file: string, folder: string): Promise<string> {
  const outfile = join(folder, 'script.mjs');
  await build({
    entryPoints: [join(root, file)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  // So that the script finds the dependencies that are left outside the bundle.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return outfile;
}
