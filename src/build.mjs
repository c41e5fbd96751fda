/**
 * Builds `dist/`: from `src/` one bundle for the command line and server, one for each kind of thread (training, scoring,
 * calls), and the learner's kernel as WebAssembly; from `app/` the dashboard as one self-contained page.
 * Dependencies stay outside the bundle; the ONNX runtime's part for this platform is put into `onnxruntime/`.
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
 * Leaves out what the page never runs: messages in fifty languages, and a validator of JSON schemas. The page checks answers by
 * its own schemas.
 */
const leftOutOfPage = {
  name: 'left-out-of-page',
  setup(bundler) {
    const replace = (filter, contents) => {
      bundler.onResolve({ filter }, ({ path }) => ({ path, namespace: 'left-out' }));
      bundler.onLoad({ filter, namespace: 'left-out' }, () => ({ contents }));
    };
    replace(/\/locales\/index\.js$/, 'export {};');
    replace(
      /^@modelcontextprotocol\/client\/_shims$/,
      'export const CORS_IS_POSSIBLE = true; export class DefaultJsonSchemaValidator {}',
    );
  },
};

/** Puts script and style inside the page, because hosts do not let it fetch anything. */
async function buildDashboard(folder) {
  const bundle = async (entry) => {
    const { outputFiles } = await build({
      entryPoints: [join(root, 'app', entry)],
      bundle: true,
      minify: true,
      write: false,
      platform: 'browser',
      target: 'es2022',
      format: 'esm',
      legalComments: 'none',
      plugins: [leftOutOfPage],
      logLevel: 'warning',
    });
    return outputFiles[0].text;
  };
  const [style, script] = [await bundle('style.css'), await bundle('main.ts')];
  const page = readFileSync(join(root, 'app', 'index.html'), 'utf8')
    .replace('/* style */', () => style)
    // A script ends at its closing tag, even inside a string.
    .replace('/* script */', () => script.replaceAll('</script', '<\\/script'));
  writeFileSync(join(folder, 'dashboard.html'), page);
}

/** Copies the code of the two charts we draw, without the other sixty megabytes of their library. */
const BUNDLED = /^(echarts|zrender|tslib)(\/|$)/;

const dependenciesOutside = {
  name: 'dependencies-outside',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
      kind === 'entry-point' || BUNDLED.test(path) || path.startsWith('/')
        ? undefined
        : { path, external: true },
    );
  },
};

async function buildAll() {
  writeGeneratedSources();
  ensureOnnxRuntime();
  const aside = join(root, `dist-${process.pid}`);
  mkdirSync(aside, { recursive: true });
  await buildKernel(aside);
  await buildDashboard(aside);
  await build({
    entryPoints: {
      cli: join(root, 'src/cli.ts'),
      'training-worker': join(root, 'src/training/backend/training-worker.ts'),
      'scoring-worker': join(root, 'src/scoring/scoring-worker.ts'),
      'call-thread': join(root, 'src/commands/call-thread.ts'),
    },
    outdir: aside,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    plugins: [dependenciesOutside],
    sourcemap: true,
    logLevel: 'warning',
  });
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
