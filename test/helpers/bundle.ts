import { copyFileSync, symlinkSync } from 'node:fs';
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
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  // So that the script finds what is left outside the bundle.
  for (const name of ['node_modules', 'onnxruntime']) {
    symlinkSync(join(root, name), join(folder, name), 'junction');
  }
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  return outfile;
}
