import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../src/package-root.ts';

const run = promisify(execFile);
const packedSchema = z
  .array(z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }))
  .length(1);

const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-package-'));
let files: string[] = [];

beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: packageRoot(),
  });
  const [packed] = packedSchema.parse(JSON.parse(stdout));
  files = packed.files.map(({ path }) => path);
  await run('tar', ['-xzf', join(folder, packed.filename), '-C', folder]);
  // What an installation would put beside it.
  symlinkSync(join(packageRoot(), 'node_modules'), join(folder, 'node_modules'), 'junction');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the npm package', () => {
  it('holds the files that run, and no sources or tests', () => {
    const { bin } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
    expect(files).toEqual(
      expect.arrayContaining([
        ...Object.values(bin),
        'dist/kernel.wasm',
        'dist/training-worker.js',
        'dist/scoring-worker.js',
        'server.json',
        'LICENSE',
        'README.md',
      ]),
    );
    const expected =
      /^(dist\/(?!bench\/).*(?<!\.map)|sql\/.*\.(sql|js|py)|ray\/((train|tune)_booster\.py|requirements\.txt)|package\.json|server\.json|LICENSE|README\.md)$/;
    expect(files.filter((file) => !expected.test(file))).toEqual([]);
  });

  it('runs the demo from its own files', async () => {
    const cli = join(folder, 'package', 'dist', 'cli.js');
    const home = join(folder, 'home');
    const demo = ['demo', '--customers', '300', '--quiet', '--home', home];
    const { stdout } = await run(process.execPath, [cli, ...demo]);
    expect(stdout).toContain('Purchase Probability:');
  });

  it('is what npx starts inside a checkout', async () => {
    const { stdout } = await run('npx', ['churn-mcp', '--version'], { cwd: join(packageRoot(), 'docs') });
    const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
    expect(stdout.trim()).toBe(version);
  });
});
