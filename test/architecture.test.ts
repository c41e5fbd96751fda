import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../src/package-root.ts';
import { ANYONE, LAYERS } from './helpers/layers.ts';
import { cyclesAmong, importedPath, readSources } from './helpers/source-code.ts';

const root = packageRoot();
const sources = readSources(['src', 'tools', 'app']);
const layers = { ...ANYONE, ...LAYERS };

const MOST_LINES = 300;
const MOST_MEDIAN_LINES = 90;
const MOST_FUNCTION_LINES = 60;
const MOST_PARAMETERS = 4;

const layerOf = (path: string) =>
  /^(tools|app)\b/.exec(path)?.at(0) ?? path.split(/[/\\]/)[1].replace(/\.ts$/, '');

describe('the architecture', () => {
  it('lets a layer import only the layers that the table allows', () => {
    const wrong = sources.flatMap(({ path, imports }) =>
      imports
        .filter((name) => name.startsWith('.'))
        .map((name) => layerOf(importedPath(path, name)))
        .filter((layer) => layer !== layerOf(path) && !Object.hasOwn(ANYONE, layer))
        .filter((layer) => !LAYERS[layerOf(path)]?.mayImport.includes(layer))
        .map((layer) => `${path} imports ${layer}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has no two layers that import each other', () => {
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      (layers[from]?.mayImport ?? []).some(
        (layer) => layer === to || (!seen.has(layer) && reaches(layer, to, seen.add(layer))),
      );
    expect(Object.keys(layers).filter((layer) => reaches(layer, layer))).toEqual([]);
  });

  it('has no files that import each other in a circle, even for types', () => {
    expect(cyclesAmong(sources)).toEqual([]);
  });

  it('keeps each library to the folder that owns it', () => {
    const owners: Record<string, readonly string[]> = {
      '@modelcontextprotocol/sdk': ['server'],
      '@modelcontextprotocol/client': ['app'],
      '@modelcontextprotocol/server': ['server'],
      '@modelcontextprotocol/node': ['server'],
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
      jose: ['server', 'snowflake'],
      open: ['commands'],
      '@aws-sdk/client-s3': ['training'],
      fflate: ['data', 'training'],
      hucre: ['data'],
      'log-update': ['terminal'],
      'env-paths': ['config'],
      'snowflake-sdk': ['snowflake'],
      'smol-toml': ['snowflake'],
      '@opentelemetry/api': ['telemetry'],
      '@opentelemetry/core': ['telemetry'],
      '@opentelemetry/exporter-trace-otlp-proto': ['telemetry'],
      '@opentelemetry/resources': ['telemetry'],
      '@opentelemetry/sdk-trace': ['telemetry'],
    };
    const wrong = sources.flatMap(({ path, imports }) =>
      imports.flatMap((name) =>
        Object.entries(owners)
          .filter(([library]) => name === library || name.startsWith(`${library}/`))
          .filter(([, owning]) => !owning.includes(layerOf(path)))
          .map(([library]) => `${path} imports ${library}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('reads the environment in one place, and leaves standard output to the entry', () => {
    const using = (pattern: RegExp) =>
      sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
    expect(
      using(/process\.env(?!\.(?:ORT_DISABLE_TELEMETRY|SNOWFLAKE_DISABLE_\w+|SF_TELEMETRY_DISABLE_\w+) = )/),
    ).toEqual([join('src', 'config.ts')]);
    expect(using(/process\.stdout|console\./)).toEqual([join('src', 'cli.ts')]);
  });

  it('cleans and bounds untrusted text in src/text alone', () => {
    // Dates, stamps and hashes have a fixed length below that.
    const longestFixed = 16;
    const cutsText = (text: string) =>
      [...text.matchAll(/\.(?:slice|substring)\(0, (\d+)\)/g)].some(
        ([, most]) => Number(most) > longestFixed,
      );
    const wrong = sources
      .filter(({ path }) => layerOf(path) !== 'text')
      .filter(({ text }) => /\\p\{(?:C|Z|Default_Ignorable)/.test(text) || cutsText(text));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('keeps files short', () => {
    const lines = sources.map(({ text }) => text.split('\n').length - 1).sort((a, b) => a - b);
    expect(lines[Math.floor(lines.length / 2)]).toBeLessThan(MOST_MEDIAN_LINES);
    const long = sources.filter(({ text }) => text.split('\n').length - 1 > MOST_LINES);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('keeps functions short, and their parameters few', () => {
    const wrong = sources
      .flatMap(({ functions }) => functions)
      .filter(({ lines, parameters }) => lines > MOST_FUNCTION_LINES || parameters > MOST_PARAMETERS)
      .map(
        ({ where, lines, parameters }) =>
          `${where.replace(/:\d+/, '')}: ${lines} lines, ${parameters} parameters`,
      );
    expect(wrong).toEqual([]);
  });

  it('says of each statement what a row of its result is, and indents it by 4', () => {
    const statements = readdirSync(join(root, 'sql'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.sql'))
      .map((path) => ({ path, text: readFileSync(join(root, 'sql', path), 'utf8') }));
    const returnsRows = (text: string) => /^(?:--.*\n|\s)*(?:select|with)\b/.test(text);
    const saysWhatARowIs = (text: string) => /^(?:--.*\n)*?--.*\b(?:one|no) row\b/i.test(text);
    const silent = statements.filter(({ text }) => returnsRows(text) && !saysWhatARowIs(text));
    expect(silent.map(({ path }) => path)).toEqual([]);
    // A body within $$ has the style of its own language.
    const isIndentedOtherwise = (text: string) =>
      /^(?: {4})* {1,3}\S|\t/m.test(text.replace(/\$\$.*\$\$/s, ''));
    expect(statements.filter(({ text }) => isIndentedOtherwise(text)).map(({ path }) => path)).toEqual([]);
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
    const withSql = sources.filter(
      ({ path, text }) => layerOf(path) !== 'data' && /\bselect\b[^'"`]*\bfrom\b\s+[a-z_]+\./i.test(text),
    );
    expect(withSql.map(({ path }) => path)).toEqual([]);
  });
});
