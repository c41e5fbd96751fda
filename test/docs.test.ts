/** Documents that are made from the code. `npm run docs` writes them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../src/error-codes.ts';
import { FEATURES } from '../src/features/churn-features.ts';
import { packageRoot } from '../src/package-root.ts';
import { TOOLS } from '../tools/index.ts';
import { ANYONE, LAYERS, type Layer } from './helpers/layers.ts';
import { markdownTable, withSection } from './helpers/markdown-table.ts';

const fileOf = (path: string) => join(packageRoot(), path);
const textOf = (path: string) => readFileSync(fileOf(path), 'utf8');

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

  it('name a test that exists for each promise of security', () => {
    const rows = (textOf('docs/security.md').split('\n## Threats and tests\n')[1] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(2);
    expect(rows.length).toBeGreaterThan(20);
    const testsOf = (row: string) =>
      [...row.matchAll(/`(test\/[\w./-]+\.test\.ts)`/g)].map(([, path]) => path);
    expect(rows.filter((row) => testsOf(row).length === 0)).toEqual([]);
    expect(rows.flatMap(testsOf).filter((path) => !existsSync(fileOf(path)))).toEqual([]);
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
