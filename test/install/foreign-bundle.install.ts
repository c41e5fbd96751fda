/** Bundles for platforms other than this one, made from the lock file. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { TOOLS } from '../../tools/index.ts';
import { NATIVE, ofPlatform } from '../helpers/native-files.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-bundle-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a bundle for another platform', () => {
  // How executable files of the platform begin.
  it.each([
    ['darwin-arm64', /^(?:cffaedfe0c000001|cafebabe)/],
    ['win32-x64', /^4d5a/],
  ])('holds native files of that platform alone, as the lock file has them: %s', async (platform, start) => {
    const script = join(packageRoot(), 'src', 'bundle.mjs');
    const out = join(folder, 'other');
    const { stdout } = await run(process.execPath, [script, '--out', out, '--platform', platform]);
    const other = unzipSync(readFileSync(stdout.trim()));
    const native = Object.entries(other).filter(([name]) => NATIVE.test(name));
    expect(native.map(([name]) => name).filter((name) => !ofPlatform(platform).test(name))).toEqual([]);
    const wrong = native.filter(
      ([, bytes]) => !start.test(Buffer.from(bytes.subarray(0, 8)).toString('hex')),
    );
    expect(wrong.map(([name]) => name)).toEqual([]);
    for (const part of ['onnxruntime_binding.node', 'duckdb.node']) {
      expect(native.filter(([name]) => name.endsWith(part))).toHaveLength(1);
    }
    const [os] = platform.split('-');
    expect(JSON.parse(Buffer.from(other['manifest.json']).toString())).toMatchObject({
      compatibility: { platforms: [os] },
      tools: TOOLS.map(({ name }) => expect.objectContaining({ name })),
    });
  });
});
