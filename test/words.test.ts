import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../src/package-root.ts';

/** CONTRIBUTING.md has the rules of words. This checks those that a machine can check without false alarms. */
const FOLDERS = ['src', 'tools', 'app', 'test', 'sql'];

const TOP_LEVEL_NAME = /^(?:(?:it|test)(?:\.\w+)*|\](?: as const)?\))\(\s*(['"`])(.*?)\1, /gm;
const BEGINS_WITH_VERB =
  /^(?:is|are|has|have|can|cannot|does|must|never|accepts?|answers?|checks?|counts?|ends?|finds?|follows?|gives?|goes|holds?|integrates?|keeps?|leaves?|lists?|makes?|names?|prints?|puts?|reads?|refuses?|removes?|returns?|runs?|says?|scores?|sends?|shows?|stays?|stops?|takes?|tells?|uses?|writes?)\s/;
const WHERE_FOR_IF = /\bwhere (?:there (?:is|are|was|were)|nothing|nobody|none)\b/i;
const A_FOR_PER =
  /\b(?:one|rows?|bytes|values) an? (?:row|customer|line|day|column|thread|core|tree|order|version)\b/i;

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(packageRoot(), folder), { recursive: true, withFileTypes: true }),
)
  .filter((entry) => entry.isFile() && /\.(?:ts|mjs|sql)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ path: relative(packageRoot(), path), text: readFileSync(path, 'utf8') }));

const matching = (pattern: RegExp) =>
  sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

describe('the words of the project', () => {
  it('give every test outside of a describe a subject', () => {
    const names = sources
      .filter(({ path }) => path.endsWith('.test.ts'))
      .flatMap(({ text }) => [...text.matchAll(TOP_LEVEL_NAME)].map(([, , name]) => name));
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => BEGINS_WITH_VERB.test(name))).toEqual([]);
  });

  it('begin a condition with "if"', () => {
    expect(matching(WHERE_FOR_IF)).toEqual([]);
  });

  it('say "per" in a rate', () => {
    expect(matching(A_FOR_PER)).toEqual([]);
  });
});
