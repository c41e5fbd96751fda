/**
 * Builds `dist/`: from `src/` one bundle for the command line and server, one for each kind of thread (training, scoring,
 * calls), and the learner's kernel as WebAssembly; from `app/` the dashboard as one self-contained page.
 * Installed packages stay outside the bundle, all others are put in, with their licences in `licenses.txt`; the ONNX runtime's part for this platform is put into `onnxruntime/`.
 * `--if-stale` does nothing when `dist/` is newer than every source, so that `mcp.json` can start the server from a checkout without a build step of its own.
 * The output is written aside and renamed, so two servers that start at once never see an unfinished build.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';
import { licencesOfBundled } from './bundled-licenses.mjs';
import { writeGeneratedSources } from './generated-sources.mjs';
import { ensureOnnxRuntime } from './onnxruntime-files.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

function newestModification(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return newest;
}

function isFresh() {
  const marker = join(dist, 'cli.js');
  if (!existsSync(marker) || !existsSync(join(root, 'onnxruntime'))) return false;
  const built = statSync(marker).mtimeMs;
  const sources = ['src', 'tools', 'app', 'sql'].map((folder) => newestModification(join(root, folder)));
  return built >= Math.max(...sources, statSync(join(root, 'package.json')).mtimeMs);
}

/** Compiles the hot loops. They import shared memory and allocate nothing. */
async function buildKernel(folder) {
  const { error, stderr } = await asc.main([
    join(root, 'src/gbdt/kernel/index.ts'),
    ...['--outFile', join(folder, 'kernel.wasm'), '--baseDir', root],
    ...[
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--importMemory',
      '--sharedMemory',
      '--maximumMemory',
      '65536',
    ],
    ...['--enable', 'simd,threads,bulk-memory'],
  ]);
  if (error) throw new Error(`the kernel does not compile: ${stderr.toString()}`);
}

/**
 * Leaves out what never runs: zod's messages in fifty languages, and the SDKs' validators of JSON schemas. Ours are zod's.
 */
const leftOut = {
  name: 'left-out',
  setup(bundler) {
    const replace = (filter, contents) => {
      bundler.onResolve({ filter }, ({ path }) => ({ path, namespace: 'left-out' }));
      bundler.onLoad({ filter, namespace: 'left-out' }, () => ({ contents }));
    };
    replace(/\/locales\/index\.js$/, 'export {};');
    replace(/\/validation\/ajv-provider\.js$/, 'export class AjvJsonSchemaValidator {}');
    replace(
      /^@modelcontextprotocol\/client\/_shims$/,
      'export const CORS_IS_POSSIBLE = true; export class DefaultJsonSchemaValidator {}',
    );
    replace(
      /^@modelcontextprotocol\/server\/_shims$/,
      "export { default as process } from 'node:process'; export class DefaultJsonSchemaValidator {}",
    );
  },
};

/** Puts script and style inside the page, because hosts do not let it fetch anything. Returns what they were made of. */
async function buildDashboard(folder) {
  const bundle = async (entry) => {
    const { outputFiles, metafile } = await build({
      absWorkingDir: root,
      entryPoints: [join(root, 'app', entry)],
      metafile: true,
      bundle: true,
      minify: true,
      write: false,
      platform: 'browser',
      target: 'es2022',
      format: 'esm',
      legalComments: 'none',
      plugins: [leftOut],
      logLevel: 'warning',
    });
    return { text: outputFiles[0].text, metafile };
  };
  const [style, script] = [await bundle('style.css'), await bundle('main.ts')];
  const page = readFileSync(join(root, 'app', 'index.html'), 'utf8')
    .replace('/* style */', () => style.text)
    // A script ends at its closing tag, even inside a string.
    .replace('/* script */', () => script.text.replaceAll('</script', '<\\/script'));
  writeFileSync(join(folder, 'dashboard.html'), page);
  return script.metafile;
}

/**
 * What package.json says is installed stays outside. All other packages are put in, their parts that are used: a start reads
 * tens of files instead of hundreds.
 */
const installedStaysOutside = {
  name: 'installed-stays-outside',
  setup(bundler) {
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const installed = new Set(Object.keys({ ...dependencies, ...peerDependencies }));
    bundler.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      const [name] = /^(?:@[^/]+\/)?[^/]+/.exec(path);
      return kind !== 'entry-point' && installed.has(name) ? { path, external: true } : undefined;
    });
  },
};

/** What the bundles of server and threads have in common. */
const bundled = {
  absWorkingDir: root,
  metafile: true,
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  plugins: [installedStaysOutside, leftOut],
  sourcemap: true,
  logLevel: 'warning',
};

async function buildAll() {
  writeGeneratedSources();
  ensureOnnxRuntime();
  const aside = join(root, `dist-${process.pid}`);
  mkdirSync(aside, { recursive: true });
  await buildKernel(aside);
  const page = await buildDashboard(aside);
  const { metafile } = await build({
    ...bundled,
    entryPoints: {
      cli: join(root, 'src/cli.ts'),
      'scoring-worker': join(root, 'src/scoring/scoring-worker.ts'),
      'call-thread': join(root, 'src/commands/call-thread.ts'),
      'call-process': join(root, 'src/commands/call-process.ts'),
      'refresh-process': join(root, 'src/commands/refresh-process.ts'),
    },
    outdir: aside,
    splitting: true,
  });
  // One file: every training thread loads it anew, and would load thirteen pieces otherwise.
  const trainingWorker = await build({
    ...bundled,
    entryPoints: [join(root, 'src/training/backend/training-worker.ts')],
    outdir: aside,
  });
  writeFileSync(
    join(aside, 'licenses.txt'),
    licencesOfBundled(root, [metafile, trainingWorker.metafile, page]),
  );
  // Own fonts, so that pictures look the same on every machine.
  copyFileSync(join(root, 'node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf'), join(aside, 'DejaVuSans.ttf'));
  const old = join(root, `dist-${process.pid}-old`);
  if (existsSync(dist)) renameSync(dist, old);
  try {
    renameSync(aside, dist);
  } catch (error) {
    // Another build finished meanwhile; its output is the same.
    if (!existsSync(join(dist, 'cli.js'))) throw error;
    rmSync(aside, { recursive: true, force: true });
  }
  rmSync(old, { recursive: true, force: true });
}

if (!(process.argv.includes('--if-stale') && isFresh())) await buildAll();
