/** What is needed to publish: workflows and the skill name only what there is. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PROMPTS } from '../src/mcp/prompts.ts';
import { packageRoot } from '../src/package-root.ts';
import { TOOLS } from '../tools/index.ts';

const pathOf = (path: string) => join(packageRoot(), path);
const textOf = (path: string) => readFileSync(pathOf(path), 'utf8');
const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ dev: z.boolean().optional(), license: z.string().optional() })),
});
const manifest = JSON.parse(textOf('package.json'));

describe('the workflows', () => {
  const workflows = readdirSync(pathOf('.github/workflows')).map((name) => `.github/workflows/${name}`);
  const texts = workflows.map(textOf);

  it('run only scripts that package.json has', () => {
    const scripts = texts.flatMap((text) => [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name));
    expect(scripts).toContain('check');
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });

  it('may write nothing that they do not say, and hold no secret', () => {
    for (const text of texts) {
      expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
      expect(text).not.toMatch(/secrets\./);
    }
  });

  it.skipIf(process.platform === 'win32')('publish no version without a section of the changelog', () => {
    const [, step = ''] = /run: (.*CHANGELOG\.md.*)/.exec(textOf('.github/workflows/release.yml')) ?? [];
    const cwd = mkdtempSync(join(tmpdir(), 'churn-mcp-changelog-'));
    const statusFor = (changelog: string) => {
      writeFileSync(join(cwd, 'CHANGELOG.md'), changelog);
      return spawnSync('sh', ['-c', step], { cwd, env: { ...process.env, GITHUB_REF_NAME: 'v0.2.0' } })
        .status;
    };
    expect(statusFor('# Changelog\n\n## 0.2.0\n\n- New.\n')).toBe(0);
    expect(statusFor('# Changelog\n\n## Unreleased\n\n- New.\n\n## 0.1.0\n')).toBe(1);
    expect(statusFor('# Changelog\n\n## 0.2.0-beta\n\n## 10.2.0\n')).toBe(1);
    rmSync(cwd, { recursive: true });
  });

  it('keep dependencies of every folder that has some up to date', () => {
    const folders = [...textOf('.github/dependabot.yml').matchAll(/directory: (\S+)/g)].map(
      ([, path]) => path,
    );
    expect(folders).toContain('/');
    expect(folders.filter((folder) => !existsSync(pathOf(`.${folder}`)))).toEqual([]);
  });
});

describe('the addresses of the project', () => {
  it('are those of one repository', () => {
    const entry = JSON.parse(textOf('server.json'));
    const address = entry.repository.url;
    expect(manifest.repository.url).toBe(`git+${address}.git`);
    expect(manifest.bugs).toBe(`${address}/issues`);
    expect(manifest.homepage).toBe(`${address}#readme`);
    const [icon] = entry.icons;
    expect(existsSync(pathOf(icon.src.split('/main/')[1]))).toBe(true);
    expect(icon.src).toContain(address.replace('https://github.com/', ''));
    expect(entry.websiteUrl).toBe(manifest.homepage);
    expect(`io.github.${address.replace('https://github.com/', '')}`).toBe(entry.name);
    expect(textOf('.github/ISSUE_TEMPLATE/config.yml')).toContain(`${address}/security`);
  });
});

describe('the badges of the README', () => {
  const addressOf = (name: string) =>
    new URL(
      new RegExp(`\\[!\\[${name}[^\\]]*\\]\\([^)]*\\)\\]\\(([^)]*)\\)`).exec(textOf('README.md'))?.[1] ?? '',
    );
  const command = { command: 'npx', args: ['-y', manifest.name] };

  it('install what the registry says, in VS Code and Cursor', () => {
    const [{ runtimeHint, runtimeArguments, identifier }] = JSON.parse(textOf('server.json')).packages;
    expect(command).toEqual({ command: runtimeHint, args: [runtimeArguments[0].value, identifier] });
    const code = addressOf('VS Code').searchParams;
    expect([code.get('name'), JSON.parse(code.get('config') ?? '')]).toEqual([manifest.name, command]);
    const cursor = addressOf('Cursor').searchParams;
    const config = Buffer.from(cursor.get('config') ?? '', 'base64').toString('utf8');
    expect([cursor.get('name'), JSON.parse(config)]).toEqual([manifest.name, command]);
  });

  it('lead to the bundles of the latest release', () => {
    const { repository } = JSON.parse(textOf('server.json'));
    expect(addressOf('Claude Desktop').href).toBe(`${repository.url}/releases/latest`);
  });
});

const ALLOWED = /^(?:MIT|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|MPL-2\.0|\(Apache-2\.0 AND BSD-3-Clause\))$/;

describe('the packages that an installation brings', () => {
  it('have licences under which they may be passed on', () => {
    const { packages } = lockSchema.parse(JSON.parse(textOf('package-lock.json')));
    const wrong = Object.entries(packages)
      .filter(([path, { dev }]) => path !== '' && !dev)
      // The registry names no licence for DuckDB's native parts; they are DuckDB's, MIT.
      .filter(([path]) => !path.startsWith('node_modules/@duckdb/node-bindings-'))
      .filter(([, { license }]) => license === undefined || !ALLOWED.test(license))
      .map(([path, { license }]) => `${path}: ${license}`);
    expect(wrong).toEqual([]);
  });
});

describe('the packages whose code is in the build', () => {
  it('have their licences beside it, under which they may be passed on', () => {
    const all = [...textOf('dist/licenses.txt').matchAll(/^(\S+) \d+\.\d+\.\d+: (.*)$/gm)];
    const names = all.map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(['@modelcontextprotocol/server', 'echarts', 'zod']));
    expect(all.filter(([, , license]) => !ALLOWED.test(license)).map(([line]) => line)).toEqual([]);
    expect(textOf('dist/licenses.txt')).toContain('Copyright (c) 2025 Colin McDonnell');
  });
});

describe('the skill', () => {
  const skill = textOf('docs/skill/customer-retention/SKILL.md');
  const words = [...skill.matchAll(/`([a-z]+(?:_[a-z]+)+)/g)].map(([, word]) => word);

  it('has the name of its folder, and says when to use it within the length that clients read', () => {
    const [, name, description = ''] = /^---\nname: (\S+)\ndescription: (.+)\n---\n/.exec(skill) ?? [];
    expect(name).toBe('customer-retention');
    expect(description.length).toBeGreaterThan(100);
    expect(description.length).toBeLessThanOrEqual(1024);
  });

  it('names only tools and arguments that the server has', () => {
    const known = new Set<string>(PROMPTS.map((prompt) => prompt.name));
    for (const tool of TOOLS) {
      known.add(tool.name);
      for (const argument of Object.keys(tool.input.shape)) known.add(argument);
    }
    expect(words.length).toBeGreaterThan(15);
    expect(words.filter((word) => !known.has(word))).toEqual([]);
  });

  it('knows every tool that answers a question about customers', () => {
    const asked = TOOLS.filter(({ name }) => /^(get|find|explain|plan|start)_/.test(name)).map(
      ({ name }) => name,
    );
    expect(asked.filter((name) => !words.includes(name))).toEqual([]);
  });
});
