/**
 * Which packages of the lock file run a server: all for production, and those that only some need (the optional peers).
 * The ONNX runtime is none of them: its part for one platform is written by `onnxruntime-files.mjs`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns the entries of the lock file by the folder they belong in */
export function packagesThatRun(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const found = new Map();
  const add = (from, { dependencies, optionalDependencies, peerDependencies }) => {
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const path = nearest(packages, from, name);
      // An optional dependency that was not locked.
      if (path === undefined || found.has(path) || name === 'onnxruntime-node') continue;
      found.set(path, packages[path]);
      add(path, packages[path]);
    }
  };
  add('', packages['']);
  return found;
}

/** Node looks in the package's own folder first, then in those above it. */
function nearest(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (path in packages) return path;
    if (folder === '') return undefined;
  }
}
