/** Installs the packed package as a stranger does: an empty folder, an empty home, npm's own settings. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { manifestIn, startPackageRegistry } from '../helpers/package-registry.ts';

const run = promisify(execFile);
const MOST_MB = 250;
const platform = `${process.platform}-${process.arch}`;
const runtime = `@churn-mcp/onnxruntime-${platform}`;
const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-install-'));
const env = {
  PATH: process.env.PATH ?? '',
  HOME: join(folder, 'home'),
  // A network may have certificates of its own.
  ...(process.env.NODE_EXTRA_CA_CERTS && { NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS }),
};
let tarballs: string[] = [];

beforeAll(async () => {
  mkdirSync(env.HOME);
  tarballs = await pack('release', '--release', '--platform', platform);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The tarballs that `npm run package` makes, as it prints them. */
async function pack(name: string, ...args: string[]): Promise<string[]> {
  const script = join(packageRoot(), 'src', 'package.mjs');
  const { stdout } = await run(process.execPath, [script, '--out', join(folder, name), ...args]);
  return stdout.trim().split('\n');
}

/** Returns what npm said, the scripts that it ran among it. */
async function install(project: string, tarball: string, npmrc = ''): Promise<string> {
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, 'package.json'), '{}');
  writeFileSync(join(project, '.npmrc'), npmrc);
  const { stdout, stderr } = await run('npm', ['install', '--foreground-scripts', tarball], {
    cwd: project,
    env,
  });
  return stdout + stderr;
}

/** The line of `doctor` about the ONNX runtime. */
async function runtimeIn(project: string): Promise<string | undefined> {
  const doctor = run('npx', ['churn-mcp', 'doctor', '--home', join(project, 'shop')], { cwd: project, env });
  // It ends with 3 if something is missing.
  const { stdout } = await doctor.catch((failed: { stdout: string }) => failed);
  return stdout.split('\n').find((line) => line.includes('ONNX runtime'));
}

function megabytesIn(path: string): number {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0) / 1e6;
}

describe('an installation', () => {
  it('needs nothing but the packed package and the registry, runs no script and is small', async () => {
    const project = join(folder, 'plain');
    const [tarball] = await pack('packed');
    const said = await install(project, tarball);
    expect(said).toMatch(/added \d+ packages/);
    expect(said).not.toMatch(/^> /m);
    expect(megabytesIn(join(project, 'node_modules'))).toBeLessThan(MOST_MB);
    const demo = ['churn-mcp', 'demo', '--customers', '300', '--quiet', '--home', join(project, 'shop')];
    expect((await run('npx', demo, { cwd: project, env })).stdout).toContain('Purchase Probability:');
  });

  it('takes the ONNX runtime of its platform from the package that is published beside it', async () => {
    const project = join(folder, 'released');
    await using registry = await startPackageRegistry(tarballs);
    const main = tarballs.at(-1) ?? '';
    await install(project, main, `@churn-mcp:registry=${registry.address}\n`);
    expect(registry.fetched).toEqual([runtime]);
    const beside = join(project, 'node_modules', runtime);
    expect(readdirSync(join(beside, 'bin', 'napi-v6'), { recursive: true })).toContain(
      join(process.platform, process.arch),
    );
    expect(readdirSync(join(project, 'node_modules', 'churn-mcp'))).not.toContain('onnxruntime');
    expect(await runtimeIn(project)).toBe('ok      ONNX runtime: loads');
    rmSync(beside, { recursive: true });
    expect(await runtimeIn(project)).toMatchInlineSnapshot(
      `"FAILED  ONNX runtime: Scoring on this platform needs the package onnxruntime-node, which is not installed. Add it where churn-mcp is installed: npm install --ignore-scripts "onnxruntime-node@1.30.0""`,
    );
  });
});

describe('the packages of a release', () => {
  it('name each platform that the ONNX runtime has files for, and the version of churn-mcp', async () => {
    const [part, main] = tarballs.map(manifestIn);
    const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
    const has = join(packageRoot(), 'node_modules', 'onnxruntime-node', 'bin', 'napi-v6');
    const platforms = readdirSync(has).flatMap((os) =>
      readdirSync(join(has, os)).map((cpu) => `@churn-mcp/onnxruntime-${os}-${cpu}`),
    );
    expect(main.optionalDependencies).toEqual(Object.fromEntries(platforms.map((name) => [name, version])));
    expect(part).toMatchObject({ name: runtime, version, os: [process.platform], cpu: [process.arch] });
    expect(part.scripts).toBeUndefined();
  });
});
