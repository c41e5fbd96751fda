import { execFile, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../src/package-root.ts';
import { collectCli } from '../helpers/cli-process.ts';

const run = promisify(execFile);
const packedSchema = z
  .array(z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }))
  .length(1);

const lockSchema = z.object({ packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })) });

const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-package-'));
const root = join(folder, 'node_modules', 'churn-mcp');
const cli = join(root, 'dist', 'cli.js');
let files: string[] = [];

/** What an installation puts beside it: packages for production, and none that only some need. */
function packagesBesideIt(): string[] {
  const text = readFileSync(join(packageRoot(), 'package-lock.json'), 'utf8');
  return Object.entries(lockSchema.parse(JSON.parse(text)).packages)
    .filter(([, { dev }]) => !dev)
    .flatMap(([path]) => /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1] ?? [])
    .filter((name) => existsSync(join(packageRoot(), 'node_modules', name)));
}

beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: packageRoot(),
  });
  const [packed] = packedSchema.parse(JSON.parse(stdout));
  files = packed.files.map(({ path }) => path);
  mkdirSync(root, { recursive: true });
  await run('tar', ['-xzf', join(folder, packed.filename), '-C', root, '--strip-components=1']);
  writeFileSync(join(folder, 'package.json'), '{}');
  for (const name of packagesBesideIt()) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(packageRoot(), 'node_modules', name), link, 'junction');
  }
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
      /^(dist\/(?!bench\/).*(?<!\.map)|onnxruntime\/(package\.json|dist\/\w+\.js|bin\/napi-v6\/\w+\/\w+\/[\w.]+)|sql\/.*\.(sql|js|py|yaml)|ray\/((train|tune)_booster\.py|retrain_in_snowflake\.py|requirements\.txt)|package\.json|server\.json|LICENSE|README\.md)$/;
    expect(files.filter((file) => !expected.test(file))).toEqual([]);
  });

  it('runs the demo from its own files', async () => {
    const home = join(folder, 'home');
    const demo = ['demo', '--customers', '300', '--quiet', '--home', home];
    const { stdout } = await run(process.execPath, [cli, ...demo]);
    expect(stdout).toContain('Purchase Probability:');
  });

  it('names the command that adds what only some need, in the error and in doctor', async () => {
    const snowflake = {
      CHURN_MCP_DATA_SOURCE: 'snowflake',
      CHURN_MCP_SNOWFLAKE_ACCOUNT: 'testaccount',
      CHURN_MCP_SNOWFLAKE_USER: 'analyst',
      CHURN_MCP_SNOWFLAKE_PASSWORD: 'secret',
    };
    const said = async (args: readonly string[], env: Record<string, string>) => {
      const child = spawn(process.execPath, [cli, ...args], {
        env: { PATH: process.env.PATH ?? '', CHURN_MCP_HOME: join(folder, 'other-home'), ...env },
      });
      child.stdin.end();
      const { code, stdout, stderr } = await collectCli(child);
      return { code, text: (stdout + stderr).replaceAll(folder, 'FOLDER') };
    };
    expect(await said(['call', 'get_shop_overview', '--quiet'], snowflake)).toMatchInlineSnapshot(`
      {
        "code": 3,
        "text": "Snowflake needs the package snowflake-sdk, which is not installed. Add it where churn-mcp is installed: npm install "snowflake-sdk@^3.3.0"
      ",
      }
    `);
    const bucket = { CHURN_MCP_RAY_ADDRESS: 'http://127.0.0.1:9', CHURN_MCP_RAY_STORAGE: 's3://shop/rows' };
    const doctor = await said(['doctor'], { ...snowflake, ...bucket });
    expect(doctor.code).toBe(3);
    const lines = doctor.text.split('\n').filter((line) => line.includes(' npm install '));
    expect(lines).toMatchInlineSnapshot(`
      [
        "ok      Optional packages: snowflake-sdk is not installed. Snowflake needs it: npm install "snowflake-sdk@^3.3.0"",
        "ok      Optional packages: @aws-sdk/client-s3 is not installed. A bucket in CHURN_MCP_RAY_STORAGE needs it: npm install "@aws-sdk/client-s3@^3.1173.0"",
        "FAILED  Snowflake: Snowflake needs the package snowflake-sdk, which is not installed. Add it where churn-mcp is installed: npm install "snowflake-sdk@^3.3.0"",
        "FAILED  Data: Snowflake needs the package snowflake-sdk, which is not installed. Add it where churn-mcp is installed: npm install "snowflake-sdk@^3.3.0"",
      ]
    `);
  });

  it('is what npx starts inside a checkout', async () => {
    const { stdout } = await run('npx', ['churn-mcp', '--version'], { cwd: join(packageRoot(), 'docs') });
    const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
    expect(stdout.trim()).toBe(version);
  });
});
