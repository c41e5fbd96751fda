/**
 * Packs churn-mcp for npm.
 *
 *     npm run package               churn-mcp-<version>.tgz with the ONNX runtime of this platform; it needs nothing but the registry
 *     npm run package -- --release  into package/ all that is published: churn-mcp without the runtime, and the runtime for each
 *                                   platform as a package of its own, of which an installation takes the one that fits;
 *                                   --platform PLATFORM packs the runtime for one only
 *
 * The paths of the tarballs are the only lines on standard output, those that churn-mcp needs first.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { npmPack } from './npm-pack.mjs';
import { RUNTIME_PLATFORMS, writeOnnxRuntime } from './onnxruntime-files.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const project = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const nameFor = (platform) => `@churn-mcp/onnxruntime-${platform}`;

function packRelease(out) {
  const stage = mkdtempSync(join(tmpdir(), 'churn-mcp-package-'));
  try {
    const platforms = values.platform === undefined ? RUNTIME_PLATFORMS : [values.platform];
    for (const platform of platforms) pack(stageRuntime(platform, join(stage, platform)), out);
    pack(stageMain(join(stage, 'main')), out);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function stageRuntime(platform, folder) {
  const [os, cpu] = platform.split('-');
  const { version, homepage, repository } = project;
  mkdirSync(folder);
  writeOnnxRuntime(platform, folder, {
    name: nameFor(platform),
    version,
    description: `The part of onnxruntime-node that runs on ${platform}, for churn-mcp.`,
    homepage,
    repository,
    os: [os],
    cpu: [cpu],
    // The native files are built against it.
    ...(os === 'linux' && { libc: ['glibc'] }),
  });
  writeFileSync(join(folder, 'LICENSE'), MIT);
  return folder;
}

function stageMain(folder) {
  const files = project.files.filter((path) => path !== 'onnxruntime');
  for (const path of [...files.filter((path) => !path.startsWith('!')), 'README.md', 'LICENSE']) {
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  const optionalDependencies = Object.fromEntries(
    RUNTIME_PLATFORMS.map((platform) => [nameFor(platform), project.version]),
  );
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify({ ...project, files, optionalDependencies }, null, 2)}\n`,
  );
  return folder;
}

function pack(folder, out) {
  process.stdout.write(`${npmPack(folder, out)}\n`);
}

const MIT = `MIT License

Copyright (c) Microsoft Corporation

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`;

const { values } = parseArgs({
  options: { release: { type: 'boolean' }, out: { type: 'string' }, platform: { type: 'string' } },
});
const out = resolve(values.out ?? (values.release ? join(root, 'package') : root));
mkdirSync(out, { recursive: true });
execFileSync(process.execPath, [join(root, 'src/build.mjs'), '--if-stale']);
if (values.release) packRelease(out);
else pack(root, out);
