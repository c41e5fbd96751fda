/** Links of the documents to files and headings, without network. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES } from '../docs/site/.vitepress/side-bar.mjs';
import { packageRoot } from '../src/package-root.ts';

const root = packageRoot();

function documentsIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    // docs/site holds copies of the documents.
    if (entry.isDirectory()) return path === join('docs', 'site') ? [] : documentsIn(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

const atRoot = readdirSync(root).filter((name) => name.endsWith('.md'));
const documents = [...atRoot, ...['docs', 'evals', 'bench'].flatMap(documentsIn)];

/** A document without its blocks of code. */
const proseOf = (path: string) => readFileSync(join(root, path), 'utf8').replaceAll(/^```.*?^```$/gms, '');

/** The addresses in a text; what stands in backticks is no link. */
function linksOf(prose: string): string[] {
  const text = prose.replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, 'code');
  return [...text.matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)].map(([, address]) => address);
}

/** The anchors that GitHub gives to headings: in lower case, without punctuation, numbered if there are several alike. */
function anchorsOf(prose: string): string[] {
  const seen = new Map<string, number>();
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, title]) => {
    const anchor = title
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
}

/** Why a link leads nowhere, or nothing. */
function problemOf(document: string, address: string): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(address)) return undefined;
  const [path, anchor] = address.split('#');
  const target = path === '' ? document : relative(root, join(root, dirname(document), decodeURI(path)));
  if (!existsSync(join(root, target))) return `${document}: there is no ${target}`;
  if (anchor === undefined || anchorsOf(proseOf(target)).includes(anchor)) return undefined;
  return `${document}: ${target} has no heading #${anchor}`;
}

describe('the links of the documents', () => {
  it('lead to files and headings that exist', () => {
    const links = documents.flatMap((document) =>
      linksOf(proseOf(document)).map((address) => [document, address] as const),
    );
    expect(links.length).toBeGreaterThan(30);
    const problems = links.flatMap(([document, address]) => problemOf(document, address) ?? []);
    expect(problems).toEqual([]);
  });

  it('are found wrong if the file or the heading is missing', () => {
    expect(problemOf('README.md', 'docs/nowhere.md')).toBe(
      `README.md: there is no ${join('docs', 'nowhere.md')}`,
    );
    expect(problemOf('docs/scale.md', '../README.md#nothing')).toBe(
      'docs/scale.md: README.md has no heading #nothing',
    );
    expect(problemOf('README.md', '#limits')).toBeUndefined();
    expect(problemOf('README.md', 'https://example.com/nowhere')).toBeUndefined();
    expect(linksOf('A [link](a.md#b), `[code](c.md)` and ![a picture](d.png "title").')).toEqual([
      'a.md#b',
      'd.png',
    ]);
    expect(anchorsOf('# How fast, and how far?\n\n## Limits\n\n## Limits\n')).toEqual([
      'how-fast-and-how-far',
      'limits',
      'limits-1',
    ]);
  });
});

describe('the site of the documents', () => {
  it('has every page of docs in its side bar, and only pages that exist', () => {
    const pages = Object.values(PAGES).flatMap((group) => Object.keys(group));
    expect(pages.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(new Set(pages).size).toBe(pages.length);
    const missing = documentsIn('docs')
      .map((path) => path.replaceAll(sep, '/'))
      .filter((path) => !pages.includes(path));
    expect(missing).toEqual([]);
  });
});
