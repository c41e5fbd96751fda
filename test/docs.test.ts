/** Documents that are made from the code. `npm run docs` writes them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecordings } from '../evals/recording.ts';
import { ERROR_CODES } from '../src/error-codes.ts';
import { FEATURES } from '../src/features/churn-features.ts';
import { packageRoot } from '../src/package-root.ts';
import { TOOLS } from '../tools/index.ts';
import { ANYONE, LAYERS, type Layer } from './helpers/layers.ts';
import { markdownTable, withSection } from './helpers/markdown-table.ts';

const fileOf = (path: string) => join(packageRoot(), path);
const textOf = (path: string) => readFileSync(fileOf(path), 'utf8');

/** The titles of a file's tests, as they stand in its source. */
function namesOfTests(source: string): string[] {
  const title = /(?:\b(?:it|test)(?:\.\w+\([^\n]*\))?|\](?: as const)?\)|\]\))\(\s*(['`])(.*?)\1,/g;
  return [...source.matchAll(title)].map(([, , text]) => text);
}

describe('the documents', () => {
  it('list every error code with its meaning, its fix and its exit code', async () => {
    const table = markdownTable(
      ['code', 'meaning', 'what to do', 'exit code'],
      Object.entries(ERROR_CODES).map(([code, { meaning, fix, exit }]) => [
        `\`${code}\``,
        meaning,
        fix,
        `${exit}`,
      ]),
    );
    await expect(withSection(textOf('docs/errors.md'), 'error codes', table)).toMatchFileSnapshot(
      fileOf('docs/errors.md'),
    );
  });

  it('name only codes that there are when they say what to do', () => {
    const [, section = ''] = textOf('docs/operations.md').split('## When something is wrong');
    const named = [...(section.split('\n## ')[0] ?? '').matchAll(/`([A-Z]+(?:_[A-Z]+)*)`/g)].map(
      ([, code]) => code,
    );
    const known: readonly string[] = Object.keys(ERROR_CODES);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((code) => !known.includes(code ?? '') && code !== 'CHURN_MCP_HOME')).toEqual([]);
  });

  it('list every layer with what it holds and what it may import', async () => {
    const rowOf = ([name, { holds, mayImport }]: [string, Layer]) => [
      `\`${name}\``,
      holds,
      mayImport.join(', '),
    ];
    const table = markdownTable(
      ['layer', 'holds', 'may import, besides those below'],
      Object.entries(LAYERS).map(rowOf),
    );
    const anyone = markdownTable(
      ['any layer may import', 'holds'],
      Object.entries(ANYONE).map(([name, { holds }]) => [`\`${name}\``, holds]),
    );
    await expect(
      withSection(textOf('ARCHITECTURE.md'), 'layers', `${table}\n\n${anyone}`),
    ).toMatchFileSnapshot(fileOf('ARCHITECTURE.md'));
  });

  it('list every feature of the forecast with its description and theme', async () => {
    const table = markdownTable(
      ['feature', 'what it says', 'theme'],
      FEATURES.map(({ name, description, theme }) => [`\`${name}\``, description, theme]),
    );
    await expect(withSection(textOf('docs/features.md'), 'features', table)).toMatchFileSnapshot(
      fileOf('docs/features.md'),
    );
  });

  it('list the recorded runs of the evaluation cases with their scores', async () => {
    const table = markdownTable(
      ['provider', 'model', 'server', 'cases', 'right tools', 'right tools and arguments'],
      readRecordings().map(({ provider, model, server_version, score }) => [
        provider,
        model,
        server_version,
        ...[score.cases, score.tools, score.arguments].map(String),
      ]),
    );
    await expect(withSection(textOf('evals/README.md'), 'scores', table)).toMatchFileSnapshot(
      fileOf('evals/README.md'),
    );
  });

  it('name for each threat a test that exists', () => {
    const rows = (textOf('docs/security.md').split('\n## Threats and tests\n')[1] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(2);
    expect(rows.length).toBeGreaterThan(30);
    const testsOf = (row: string) =>
      [...row.matchAll(/`(test\/[\w./-]+\.test\.ts)` “([^”]+)”/g)].map(([, path, name]) => ({ path, name }));
    expect(rows.filter((row) => testsOf(row).length === 0)).toEqual([]);
    const files = rows.flatMap((row) => row.match(/test\/[\w./-]+/g) ?? []);
    expect(files).toHaveLength(rows.flatMap(testsOf).length);
    const isThere = ({ path, name }: { path: string; name: string }) =>
      existsSync(fileOf(path)) && namesOfTests(textOf(path)).some((title) => title.includes(name));
    expect(rows.flatMap(testsOf).filter((test) => !isThere(test))).toEqual([]);
  });

  it('name exactly the existing tools in the README', () => {
    const section = /^## Tools\n(.*?)^## /ms.exec(textOf('README.md'))?.[1] ?? '';
    const named = section
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => [...(line.split('|').at(1) ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));
    expect(named.sort()).toEqual(TOOLS.map(({ name }) => name).sort());
  });
});
