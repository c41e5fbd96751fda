/**
 * The part of onnxruntime-node that one platform runs. The package carries five platforms, 288 MB, and has an install script
 * that fetches GPU libraries from another host than the npm registry, so we install it for development only.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const whole = join(root, 'node_modules', 'onnxruntime-node');
const NATIVE = join('bin', 'napi-v6');

/** The platforms that onnxruntime-node has native files for. */
export const RUNTIME_PLATFORMS = ['darwin-arm64', 'linux-arm64', 'linux-x64', 'win32-arm64', 'win32-x64'];

/** Files that no scoring on processors needs. */
const NOT_NEEDED = [
  // On macOS the runtime has two names; its binding loads the one with only the major version.
  /libonnxruntime\.\d+\.\d+\.\d+\.dylib$/,
  // A run of the install script brings them.
  /libonnxruntime_providers_\w+\.so$/,
  /\.d\.ts$/,
  /\.map$/,
];

/**
 * Writes a package without scripts.
 * @param own entries of its package.json that differ from those of onnxruntime-node
 */
export function writeOnnxRuntime(platform, folder, own = {}) {
  if (!RUNTIME_PLATFORMS.includes(platform)) throw new Error(`onnxruntime-node has no files for ${platform}`);
  const { name, version, license, repository, main, dependencies } = readManifest(whole);
  const filter = (path) => !NOT_NEEDED.some((pattern) => pattern.test(path));
  for (const part of ['dist', join(NATIVE, ...platform.split('-'))]) {
    cpSync(join(whole, part), join(folder, part), { recursive: true, filter });
  }
  const common = { 'onnxruntime-common': dependencies['onnxruntime-common'] };
  const manifest = { name, version, license, repository, main, dependencies: common, ...own };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Makes the folder `onnxruntime` for this platform, unless it is there. It lies beside `dist`, because a running server holds it open. */
export function ensureOnnxRuntime() {
  const platform = `${process.platform}-${process.arch}`;
  const folder = join(root, 'onnxruntime');
  const isThere =
    existsSync(join(folder, NATIVE, process.platform, process.arch)) &&
    readManifest(folder).version === readManifest(whole).version;
  if (isThere || !RUNTIME_PLATFORMS.includes(platform)) return;
  const aside = join(root, `onnxruntime-${process.pid}`);
  mkdirSync(aside);
  writeOnnxRuntime(platform, aside);
  rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(aside, folder);
  } catch (error) {
    // Another build finished meanwhile; its output is the same.
    if (!existsSync(folder)) throw error;
    rmSync(aside, { recursive: true, force: true });
  }
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
