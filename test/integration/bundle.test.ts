import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { getMcpConfigForManifest, type McpbManifestAny } from '@anthropic-ai/mcpb';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROMPTS } from '../../src/mcp/prompts.ts';
import { packageRoot } from '../../src/package-root.ts';
import { TOOLS } from '../../tools/index.ts';
import { NATIVE, ofPlatform } from '../helpers/native-files.ts';

const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-bundle-test-'));
const unpacked = join(folder, 'unpacked');
const home = join(folder, 'home');

beforeAll(async () => {
  const script = join(packageRoot(), 'src', 'bundle.mjs');
  const { stdout } = await run(process.execPath, [script, '--out', folder]);
  const mcpb = join(packageRoot(), 'node_modules', '@anthropic-ai', 'mcpb', 'dist', 'cli', 'cli.js');
  await run(process.execPath, [mcpb, 'unpack', stdout.trim(), unpacked]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const manifest = (): McpbManifestAny => JSON.parse(readFileSync(join(unpacked, 'manifest.json'), 'utf8'));
const files = () =>
  readdirSync(unpacked, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(unpacked, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));

/** Starts the server as a host does, from what the manifest says and what the user has set. */
async function connect(userConfig: Record<string, string>): Promise<Client> {
  const config = await getMcpConfigForManifest({
    manifest: manifest(),
    extensionPath: unpacked,
    systemDirs: {},
    userConfig,
    pathSeparator: '/',
  });
  if (config === undefined) throw new Error('the manifest starts nothing');
  const client = new Client({ name: 'host', version: '0' });
  const { command, args = [], env = {} } = config;
  // A host's own environment: no variable of this process, and a home folder of its own.
  await client.connect(
    new StdioClientTransport({
      command,
      args,
      env: { ...env, HOME: folder, PATH: process.env.PATH ?? '' },
      cwd: folder,
      stderr: 'ignore',
    }),
  );
  return client;
}

describe('the bundle', () => {
  it('has the icon that the manifest names', () => {
    expect(manifest().icon).toBe('icon.png');
    expect(readFileSync(join(unpacked, 'icon.png')).subarray(1, 4).toString()).toBe('PNG');
  });

  it('is named after version and platform, with no unfinished file beside it', () => {
    const { version } = manifest();
    expect(readdirSync(folder).filter((name) => name.includes('.mcpb'))).toEqual([
      `churn-mcp-${version}-${process.platform}-${process.arch}.mcpb`,
    ]);
  });

  it('holds native files of this platform only, and nothing that a server does not need', () => {
    const native = files().filter((file) => NATIVE.test(file));
    const ofThisPlatform = ofPlatform(`${process.platform}-${process.arch}`);
    expect(native.length).toBeGreaterThan(2);
    expect(native.filter((file) => !ofThisPlatform.test(file))).toEqual([]);
    expect(native.some((file) => file.includes('onnxruntime'))).toBe(true);
    expect(native.some((file) => file.includes('duckdb'))).toBe(true);

    const packages = new Set(files().map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]));
    const { dependencies, peerDependencies, devDependencies } = JSON.parse(
      readFileSync(join(packageRoot(), 'package.json'), 'utf8'),
    );
    // The part of the runtime for one platform lies in a folder of its own.
    const { 'onnxruntime-node': _whole, ...running } = { ...dependencies, ...peerDependencies };
    expect(Object.keys(running).filter((name) => !packages.has(name))).toEqual([]);
    const { packages: locked } = JSON.parse(readFileSync(join(packageRoot(), 'package-lock.json'), 'utf8'));
    // What is bundled into our own files may also be a package of its own that a dependency imports.
    const others = Object.keys(devDependencies).filter(
      (name) => !(name in running) && locked[`node_modules/${name}`].dev,
    );
    expect(others.length).toBeGreaterThan(10);
    expect(others.filter((name) => packages.has(name))).toEqual([]);
    expect(files().filter((file) => /\.(map|[cm]?ts)$/.test(file))).toEqual([]);
  });

  it('describes tools and prompts as the server does', () => {
    expect(manifest().tools).toEqual(TOOLS.map(({ name, description }) => ({ name, description })));
    expect(manifest().prompts?.map(({ name, description }) => ({ name, description }))).toEqual(
      PROMPTS.map(({ name, description }) => ({ name, description })),
    );
    for (const { text } of manifest().prompts ?? []) expect(text).toMatch(/get_\w+/);
  });

  it('starts as its manifest says, without settings, in an empty home', async () => {
    const client = await connect({});
    try {
      expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
      const answer = await client.callTool({ name: 'list_models', arguments: {} });
      expect(answer.structuredContent).toMatchObject({ models: [] });
    } finally {
      await client.close();
    }
  });

  it('trains and answers from its own files alone, in the home that the user has chosen', async () => {
    const cli = join(unpacked, 'dist', 'cli.js');
    await run(process.execPath, [cli, 'demo', '--customers', '300', '--quiet', '--home', home]);
    const client = await connect({ home, threads: '1' });
    try {
      const metrics = await client.callTool({ name: 'get_churn_metrics', arguments: {} });
      expect(metrics.isError).toBeFalsy();
      expect(metrics.structuredContent).toMatchObject({ roc_auc: expect.any(Number) });
      const training = await client.callTool({
        name: 'train_churn_model',
        arguments: { label: 'inactivity', params: { n_estimators: 3 } },
      });
      expect(training.structuredContent).toMatchObject({ model: 'customer_churn_predictor' });
    } finally {
      await client.close();
    }
  });
});
