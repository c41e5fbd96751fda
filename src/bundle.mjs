/**
 * Packs `bundle/churn-mcp-<version>-<platform>-<arch>.mcpb`, which an MCP host installs by a click: the build, the packages
 * that run as the lock file has them, and a manifest. It takes only the native files of one platform: of this one, or of
 * `--platform linux-x64|linux-arm64|darwin-arm64|win32-x64|win32-arm64`, whose packages come from the registry.
 * The manifest lists the tools that the server lists, so the two cannot differ. A bundle for this platform is started
 * before it is packed.
 * `--out FOLDER` takes another folder. The path of the bundle is the only line on standard output.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { packagesThatRun } from './locked-packages.mjs';
import { npmPack } from './npm-pack.mjs';
import { writeOnnxRuntime } from './onnxruntime-files.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const ENTRY_POINT = 'dist/cli.js';
const here = `${process.platform}-${process.arch}`;

/** Parts of the build that are not published: benchmarks, and compiled code that a start here has kept. */
const NOT_SHIPPED = ['bench', 'compiled'].map((name) => join('dist', name));
/** Files that no server needs to run; licences stay. */
const NOT_AT_RUN_TIME = [
  /\.map$/,
  /\.[cm]?ts$/,
  /^(?!licen[cs]e|notice|copying).*\.(md|markdown)$/i,
  // A native part of Snowflake's driver, for every platform, which our code switches off.
  /^sf_mini_core_.*\.node$/,
];
/** Folders directly below a package that no server needs to run. */
const NOT_AT_RUN_TIME_FOLDERS = [
  'test',
  'tests',
  '__tests__',
  'docs',
  'doc',
  'example',
  'examples',
  '.github',
];

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'bundle') },
    platform: { type: 'string', default: here },
  },
});
const target = values.platform;
const [targetOs, targetCpu] = target.split('-');

const say = (text) => process.stderr.write(`${text}\n`);
const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));

async function bundle(folder) {
  const project = readJson(root, 'package.json');
  const stage = mkdtempSync(join(tmpdir(), 'churn-mcp-bundle-'));
  try {
    say('Building');
    execFileSync(process.execPath, [join(root, 'src/build.mjs'), '--if-stale']);
    say('Copying the files that run');
    stageServer(stage, project);
    stageDependencies(stage);
    say('Asking the server for its tools and prompts');
    // Files of another platform do not start here; what the server offers is the same everywhere.
    const manifest = { ...describe(project), ...(await offersOf(target === here ? stage : root)) };
    writeFileSync(join(stage, 'manifest.json'), JSON.stringify(manifest, null, 2));
    say('Packing');
    const file = join(folder, `${project.name}-${project.version}-${target}.mcpb`);
    pack(stage, file);
    say(`${basename(file)}: ${(statSync(file).size / 1e6).toFixed(1)} MB, for ${target}`);
    process.stdout.write(`${file}\n`);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** The files that npm would publish, and package.json without development entries: model cards name library versions. */
function stageServer(stage, { scripts: _scripts, devDependencies: _devDependencies, ...project }) {
  for (const path of project.files.filter((pattern) => !pattern.startsWith('!'))) {
    if (path === 'onnxruntime') writeOnnxRuntime(target, join(stage, path));
    else
      cpSync(join(root, path), join(stage, path), {
        recursive: true,
        filter: (source) => !source.endsWith('.map') && !NOT_SHIPPED.includes(relative(root, source)),
      });
  }
  cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
  cpSync(join(root, 'docs', 'icon.png'), join(stage, 'icon.png'));
  writeFileSync(join(stage, 'package.json'), JSON.stringify(project, null, 2));
}

/** Every package of the target that runs, also those that only some need. */
function stageDependencies(stage) {
  for (const [path, locked] of packagesThatRun(root)) {
    if (!isForTarget(locked)) continue;
    const installed = join(root, path);
    if (existsSync(installed)) {
      copyPackage(installed, join(stage, path));
    } else if (locked.optional) {
      const fetched = fetchPackage(path, locked);
      copyPackage(fetched, join(stage, path));
      rmSync(fetched, { recursive: true });
    } else {
      throw new Error(`${path} is not installed: run "npm ci" first`);
    }
  }
}

function isForTarget({ os = [targetOs], cpu = [targetCpu], libc = ['glibc'] }) {
  return os.includes(targetOs) && cpu.includes(targetCpu) && libc.includes('glibc');
}

function copyPackage(from, to) {
  cpSync(from, to, {
    recursive: true,
    filter(source) {
      const [first, ...deeper] = relative(from, source).split(sep);
      // Nested dependencies have their own entries in the lock file.
      if (first === 'node_modules') return false;
      if (deeper.length === 0 && NOT_AT_RUN_TIME_FOLDERS.includes(first)) return false;
      return !NOT_AT_RUN_TIME.some((pattern) => pattern.test(basename(source)));
    },
  });
}

/** Gets a package of another platform from the registry. The lock file says which bytes it has. */
function fetchPackage(path, { version, integrity }) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-fetched-'));
  say(`Fetching ${name}@${version}`);
  const tarball = npmPack(`${name}@${version}`, folder);
  const [algorithm, wanted] = integrity.split(/-(.*)/);
  if (createHash(algorithm).update(readFileSync(tarball)).digest('base64') !== wanted) {
    throw new Error(`${name}@${version} is not what package-lock.json says`);
  }
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
  rmSync(tarball);
  return folder;
}

/** The manifest without the tools and prompts, which the server itself lists. */
function describe({ name, version, description, author, license, keywords, engines }) {
  return {
    manifest_version: '0.3',
    name,
    display_name: 'Churn',
    version,
    description,
    long_description:
      'Finds the customers of a shop who are about to leave, tells why and what is at stake, and what to offer them, from the shop’s own orders. Everything stays on this computer. Orders are imported with the command line: `churn-mcp import --orders orders.csv`; `churn-mcp demo` makes a demo shop.',
    author: { name: author },
    icon: 'icon.png',
    license,
    keywords,
    server: {
      type: 'node',
      entry_point: ENTRY_POINT,
      mcp_config: {
        command: 'node',
        args: [`\${__dirname}/${ENTRY_POINT}`],
        env: {
          CHURN_MCP_HOME: `\${user_config.home}`,
          CHURN_MCP_THREADS: `\${user_config.threads}`,
          CHURN_MCP_SHOW_CONTACTS: `\${user_config.show_contacts}`,
        },
      },
    },
    user_config: {
      home: {
        type: 'directory',
        title: 'Data folder',
        description:
          'Holds the imported orders and the models. If empty, the folder that the command line uses too.',
        required: false,
      },
      threads: {
        type: 'number',
        title: 'Training threads',
        description: 'If empty, one per core of this computer.',
        required: false,
        min: 1,
        max: 256,
      },
      show_contacts: {
        type: 'boolean',
        title: 'Show contact details',
        description:
          'If on, lists of customers contain names and emails, which the AI model reads. If off, ids only.',
        required: false,
        default: false,
      },
    },
    compatibility: { platforms: [targetOs], runtimes: { node: engines.node } },
  };
}

/** Starts the staged server over an empty home and asks it for its tools, and for its prompts with their default texts. */
async function offersOf(stage) {
  const home = mkdtempSync(join(tmpdir(), 'churn-mcp-bundle-home-'));
  const client = new Client({ name: 'bundle', version: '0' });
  try {
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [join(stage, ENTRY_POINT)],
        // The server would keep its compiled code among the files that are packed.
        env: { CHURN_MCP_HOME: home, CHURN_MCP_LOG_LEVEL: 'error', NODE_DISABLE_COMPILE_CACHE: '1' },
      }),
    );
    const { tools } = await client.listTools();
    const { prompts } = await client.listPrompts();
    return {
      tools: tools.map(({ name, description }) => ({ name, description })),
      prompts: await Promise.all(prompts.map((prompt) => promptOf(client, prompt))),
      // With other arguments, the server gives another text.
      prompts_generated: true,
    };
  } finally {
    await client.close();
    rmSync(home, { recursive: true, force: true });
  }
}

async function promptOf(client, { name, description, arguments: args }) {
  const { messages } = await client.getPrompt({ name });
  const text = messages.map(({ content }) => content.text).join('\n\n');
  return { name, description, arguments: args.map((argument) => argument.name), text };
}

/** Written aside and renamed, so that there is never an unfinished bundle. */
function pack(stage, file) {
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  try {
    mcpb('validate', join(stage, 'manifest.json'));
    mcpb('pack', stage, aside);
    renameSync(aside, file);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Shows the output of the packer only if it fails. */
function mcpb(...args) {
  const cli = fileURLToPath(import.meta.resolve('@anthropic-ai/mcpb/cli').replace(/cli\.js$/, 'cli/cli.js'));
  try {
    execFileSync(process.execPath, [cli, ...args], { encoding: 'utf8', maxBuffer: 64 << 20, stdio: 'pipe' });
  } catch (error) {
    throw new Error(`mcpb ${args[0]} failed:\n${error.stdout}${error.stderr}`);
  }
}

await bundle(resolve(values.out));
