/** A folder of its own, beside the project, with other people's clients in it: what they need stays out of the project. */
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';

const FOLDER = join(packageRoot(), '.conformance');
const SOURCE = join(packageRoot(), 'test', 'conformance');
/** What the suite needs of Node; the project itself runs on less. */
const SUITE_NODE = 22;

const packageFolder = (name: string) => join(FOLDER, 'node_modules', ...name.split('/'));

export const suiteScript = () => join(packageFolder('@modelcontextprotocol/conformance'), 'dist', 'index.js');
export const inspectorScript = () =>
  join(packageFolder('@modelcontextprotocol/inspector'), 'clients', 'launcher', 'build', 'index.js');

/** Installs what is pinned, unless it is there. */
export function prepareWorkshop(): string {
  mkdirSync(FOLDER, { recursive: true });
  if (isInstalled()) return FOLDER;
  process.stderr.write('Installing the conformance suite and the Inspector …\n');
  for (const file of ['package.json', 'package-lock.json'])
    copyFileSync(join(SOURCE, file), join(FOLDER, file));
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', flags, { cwd: FOLDER, stdio: ['ignore', 2, 2], shell: WINDOWS });
  if (status !== 0) throw new Error('npm could not install the conformance suite');
  return FOLDER;
}

const WINDOWS = process.platform === 'win32';

function isInstalled(): boolean {
  const kept = join(FOLDER, 'package-lock.json');
  if (!existsSync(suiteScript()) || !existsSync(inspectorScript()) || !existsSync(kept)) return false;
  return readFileSync(kept, 'utf8') === readFileSync(join(SOURCE, 'package-lock.json'), 'utf8');
}

/** A Node that the suite runs on: ours, or the one that npm brought. */
export function suiteNode(): string {
  if (Number(process.versions.node.split('.')[0]) >= SUITE_NODE) return process.execPath;
  const platform = WINDOWS ? 'win' : process.platform;
  const binary = WINDOWS ? 'node.exe' : 'node';
  const found = join(packageFolder(`node-${platform}-${process.arch}`), 'bin', binary);
  if (existsSync(found)) return found;
  throw new Error(`The conformance suite needs Node ${SUITE_NODE}, and npm has none for this machine.`);
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Finished> {
  const child = spawn(command, args, {
    cwd: options.cwd ?? packageRoot(),
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, stdout, stderr };
}
