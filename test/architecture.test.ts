import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../src/errors.ts';
import { packageRoot } from '../src/package-root.ts';

const root = packageRoot();

/** What a folder of `src/` may import besides itself, `errors` and `progress`. Types count as imports. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  dataset: ['data'],
  gbdt: ['dataset'],
  baselines: ['dataset', 'gbdt'],
  explain: ['dataset', 'features', 'gbdt'],
  data: ['package-root', 'snowflake-config'],
  features: ['data', 'dataset'],
  metrics: ['dataset', 'features', 'registry'],
  onnx: ['gbdt', 'features'],
  xgboost: ['gbdt'],
  registry: ['gbdt', 'data'],
  scoring: ['data', 'dataset', 'explain', 'features', 'registry', 'metrics', 'onnx', 'package-root'],
  recommend: ['data', 'dataset', 'features', 'registry', 'metrics', 'scoring'],
  training: [
    'baselines',
    'explain',
    'data',
    'dataset',
    'features',
    'gbdt',
    'metrics',
    'onnx',
    'registry',
    'scoring',
    'recommend',
    'package-root',
    'xgboost',
  ],
  mcp: ['data', 'explain', 'gbdt', 'metrics', 'recommend', 'registry', 'scoring', 'training'],
  tools: ['mcp', 'registry'],
  charts: ['registry', 'package-root'],
  server: [
    'charts',
    'data',
    'gbdt',
    'http-config',
    'mcp',
    'package-root',
    'recommend',
    'registry',
    'scoring',
    'snowflake-config',
    'training',
    'tools',
  ],
  warehouse: ['data', 'features', 'gbdt', 'package-root', 'recommend', 'registry', 'snowflake-config'],
  terminal: [],
  commands: [
    'snowflake-config',
    'warehouse',
    'config',
    'http-config',
    'data',
    'log',
    'mcp',
    'package-root',
    'registry',
    'scoring',
    'server',
    'terminal',
    'tools',
    'training',
  ],
  cli: ['commands'],
  config: ['http-config', 'snowflake-config'],
  'http-config': [],
  'snowflake-config': [],
  log: ['config'],
  'did-you-mean': [],
  // The page of the dashboard runs elsewhere, and knows the tools by their answers alone.
  app: [],
  errors: [],
  text: [],
  files: [],
  progress: [],
  'package-root': [],
};
const ANYONE = ['did-you-mean', 'errors', 'progress', 'shared-call', 'text', 'files'];
const MOST_LINES = 400;

const files = ['src', 'tools', 'app']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  )
  // The kernel is AssemblyScript, and generated code is not ours to shape.
  .filter((file) => !file.startsWith(join('src', 'gbdt', 'kernel')) && !file.endsWith('onnx_pb.ts'))
  .sort();

const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
const layerOf = (file: string) =>
  /^(tools|app)\b/.exec(file)?.at(0) ?? file.split(/[/\\]/)[1].replace(/\.ts$/, '');

function importsOf(file: string): string[] {
  return [...textOf(file).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name]) => name);
}

describe('the architecture', () => {
  it('lets imports run down the road only', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith('.'))
        .map((name) => layerOf(relative(root, resolve(root, dirname(file), name))))
        .filter((layer) => layer !== layerOf(file) && !ANYONE.includes(layer))
        .filter((layer) => !MAY_IMPORT[layerOf(file)]?.includes(layer))
        .map((layer) => `${file} imports ${layer}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has no two layers that import each other', () => {
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      (MAY_IMPORT[from] ?? []).some(
        (layer) => layer === to || (!seen.has(layer) && reaches(layer, to, seen.add(layer))),
      );
    const circular = Object.keys(MAY_IMPORT).filter((layer) => reaches(layer, layer));
    expect(circular).toEqual([]);
  });

  it('keeps each library to the folder that owns it', () => {
    const owners: Record<string, readonly string[]> = {
      '@modelcontextprotocol/sdk': ['server', 'app'],
      '@modelcontextprotocol/ext-apps': ['app'],
      '@duckdb/node-api': ['data', 'commands'],
      'onnxruntime-node': ['scoring'],
      '@bufbuild/protobuf': ['onnx'],
      piscina: ['training', 'scoring'],
      commander: ['commands'],
      cors: ['server'],
      echarts: ['charts', 'app'],
      '@resvg/resvg-wasm': ['charts'],
      express: ['server'],
      'express-rate-limit': ['server'],
      jose: ['server'],
      open: ['commands'],
      undici: ['training'],
      '@aws-sdk/client-s3': ['training'],
      fflate: ['training'],
      'log-update': ['terminal'],
      'env-paths': ['config'],
      'snowflake-sdk': ['data'],
      'smol-toml': ['data'],
    };
    const wrong = files.flatMap((file) =>
      importsOf(file).flatMap((name) =>
        Object.entries(owners)
          .filter(([library]) => name === library || name.startsWith(`${library}/`))
          .filter(([, layers]) => !layers.includes(layerOf(file)))
          .map(([library]) => `${file} imports ${library}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('reads the environment in one place, and leaves standard output to the entry', () => {
    const using = (pattern: RegExp) => files.filter((file) => pattern.test(textOf(file)));
    expect(
      using(/process\.env(?!\.(?:ORT_DISABLE_TELEMETRY|SNOWFLAKE_DISABLE_\w+|SF_TELEMETRY_DISABLE_\w+) = )/),
    ).toEqual([join('src', 'config.ts')]);
    expect(using(/process\.stdout|console\./)).toEqual([join('src', 'cli.ts')]);
  });

  it('cleans and bounds untrusted text in src/text alone', () => {
    // Dates, stamps and hashes have a fixed length below that.
    const longestFixed = 16;
    const cutsText = (file: string) =>
      [...textOf(file).matchAll(/\.(?:slice|substring)\(0, (\d+)\)/g)].some(
        ([, most]) => Number(most) > longestFixed,
      );
    const wrong = files
      .filter((file) => layerOf(file) !== 'text')
      .filter((file) => /\\p\{(?:C|Z|Default_Ignorable)/.test(textOf(file)) || cutsText(file));
    expect(wrong).toEqual([]);
  });

  it('documents every error code', () => {
    const documented = textOf(join('docs', 'errors.md'));
    expect(Object.keys(ERROR_CODES).filter((code) => !documented.includes(`| \`${code}\` `))).toEqual([]);
  });

  it('holds one noun a file', () => {
    const long = files.filter((file) => textOf(file).split('\n').length > MOST_LINES);
    expect(long).toEqual([]);
  });

  it('has SQL in files, one statement each, and none in the code of the layers above data', () => {
    const statements = readdirSync(join(root, 'sql'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
      .map((entry) =>
        readFileSync(join(entry.parentPath, entry.name), 'utf8')
          .replace(/--.*$/gm, '')
          .replace(/'[^']*'/g, '')
          .trim(),
      );
    expect(statements.length).toBeGreaterThan(20);
    // The body of a procedure has statements of its own.
    for (const statement of statements)
      expect(statement.replace(/\$\$.*\$\$/s, '').replace(/;$/, '')).not.toContain(';');
    const withSql = files.filter(
      (file) => layerOf(file) !== 'data' && /\bselect\b[^'"`]*\bfrom\b\s+[a-z_]+\./i.test(textOf(file)),
    );
    expect(withSql).toEqual([]);
  });
});
